"""Verdicts as the judge would make them, with rules and words of their own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Connection, Greeting, Reply, Visit
from mxcheck.judge.posture import Posture
from mxcheck.judge.verdict import (
    Conclusion,
    DomainVerdict,
    Outcome,
    Result,
    SwitchedOff,
    Verdict,
)
from mxcheck.model.policy import Level, Policy
from mxcheck.model.waivers import Waiver
from mxcheck.rules import RULES
from mxcheck.rules.base import AnyRule, Cause, DomainCase, Family, Pass, Rule, Scope
from mxcheck.rules.subjects import Subject
from tests.build import domain_of, evidence_of, expired_visit, healthy_host, healthy_visit
from tests.saving import as_evidence

MX1, MX2 = "mx1.example.com", "mx2.example.com"
AT_DOMAIN = Subject()
AT_MX1 = Subject(kind=Scope.ENDPOINT, parts=(MX1, "192.0.2.1"))
AT_MX2 = Subject(kind=Scope.ENDPOINT, parts=(MX2, "2001:db8::25"))
TIMED_OUT = Unseen(trouble=Trouble.TIMEOUT, detail="no answer within 10 s")
PROTECTED = Posture(present=("DNSSEC", "MTA-STS enforce", "TLS-RPT", "DANE 3 1 1"))
BARE = Posture(absent=("MTA-STS", "TLS-RPT", "DANE"), unknown=("DNSSEC",))
CLOSED_REMEDY = "Run the check where outbound TCP port 25 is open: on a self-hosted runner."
CLOSED = f"outbound port 25 looks closed here over IPv4: no control host answered. {CLOSED_REMEDY}"


SIGNS = {rule.id: rule.sign for rule in RULES}


def a_rule(name: str, family: Family, level: Level = Level.ERROR) -> AnyRule:
    """A rule that is only ever named."""
    return Rule(
        id=name,
        family=family,
        scope=Scope.ENDPOINT,
        level=level,
        title=f"the title of {name}",
        references=("RFC 5321",),
        reads=(),
        sign=SIGNS.get(name),
        find=_find,
        check=_check,
    )


def _find(case: DomainCase) -> DomainCase:
    return case


def _check(_seen: DomainCase, _case: DomainCase) -> Pass:
    return Pass(message="never asked")


MX_MISSING = a_rule("mx-missing", Family.DNS)
UNREACHABLE = a_rule("smtp-unreachable", Family.SMTP)
SLOW = a_rule("smtp-slow", Family.SMTP, Level.WARNING)
NO_STARTTLS = a_rule("starttls-missing", Family.TLS)
NO_TLS13 = a_rule("tls13-missing", Family.TLS, Level.WARNING)
EXPIRED = a_rule("cert-expired", Family.CERT)
MISNAMED = a_rule("cert-name-mismatch", Family.CERT)
OPEN_RELAY = a_rule("open-relay", Family.RELAY)
REVERSE = a_rule("reverse-dns-mismatch", Family.DNS, Level.OFF)


@dataclass(frozen=True, slots=True)
class At:
    """Makes results about one subject."""

    subject: Subject

    def passed(self, rule: AnyRule, message: str) -> Result:
        return self._result(rule, Outcome.PASS, message)

    def failed(self, rule: AnyRule, message: str, remedy: str) -> Result:
        result = self._result(rule, Outcome.FAIL, message)
        return replace(result, remedy=remedy, blocks=rule.level is Level.ERROR)

    def unknown(self, rule: AnyRule, message: str, remedy: str = "") -> Result:
        result = self._result(rule, Outcome.UNKNOWN, message)
        return replace(result, remedy=remedy, blocks=rule.level is Level.ERROR)

    def not_applicable(self, rule: AnyRule, message: str) -> Result:
        return self._result(rule, Outcome.NOT_APPLICABLE, message)

    def _result(self, rule: AnyRule, outcome: Outcome, message: str) -> Result:
        return Result(
            rule=rule, level=rule.level, outcome=outcome, subject=self.subject, message=message
        )


def verdict_of(
    evidence: Run,
    results: Iterable[Result],
    conclusion: Conclusion,
    exit_code: int,
    posture: Posture = BARE,
) -> Verdict:
    """A verdict on the one domain of this evidence."""
    domain = DomainVerdict(
        name=evidence.domains[0].name,
        domain=evidence.domains[0],
        run=evidence,
        policy=Policy(),
        results=tuple(results),
        switched_off=(SwitchedOff(rule=REVERSE, subject=AT_MX1),),
        conclusion=conclusion,
        posture=posture,
    )
    return Verdict(
        evidence=as_evidence(evidence),
        policy=Policy(),
        domains=(domain,),
        notes=(),
        waiver_notes=(),
        conclusion=conclusion,
        exit_code=exit_code,
    )


def healthy() -> Verdict:
    """All is well."""
    host = healthy_host(MX1, "192.0.2.1")
    here = At(AT_MX1)
    results = (
        At(AT_DOMAIN).passed(MX_MISSING, "example.com has MX 10 mx1.example.com."),
        here.passed(UNREACHABLE, "mx1.example.com [192.0.2.1]:25 was reached in 12 ms"),
        here.passed(SLOW, "the greeting came after 60 ms"),
        here.passed(NO_STARTTLS, "STARTTLS is announced"),
        here.passed(EXPIRED, "the certificate is valid until 2026-04-01"),
        here.passed(MISNAMED, "the SAN holds mx1.example.com"),
        here.passed(OPEN_RELAY, "2 forms were refused in words of relaying"),
    )
    evidence = evidence_of(healthy_visit(MX1, "192.0.2.1"), domain=domain_of(host))
    return verdict_of(evidence, results, Conclusion.PASS, 0, PROTECTED)


def broken() -> Verdict:
    """The second MX times out; the first has a bad certificate, and more besides."""
    hosts = (healthy_host(MX1, "192.0.2.1"), healthy_host(MX2, "2001:db8::25", preference=20))
    evidence = evidence_of(
        expired_visit(MX1, "192.0.2.1"),
        Visit(host=MX2, address="2001:db8::25", port=25, tries=3, connection=TIMED_OUT),
        domain=domain_of(*hosts),
    )
    verdict = verdict_of(evidence, _broken_results(), Conclusion.FAIL, 1)
    return replace(
        verdict,
        waiver_notes=("mxcheck.toml:12: the waiver for dane-missing matched nothing",),
    )


def _broken_results() -> tuple[Result, ...]:
    first, second = At(AT_MX1), At(AT_MX2)
    slow = first.failed(
        SLOW,
        "mx1.example.com [192.0.2.1] took 11.2 s from connect to greeting; 10 s are wanted",
        "Look for DNS or blocklist lookups that hang at connect.",
    )
    waiver = Waiver(rule="open-relay", until=date(2026, 12, 31), reason="a test server, OPS-123")
    return (
        At(AT_DOMAIN).passed(MX_MISSING, "example.com has MX 10 mx1.example.com."),
        first.passed(UNREACHABLE, "mx1.example.com [192.0.2.1]:25 was reached in 12 ms"),
        second.failed(
            UNREACHABLE,
            "port 25 of mx2.example.com [2001:db8::25] does not answer: no answer within 10 s,"
            " after 3 tries",
            "Open TCP 25 inbound for 2001:db8::25 and see that the MTA listens there, or withdraw"
            " the MX record of mx2.example.com.",
        ),
        slow,
        second.not_applicable(SLOW, "the address was not reached"),
        first.passed(NO_STARTTLS, "STARTTLS is announced"),
        first.unknown(NO_TLS13, "the budget of connections did not allow to ask"),
        first.failed(
            EXPIRED,
            "the certificate of mx1.example.com expired on 2026-01-28, 3 days ago: senders that"
            " enforce MTA-STS refuse delivery",
            "Renew it (for example with certbot) and reload the MTA.",
        ),
        first.failed(
            MISNAMED,
            "the SAN holds mail.example.com, and not mx1.example.com",
            "Include the exact MX host in the SAN.",
        ),
        replace(
            first.failed(OPEN_RELAY, "RCPT for an outside domain was accepted", "Close it."),
            waiver=waiver,
            blocks=False,
        ),
    )


def closed() -> Verdict:
    """Outbound port 25 is closed on the machine that checks."""
    host = healthy_host(MX1, "192.0.2.1")
    visit = Visit(host=MX1, address="192.0.2.1", port=25, tries=3, connection=TIMED_OUT)
    message = "mx1.example.com [192.0.2.1] could not be reached, but outbound port 25 looks closed"
    results = (
        At(AT_DOMAIN).passed(MX_MISSING, "example.com has MX 10 mx1.example.com."),
        replace(At(AT_MX1).unknown(UNREACHABLE, message, CLOSED_REMEDY), cause=Cause.CLOSED_PORT),
    )
    evidence = evidence_of(visit, domain=domain_of(host))
    verdict = verdict_of(evidence, results, Conclusion.UNKNOWN, 3)
    return replace(verdict, notes=(CLOSED,), causes={Cause.CLOSED_PORT: CLOSED})


def null_mx() -> Verdict:
    """A domain that takes no mail has no server to look at."""
    name = "xn--bcher-kva.example"
    domain = Domain(name=name, mx=Answer(owner=name, records=("0 .",)))
    results = (At(AT_DOMAIN).not_applicable(UNREACHABLE, "a null MX: the domain takes no mail"),)
    return verdict_of(evidence_of(domain=domain), results, Conclusion.UNKNOWN, 3)


def hostile(words: str) -> Verdict:
    """A server that puts these words into everything that it has a say in."""
    verdict = healthy()
    visit = verdict.evidence.runs[0].visits[0]
    host = replace(verdict.evidence.runs[0].domains[0].hosts[0], name=words)
    spoken = _spoken(visit, words)
    here = At(Subject(kind=Scope.ENDPOINT, parts=(words, "192.0.2.1")))
    waiver = Waiver(rule="smtp-slow", until=date(2026, 12, 31), reason=words)
    results = (
        here.passed(UNREACHABLE, words),
        here.failed(EXPIRED, words, words),
        here.failed(EXPIRED, f"it said {words!s} at last", words),
        here.failed(NO_TLS13, words, ""),
        here.unknown(OPEN_RELAY, words, words),
        here.unknown(SLOW, words),
        here.not_applicable(MISNAMED, words),
        replace(here.failed(SLOW, words, words), waiver=waiver, blocks=False),
    )
    evidence = evidence_of(spoken, domain=domain_of(host))
    made = verdict_of(evidence, results, Conclusion.FAIL, 1)
    return replace(made, notes=(words,), waiver_notes=(words,))


def _spoken(visit: Visit, words: str) -> Visit:
    reply = Reply(code=250, lines=(words, words))
    return replace(
        visit,
        host=words,
        connection=Connection(connect_ms=1.0),
        greeting=Greeting(reply=reply, greeting_ms=2.0),
        ehlo_after_tls=reply,
        tls=Unseen(trouble=Trouble.HANDSHAKE, detail=words),
        relay=tuple(replace(attempt, rcpt=reply) for attempt in visit.relay),
        transcript=tuple(replace(line, text=words) for line in visit.transcript),
    )
