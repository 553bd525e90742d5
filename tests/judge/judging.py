"""Verdicts on a healthy domain and on broken ones, as the tests of the judge ask for them."""

from dataclasses import replace
from datetime import date
from typing import Any

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Greeting, Visit
from mxcheck.judge.judge import (
    DomainToJudge,
    judge_domain,
)
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Outcome, Result
from mxcheck.model.policy import Level, Policy
from mxcheck.model.waivers import Waiver, Waivers
from mxcheck.rules import RULES
from mxcheck.rules.base import DomainCase
from tests.build import (
    EXTENSIONS,
    HOST,
    OBSERVED_AT,
    ehlo_reply,
    evidence_of,
    healthy_visit,
    reply,
    trust,
    unseen,
    visit_until,
)

PASS, FAIL, UNKNOWN = Conclusion.PASS, Conclusion.FAIL, Conclusion.UNKNOWN
TODAY = OBSERVED_AT.date()
ASKED = [rule.id for rule in RULES if rule.level is not Level.OFF]
UNREACHED = visit_until("connection", unseen(Trouble.TIMEOUT, "no answer"))
SLOW = replace(
    healthy_visit(), greeting=Greeting(reply=reply(220, f"{HOST} ESMTP"), greeting_ms=11_000)
)
PLAIN = replace(
    healthy_visit(),
    ehlo=ehlo_reply(*EXTENSIONS),
    starttls=visit_until("ehlo", None).starttls,
    tls=visit_until("ehlo", None).tls,
)
TURNED_AWAY = visit_until("greeting", Greeting(reply=reply(554, "no"), greeting_ms=5))
SERVFAIL = unseen(Trouble.SERVFAIL, "SERVFAIL")


def judge(
    *visits: Visit,
    domain: Domain | None = None,
    waivers: tuple[Waiver, ...] = (),
    **policy: Any,  # noqa: ANN401 - the fields of Policy
) -> DomainVerdict:
    evidence = evidence_of(*visits, domain=domain)
    case = DomainCase(
        run=evidence, policy=Policy(**policy), trust=trust(), domain=evidence.domains[0]
    )
    return judge_domain(DomainToJudge(case=case, waivers=Waivers(waivers)))


def result_of(verdict: DomainVerdict, rule: str) -> Result:
    (result,) = (result for result in verdict.results if result.rule.id == rule)
    return result


def ids(verdict: DomainVerdict, outcome: Outcome) -> list[str]:
    return [result.rule.id for result in verdict.results if result.outcome is outcome]


def waiver(rule: str, until: date = TODAY, **narrowing: str) -> Waiver:
    return Waiver(rule=rule, until=until, reason="OPS-123", location="mxcheck.toml:9", **narrowing)
