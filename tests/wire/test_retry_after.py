from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.retry_after import parse_retry_after

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("Sat, 31 Jan 2026 12:00:30 GMT", 30),
        ("Saturday, 31-Jan-26 12:01:00 GMT", 60),
        ("Sat Jan 31 12:00:05 2026", 5),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
    ],
)
def test_seconds_or_a_date(value: str, seconds: float) -> None:
    assert parse_retry_after(value, NOW) == seconds


@pytest.mark.parametrize("value", ["", "-1", "1.5", "1e9", "soon", "9" * 10, "\u0661", "31 Foo"])
def test_anything_else_says_nothing(value: str) -> None:
    assert parse_retry_after(value, NOW) is None


@given(st.text(max_size=40))
def test_any_text_is_taken(value: str) -> None:
    parse_retry_after(value, NOW)
