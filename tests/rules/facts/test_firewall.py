"""A firewall that rewrites SMTP: before the server it is a fault, before this machine unknown."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import CanaryCall, Greeting, Visit
from mxcheck.judge.causes import answer
from mxcheck.judge.notes import run_notes
from mxcheck.rules.base import AnyRule, Fail, NotApplicable, Pass, Unknown
from mxcheck.rules.dane import dane_mismatch
from mxcheck.rules.smtp import (
    smtp_ehlo_refused,
    smtp_extension_missing,
    smtp_greeting_name,
    smtp_version_disclosed,
)
from mxcheck.rules.tls import starttls_missing, starttls_refused
from tests.build import (
    HOST,
    canary,
    ehlo_reply,
    evidence_of,
    healthy_visit,
    reply,
    unseen,
    visit_until,
)
from tests.rules.ask import ask_visit, fails, unknown
from tests.rules.dane.cases import SECURE, endpoint_case
from tests.saving import as_evidence

STARS = "*****************************2******0**0****"
MASKED_EHLO = ehlo_reply("SIZE 10240000", "8BITMIME", "XXXXXXXA", "XXXXXXXXXXXXXXXXXXB")
MASKED_GREETING = Greeting(reply=reply(220, STARS), greeting_ms=20)
EVERYTHING = replace(
    visit_until("starttls", reply(500, "5.5.1 unrecognized")),
    greeting=MASKED_GREETING,
    ehlo=MASKED_EHLO,
)
KEYWORDS = visit_until("starttls", reply(500, "5.5.1 unrecognized"), ehlo=MASKED_EHLO)
FIXUP = visit_until(
    "ehlo",
    reply(500, '5.5.1 Command unrecognized: "XXXX probe.example.net"'),
    helo=reply(250, HOST),
    greeting=MASKED_GREETING,
)
PLAIN = replace(canary(reply(220, "canary.example.net ESMTP")), ehlo=ehlo_reply("STARTTLS"))
COVERED = replace(canary(reply(220, STARS)), ehlo=MASKED_EHLO)
COVERED_KEYWORDS = replace(PLAIN, ehlo=MASKED_EHLO)
SILENT = canary(unseen(Trouble.TIMEOUT, "no reply within 15 s"))
CURT = canary(reply(421, "4.7.0 try later"))

STARTTLS, NAME = starttls_missing.RULE, smtp_greeting_name.RULE
EHLO, EXTENSION = smtp_ehlo_refused.RULE, smtp_extension_missing.RULE
HIDDEN: tuple[tuple[AnyRule, Visit], ...] = (
    (STARTTLS, EVERYTHING),
    (STARTTLS, KEYWORDS),
    (EXTENSION, EVERYTHING),
    (EXTENSION, KEYWORDS),
    (NAME, EVERYTHING),
    (NAME, FIXUP),
    (EHLO, FIXUP),
)
IDS = [rule.id for rule, _ in HIDDEN]


@pytest.mark.parametrize(("rule", "visit"), HIDDEN, ids=IDS)
@pytest.mark.parametrize("calls", [[COVERED], [COVERED, SILENT], [COVERED_KEYWORDS]])
def test_the_firewall_before_this_machine_is_not_the_servers_fault(
    rule: AnyRule, visit: Visit, calls: Sequence[CanaryCall]
) -> None:
    answer = ask_visit(rule, visit, canaries=calls)
    unknown(HOST, "a firewall in front of this machine rewrites SMTP")(answer)
    assert isinstance(answer, Unknown)
    assert answer.remedy.startswith("Turn off the inspection of SMTP on the firewall in front of")


@pytest.mark.parametrize(("rule", "visit"), HIDDEN, ids=IDS)
@pytest.mark.parametrize("calls", [[], [PLAIN], [COVERED, PLAIN], [PLAIN, SILENT]])
def test_the_firewall_before_the_server_is_its_fault(
    rule: AnyRule, visit: Visit, calls: Sequence[CanaryCall]
) -> None:
    answer = ask_visit(rule, visit, canaries=calls)
    fails(HOST, "A firewall in front of it rewrites SMTP")(answer)
    assert isinstance(answer, Fail)
    assert answer.remedy.startswith("Turn off the inspection of SMTP on the firewall in front of")


@pytest.mark.parametrize(("rule", "visit"), HIDDEN, ids=IDS)
@pytest.mark.parametrize("calls", [[SILENT], [CURT], [SILENT, CURT]])
def test_without_a_control_host_that_tells_it_nobody_is_blamed(
    rule: AnyRule, visit: Visit, calls: Sequence[CanaryCall]
) -> None:
    unknown(HOST, "no control host answered")(ask_visit(rule, visit, canaries=calls))


def test_what_is_announced_all_the_same_counts() -> None:
    visit = replace(healthy_visit(), greeting=MASKED_GREETING)
    assert isinstance(ask_visit(STARTTLS, visit, canaries=[COVERED]), Pass)
    assert isinstance(ask_visit(EXTENSION, visit, canaries=[COVERED]), Pass)


def test_a_version_that_may_be_covered_is_not_a_pass() -> None:
    rule = smtp_version_disclosed.RULE
    unknown("in front of this machine")(ask_visit(rule, EVERYTHING, canaries=[COVERED]))
    assert isinstance(ask_visit(rule, EVERYTHING, canaries=[PLAIN]), Pass)


def test_nothing_else_is_blamed() -> None:
    answer = ask_visit(starttls_refused.RULE, EVERYTHING, canaries=[COVERED])
    assert isinstance(answer, NotApplicable)
    assert answer.owner == "starttls-missing"


@pytest.mark.parametrize(
    ("calls", "told"), [([COVERED], True), ([PLAIN], False), ([], False), ([CURT], False)]
)
def test_a_note_tells_it_once(calls: list[CanaryCall], told: bool) -> None:  # noqa: FBT001
    notes = run_notes(as_evidence(evidence_of(EVERYTHING, canaries=tuple(calls))), ())
    assert any("rewrites SMTP over IPv4" in note for note in notes) is told


def test_dane_senders_are_not_said_to_find_no_tls() -> None:
    case = endpoint_case(SECURE, EVERYTHING)
    masked = replace(case, run=replace(case.run, canaries=(COVERED,)))
    unknown("in front of this machine")(answer(dane_mismatch.RULE, masked))
    fails(HOST)(dane_mismatch.RULE.judge(case))
