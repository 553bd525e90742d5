import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.tag_list import parse_tag_list


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("v=X1; a = b ;c=", (("v", "X1"), ("a", "b"), ("c", ""))),
        ("v=X1;\r\n\tp=a b;", (("v", "X1"), ("p", "a b"))),
        ("p=a=b", (("p", "a=b"),)),
        ("", ()),
        (" ; ", ()),
    ],
)
def test_tags_are_names_and_values_without_white_space_around(
    text: str, tags: tuple[tuple[str, str], ...]
) -> None:
    assert parse_tag_list(text).tags == tags


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("v=X1; nothing", "wanted name=value between semicolons, got 'nothing'"),
        ("v=X1;; a=b", "wanted name=value"),
        ("9a=b", "wanted name=value"),
        ("a=1; a=2", "the tag a is there more than once"),
        ("a=\x07", "contains what it may not"),
    ],
)
def test_what_is_not_a_tag_is_named(text: str, fault: str) -> None:
    assert fault in parse_tag_list(text).faults[0]


def test_the_first_of_two_counts_and_case_on_request() -> None:
    assert parse_tag_list("a=1; a=2").get("a") == "1"
    assert parse_tag_list("A=1").get("a") is None
    assert parse_tag_list("A=1", fold_names=True).get("a") == "1"


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    tags = parse_tag_list(text)
    assert len(tags.names) == len(set(tags.names))
