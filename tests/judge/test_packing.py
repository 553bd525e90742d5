"""Verdicts that are kept compressed are the verdicts that were put in."""

from dataclasses import replace
from datetime import date

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.judge import packing
from mxcheck.judge.packing import Verdicts
from mxcheck.judge.verdict import DomainVerdict
from mxcheck.model.policy import Level
from mxcheck.model.waivers import Waiver
from mxcheck.rules.base import Cause
from tests.build import unseen, visit_until
from tests.judge.judging import judge

WAIVER = Waiver(rule="cert-expired", until=date(2026, 12, 31), reason="a test server")
UNREACHED = visit_until("connection", unseen(Trouble.REFUSED))


def various() -> list[DomainVerdict]:
    """Verdicts with passes, failures, rules that are off, a waiver and a name of overrides."""
    failing = judge(UNREACHED, levels={"smtp-slow": Level.OFF})
    [first, *others] = failing.results
    odd = replace(first, waiver=WAIVER, blocks=True, overrides=("--mx",), message="caf\xe9 \ud800")
    odd = replace(odd, cause=Cause.CLOSED_PORT)
    return [judge(), failing, replace(failing, results=(odd, *others), name="other.example")]


@pytest.mark.parametrize("unpacked", [0, 1, 3])
def test_what_was_put_in_comes_out(unpacked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "UNPACKED", unpacked)
    wanted = various()
    verdicts = Verdicts()
    for verdict in wanted:
        verdicts.append(verdict)
    assert len(verdicts) == len(wanted)
    assert list(verdicts) == wanted
    assert [verdicts[number] for number in range(3)] == wanted
    assert verdicts[-1] == wanted[-1]
    assert verdicts[1:] == wanted[1:]


def test_an_outline_has_all_but_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "UNPACKED", 1)
    verdicts = Verdicts()
    for verdict in various():
        verdicts.append(verdict)
    assert verdicts.outlines[0].results
    bare = [replace(verdict, results=(), switched_off=()) for verdict in various()[1:]]
    assert verdicts.outlines[1:] == bare
