"""Faults on connections that an earlier fault made needful: what was seen before them stands."""

from collections.abc import Iterator
from itertools import product

import pytest

from mxcheck.rules.base import Fail
from tests.faults.cells import EVER, Cell, Outcome, Spot, ensure, outcomes, proof_counts
from tests.faults.faults import A_FEW, FEWER, Fault, by_name
from tests.faults.oracle import BEFORE_RELAY, IN_CLEAR, RELAY

GREYLISTED = tuple(
    Spot(phase=phase, fault=fault, times=1)
    for phase, fault in product(("RCPT 2", "RCPT 3"), by_name("450"))
)
NO_TLS = tuple(Spot(phase="handshake", fault=fault) for fault in by_name("garbage"))


@pytest.mark.parametrize("fault", A_FEW, ids=str)
def test_where_greylisting_calls_for_a_second_connection(fault: Fault) -> None:
    cells = [
        Cell(spots=(*GREYLISTED, Spot(phase=phase, fault=fault, first=2)), pipelining=pipelining)
        for phase, pipelining in product((*BEFORE_RELAY, *RELAY), (True, False))
    ]
    ensure(outcomes(cells), proof_counts)


@pytest.mark.parametrize("fault", A_FEW, ids=str)
def test_where_a_failed_handshake_calls_for_a_second_connection(fault: Fault) -> None:
    """A bad certificate or cipher that breaks the session says nothing about relaying."""
    cells = [Cell(spots=(*NO_TLS, Spot(phase=phase, fault=fault, first=2))) for phase in IN_CLEAR]
    ensure(outcomes(cells), proof_counts, lambda seen: _blames(seen, "tls-handshake-failed"))


@pytest.mark.parametrize("fault", A_FEW, ids=str)
def test_where_ehlo_is_not_known(fault: Fault) -> None:
    cells = [
        Cell(spots=(Spot(phase=phase, fault=fault, times=times),), esmtp=False)
        for phase, times in product(("HELO", *RELAY), (1, EVER))
    ]
    ensure(outcomes(cells), proof_counts, lambda seen: _blames(seen, "smtp-ehlo-refused"))


def _blames(seen: Outcome, owner: str) -> Iterator[str]:
    if owner not in seen.of_kind(Fail):
        yield f"{owner} does not fail: {seen.answers[owner]}"


@pytest.mark.parametrize("fault", FEWER, ids=str)
def test_one_trouble_after_the_other(fault: Fault) -> None:
    """Another fault on the next connection, at an earlier phase or a later one.

    Any three of phase, fault, next phase and next fault are combined, but not all four.
    """
    cells = [
        Cell(
            spots=(
                Spot(phase=phase, fault=fault, times=1),
                Spot(phase=then, fault=other, first=2),
            )
        )
        for (one, phase), (two, then), (three, other) in product(
            enumerate(BEFORE_RELAY), enumerate(BEFORE_RELAY), enumerate(FEWER)
        )
        if (one + two + three + FEWER.index(fault)) % 2 == 0
    ]
    ensure(outcomes(cells))
