"""Every phase of a visit crossed with every fault: no pass that was not seen, one owner a cause."""

from collections.abc import Iterator
from itertools import product

import pytest

from mxcheck.rules.base import NotApplicable, Pass
from tests.faults.cells import EVER, Cell, Outcome, Spot, ensure, outcomes, proof_counts
from tests.faults.faults import A_FEW, FAULTS, Fault, Kind
from tests.faults.oracle import (
    BEFORE_RELAY,
    RELAY,
    STAGE_OF,
    Want,
    may_pass,
    wanted,
)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_before_the_relay_test(fault: Fault) -> None:
    cells = [
        Cell(spots=(Spot(phase=phase, fault=fault, times=times),))
        for phase, times in product(BEFORE_RELAY, (1, EVER))
    ]
    ensure(outcomes(cells), as_wanted, retried_where_it_may_pass)


def as_wanted(seen: Outcome) -> Iterator[str]:
    """The one owner of the cause, nothing at all beside it, and the exit code of that."""
    [spot] = seen.cell.spots
    want = wanted(spot.phase, spot.fault, stays=spot.times == EVER)
    if seen.exit_code != want.exit_code:
        yield f"it exits {seen.exit_code}, where {want.exit_code} is due"
    yield from _one_owner(seen, want)


def _one_owner(seen: Outcome, want: Want) -> Iterator[str]:
    about_server = {rule: seen.answers[rule] for rule in STAGE_OF}
    blamed = {
        rule
        for rule, answer in about_server.items()
        if not isinstance(answer, Pass | NotApplicable)
    }
    if blamed - {want.owner}:
        yield f"blamed are {blamed}, where only {want.owner or 'nobody'} is to blame"
        return
    if want.owner and not isinstance(seen.answers[want.owner], want.answer):
        yield f"{seen.answers[want.owner]}, where {want.answer.__name__} of {want.owner} is due"
    for rule, answer in about_server.items():
        if isinstance(answer, NotApplicable) and _names_another(answer, want):
            yield f"{rule} names {answer.owner or 'no rule'} ({answer.message}), not {want.owner}"


def _names_another(answer: NotApplicable, want: Want) -> bool:
    # A question on a further connection that the server did not answer has no other owner.
    asked_apart = "a further connection" in answer.message
    return not asked_apart and answer.owner != want.owner


def retried_where_it_may_pass(seen: Outcome) -> Iterator[str]:
    """What may pass is tried again, and what a server does not say by chance is not."""
    [spot] = seen.cell.spots
    if spot.fault.kind is Kind.LATE or spot.fault.name == "one reply too many":
        return
    # Without STARTTLS it is for the relay test, which the first connection did not reach.
    again = [wire for wire in seen.wires[1:2] if wire.answer("STARTTLS") or len(wire.said) < 4]
    if bool(again) != may_pass(spot.phase, spot.fault):
        yield f"it is {'' if again else 'not '}tried again"


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("pipelining", [True, False])
def test_in_the_relay_test(fault: Fault, *, pipelining: bool) -> None:
    cells = [
        Cell(spots=(Spot(phase=phase, fault=fault),), pipelining=pipelining) for phase in RELAY
    ]
    ensure(outcomes(cells), proof_counts, nothing_but_relaying)


def nothing_but_relaying(seen: Outcome) -> Iterator[str]:
    """The rules about greeting, TLS and certificate are none the worse for it.

    But a server that hangs up is asked on further connections, which leaves fewer for them.
    """
    blamed = {
        rule
        for rule in STAGE_OF
        if not isinstance(seen.answers[rule], Pass)
        and "--max-connections" not in seen.answers[rule].message
    }
    if blamed - {"starttls-injectable"}:  # it asks QUIT too
        yield f"{blamed} do not pass"


@pytest.mark.parametrize("fault", A_FEW, ids=str)
def test_on_the_connections_of_the_second_look(fault: Fault) -> None:
    phases = ("greeting", "EHLO", "STARTTLS", "handshake", "middle of the handshake", "QUIT")
    cells = [
        Cell(spots=(Spot(phase=phase, fault=fault, first=first, times=times),))
        for phase, first, times in product(phases, (2, 3), (1, EVER))
    ]
    ensure(outcomes(cells), proof_counts, only_what_was_asked_again)


def only_what_was_asked_again(seen: Outcome) -> Iterator[str]:
    """What the visit showed stands, whatever happens afterwards."""
    asked_again = {"tls-legacy-accepted", "starttls-injectable"}
    touched = {rule for rule in STAGE_OF if not isinstance(seen.answers[rule], Pass)}
    if touched - asked_again or seen.exit_code:
        yield f"{touched} do not pass, and it exits {seen.exit_code}"
