import pytest
from dns.rdataclass import IN
from dns.rdatatype import TXT as TXT_TYPE
from dns.rdtypes.ANY.TXT import TXT
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.outcome import NOT_ASKED
from mxcheck.wire.txt import parse_txt, texts_of


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ('"v=STSv1; id=1;"', "v=STSv1; id=1;"),
        ('"v=STSv1; " "id=1"', "v=STSv1; id=1"),
        ('"v=STS" "v1; id" "=1"', "v=STSv1; id=1"),
        ("v=STSv1", "v=STSv1"),
        ('""', ""),
        (r'"a \"quoted\" \\ word"', r'a "quoted" \ word'),
        (r'"a\010\000b"', "a\n\x00b"),
        (r'"caf\195\169"', "caf\xc3\xa9"),
    ],
)
def test_the_strings_are_joined_without_a_space(record: str, text: str) -> None:
    assert parse_txt(record) == text


@given(st.lists(st.binary(max_size=255), min_size=1, max_size=4))
def test_whatever_a_record_holds_comes_back(strings: list[bytes]) -> None:
    record = TXT(IN, TXT_TYPE, strings).to_text()
    assert parse_txt(record).encode("latin-1") == b"".join(strings)


def test_the_texts_of_a_lookup() -> None:
    answer = Answer(owner="example.com", records=('"a" "b"', '"c"'))
    assert texts_of(answer) == ("ab", "c")
    assert texts_of(Absent(absence=Absence.NODATA)) == ()
    assert texts_of(NOT_ASKED) == ()
