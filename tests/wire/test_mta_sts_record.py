import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.malformed import Malformed
from mxcheck.wire.mta_sts import StsRecord, parse_sts_records
from mxcheck.wire.version_record import Discarded

GOOD = "v=STSv1; id=20160831085700Z;"
SPF = "v=spf1 -all"


@pytest.mark.parametrize(
    ("record", "policy_id"),
    [
        (GOOD, "20160831085700Z"),
        ("v=STSv1;id=1", "1"),
        ("v=STSv1; id=1", "1"),
        ("v=STSv1; id=1;", "1"),
        ("v=STSv1; id=1 ; ", "1"),
        ("v=STSv1 ;\tid=1", "1"),
        ("v=STSv1; id=" + 32 * "x", 32 * "x"),
        ("v=STSv1; note=a:b/c; id=1", "1"),
        ("v=STSv1; id=1; X-n.o_te=ok", "1"),
        ("v=STSv1; id=1; id=1", "1"),
        ("v=STSv1; v=STSv1; id=1", "1"),
    ],
)
def test_a_record_gives_the_id_of_the_policy(record: str, policy_id: str) -> None:
    assert parse_sts_records([record]) == StsRecord(id=policy_id)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("v=STSv1", "it has no id: 'v=STSv1'"),
        ("v=STSv1;", "no id"),
        ("v=STSv1; note=1", "no id"),
        ("v=STSv1; ID=1", "no id"),
        ("v=STSv1 ", "ends in white space"),
        ("v=STSv1; id=1 ", "ends in white space"),
        ("v=STSv1; id=", "wanted name=value between semicolons, got 'id'"),
        ("v=STSv1; id", "got 'id'"),
        ("v=STSv1; =1", "got '=1'"),
        ("v=STSv1; id =1", "got 'id =1'"),
        ("v=STSv1; id= 1", "letters and digits, got ' 1'"),
        ("v=STSv1; id=2024-01-31", "got '2024-01-31'"),
        ("v=STSv1; id=" + 33 * "x", "1 to 32 letters and digits"),
        ("v=STSv1; id=1, note=2", "got '1, note=2'"),
        ("v=STSv1;; id=1", "nothing between two semicolons"),
        ("v=STSv1; id=1;;", "nothing between two semicolons"),
        ("v=STSv1; id=1; note=a b", "the value of note contains what it may not: 'a b'"),
        ("v=STSv1; id=1; note=a=b", "the value of note"),
        ("v=STSv1; id=1; note=\x00", "the value of note"),
        ("v=STSv1; id=1; _note=1", "got '_note=1'"),
        ("v=STSv1; id=1; " + 33 * "n" + "=1", "wanted name=value"),
        ("v=STSv1; id=1; note=caf\xc3\xa9", "bytes outside ASCII"),
    ],
)
def test_a_malformed_record_says_what_was_wanted(record: str, reason: str) -> None:
    answer = parse_sts_records([SPF, record])
    assert isinstance(answer, Malformed)
    assert reason in answer.reason


def test_further_ids_are_kept() -> None:
    doubled = parse_sts_records(["v=STSv1; id=1; id=2; id=1; id=not/alphanumeric"])
    assert doubled == StsRecord(id="1", other_ids=("2", "not/alphanumeric"))


@pytest.mark.parametrize(
    "record",
    [
        "v=STSv1 id=1",
        "v=STSv1, id=1",
        "v=STSv1id=1",
        "v=stsv1; id=1",
        "V=STSv1; id=1",
        "v = STSv1; id=1",
        " v=STSv1; id=1",
        '"v=STSv1; id=1"',
        "v=STS1; id=1",
        "v=STS; id=1",
        "v=MTA-STSv1; id=1",
        "v:STSv1; id=1",
        "version: STSv1 mode: enforce",
        "id=1; v=STSv1",
        "id=1",
        "STSv1",
        "v=STVs1; id=1",
        "v=STSvl; id=1",
        "\u201cv=STSv1; id=1\u201d".encode().decode("latin-1"),
        "v=\u201eSTSv1\u201c; id=1".encode().decode("latin-1"),
    ],
)
def test_what_is_meant_to_be_a_record_is_named(record: str) -> None:
    answer = parse_sts_records([SPF, record])
    assert isinstance(answer, Discarded)
    assert answer.reason.startswith("it does not begin with `v=STSv1;`, but is ")
    assert isinstance(parse_sts_records([record, GOOD]), StsRecord)


def test_typographic_quotes_are_shown_as_they_are() -> None:
    answer = parse_sts_records(["\u201cv=STSv1; id=1\u201d".encode().decode("latin-1")])
    assert isinstance(answer, Discarded)
    assert "'\u201cv=STSv1; id=1\u201d'" in answer.reason
    answer = parse_sts_records(["v=STSv1; id=\u201c1\u201d".encode().decode("latin-1")])
    assert isinstance(answer, Malformed)
    assert "bytes outside ASCII: 'v=STSv1; id=\u201c1\u201d'" in answer.reason


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("",),
        (SPF,),
        ("v=STSv10; id=1",),
        ("v=STSv2; id=1",),
        ("v=STSv1.1; id=1",),
        ("v=TLSRPTv1; rua=mailto:sts@example.com",),
        ("google-site-verification=aSTS1b-sts1-StS",),
        ("see https://sts.example.com/",),
    ],
)
def test_other_records_are_none(texts: tuple[str, ...]) -> None:
    assert parse_sts_records(texts) is None


def test_others_beside_the_record_are_discarded() -> None:
    assert parse_sts_records([SPF, GOOD, "v=STSv2; id=7", "v=stsv1; id=8"]) == StsRecord(
        id="20160831085700Z"
    )


@pytest.mark.parametrize("others", [(GOOD,), ("v=STSv1; id=2",), ("v=STSv1",), ("v=STSv1 ;x",)])
def test_two_records_are_as_bad_as_none(others: tuple[str, ...]) -> None:
    answer = parse_sts_records([GOOD, *others])
    assert isinstance(answer, Malformed)
    assert answer.reason == "2 records begin with v=STSv1, where one is wanted"


def test_a_reason_is_not_endless() -> None:
    answer = parse_sts_records(["v=STSv1; id=" + 9999 * "-"])
    assert isinstance(answer, Malformed)
    assert len(answer.reason) < 200


FIELDS = st.lists(st.text(alphabet='abz019=-._:; \t\x00é\\"', max_size=12), max_size=6)


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_taken(texts: list[str]) -> None:
    parse_sts_records(texts)


@given(FIELDS)
def test_anything_behind_the_version_is_taken(fields: list[str]) -> None:
    answer = parse_sts_records(["v=STSv1; id=1" + ";".join(fields)])
    assert answer is None or isinstance(answer, StsRecord | Malformed | Discarded)
