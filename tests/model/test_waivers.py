from dataclasses import replace
from datetime import date

import pytest

from mxcheck.model.waivers import Waiver, Waivers, find_waiver

DAY = date(2026, 1, 31)
WAIVER = Waiver(rule="cert-expired", until=DAY, reason="OPS-123")
RULE = "cert-expired"
SUBJECT = {"domain": "example.com", "mx": "mx1.example.com", "address": "203.0.114.25"}


@pytest.mark.parametrize(
    ("narrowing", "matches"),
    [
        ({}, True),
        ({"rule": "open-relay"}, False),
        ({"domain": "example.com"}, True),
        ({"domain": "example.net"}, False),
        ({"domain": "sub.example.com"}, False),
        ({"mx": "mx1.example.com"}, True),
        ({"mx": "mx2.example.com"}, False),
        ({"address": "203.0.114.25"}, True),
        ({"address": "203.0.114.26"}, False),
        ({"domain": "example.com", "mx": "mx1.example.com", "address": "203.0.114.25"}, True),
        ({"domain": "example.com", "mx": "mx1.example.com", "address": "203.0.114.26"}, False),
        ({"domain": "example.net", "mx": "mx1.example.com"}, False),
    ],
)
def test_what_a_waiver_speaks_of(
    narrowing: dict[str, str],
    matches: bool,  # noqa: FBT001 - a table
) -> None:
    waiver = replace(WAIVER, **narrowing)  # type: ignore[arg-type]
    assert bool(Waivers([waiver]).speaking_of(RULE, SUBJECT)) is matches


@pytest.mark.parametrize("narrowing", [{"mx": "mx1.example.com"}, {"address": "203.0.114.25"}])
def test_a_waiver_for_a_host_does_not_cover_its_whole_domain(narrowing: dict[str, str]) -> None:
    waiver = replace(WAIVER, rule="mx-missing", **narrowing)  # type: ignore[arg-type]
    assert not Waivers([waiver]).speaking_of("mx-missing", {"domain": "example.com"})


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2026, 1, 30), True), (DAY, True), (date(2026, 2, 1), False), (date(2027, 1, 1), False)],
)
def test_a_waiver_holds_to_the_end_of_its_day(
    day: date,
    holds: bool,  # noqa: FBT001 - a table
) -> None:
    assert WAIVER.holds(day) is holds


def test_the_waiver_that_holds_longest_is_found() -> None:
    past = replace(WAIVER, until=date(2026, 1, 1))
    later = replace(WAIVER, until=date(2026, 6, 1))
    assert find_waiver([WAIVER, later, past], DAY) is later
    assert find_waiver([past, WAIVER], DAY) is WAIVER
    assert find_waiver([past], DAY) is None
    assert find_waiver([], DAY) is None


def test_waivers_are_found_in_their_order_and_no_other_one_is_looked_at() -> None:
    looked_at = 0

    class Counted(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal looked_at
            looked_at += 1
            return str.__eq__(self, other)

    other = [replace(WAIVER, domain=Counted(f"d{number}.example")) for number in range(1000)]
    narrow = replace(WAIVER, domain="example.com")
    waivers = Waivers([narrow, *other, WAIVER])
    looked_at = 0
    assert waivers.speaking_of(RULE, SUBJECT) == [narrow, WAIVER]
    assert looked_at < 10
