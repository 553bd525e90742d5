"""Rules about addresses, where `--connect-to` names them and not DNS."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.overrides import Override, OverrideKind
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.causes import answer
from mxcheck.model.policy import Policy
from mxcheck.rules.base import EndpointCase
from mxcheck.rules.dns import mx_not_public
from mxcheck.rules.smtp import smtp_unreachable
from tests.build import ADDRESS, canary, unseen, visit_until
from tests.rules.ask import Want, case_of, fails, not_applicable, passes, unknown

LED = Override(kind=OverrideKind.CONNECT_TO, given="mx1.example.com:25:10.0.0.1:2525")
ZONE = Override(kind=OverrideKind.ZONE_FILE, given="example.com.zone")
SILENT = canary(unseen(Trouble.TIMEOUT, "no answer within 15 s"))


def given(visit: Visit, override: Override, policy: Policy | None = None) -> EndpointCase:
    """A case whose addresses come from an override, on a machine without a way out."""
    case = case_of(visit, policy or Policy(), canaries=(SILENT,))
    assert isinstance(case.host.ipv4, Answer)
    ipv4 = replace(case.host.ipv4, overrides=(override.name,))
    evidence = replace(case.run, overrides=(LED, ZONE))
    return replace(case, host=replace(case.host, ipv4=ipv4), run=evidence)


def refused(address: str = ADDRESS, port: int = 25) -> Visit:
    seen = unseen(Trouble.REFUSED, "connection refused")
    return replace(visit_until("connection", seen), address=address, port=port)


@pytest.mark.parametrize(
    ("address", "override", "want"),
    [
        ("10.0.0.1", LED, not_applicable("10.0.0.1 is where --connect-to leads")),
        (ADDRESS, LED, not_applicable(ADDRESS)),
        ("10.0.0.1", ZONE, fails("private address 10.0.0.1")),
        (ADDRESS, ZONE, passes("public")),
    ],
)
def test_what_a_zone_will_hold_must_be_public(address: str, override: Override, want: Want) -> None:
    want(answer(mx_not_public.RULE, given(refused(address), override)))


CLOSED = unknown("outbound port 25 looks closed here")


@pytest.mark.parametrize(
    ("visit", "override", "want"),
    [
        (refused(), LED, CLOSED),
        (refused(port=2525), LED, fails("port 2525 of", "refuses connections")),
        (refused("10.0.0.1"), LED, fails("[10.0.0.1]:25 refuses connections")),
        (refused(), ZONE, CLOSED),
        (refused("10.0.0.1"), ZONE, CLOSED),
    ],
)
def test_who_needs_no_way_out_is_judged_without_one(
    visit: Visit, override: Override, want: Want
) -> None:
    want(answer(smtp_unreachable.RULE, given(visit, override, Policy(allow_private=True))))
