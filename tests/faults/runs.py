"""Whole runs, judged, many at a time and in no time, each against a server of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mxcheck.app import Checking
from mxcheck.config.load import Config
from mxcheck.config.output import Screen
from mxcheck.evidence.domain import Run
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.causes import Answers
from mxcheck.judge.selection import is_asked
from mxcheck.judge.verdict import Verdict
from mxcheck.model.endpoint import HostPort
from mxcheck.model.policy import Level, Policy
from mxcheck.model.targets import Target
from mxcheck.probe.settings import ProbeSettings
from mxcheck.rules import RULES
from mxcheck.rules.base import EndpointCase, Fail, NotApplicable, Pass, Scope, Unknown
from mxcheck.rules.trust import TrustStore
from tests.probe.harness import ADDRESS, DOMAIN, HOST, ROOT, plain
from tests.saving import as_evidence

POLICY = Policy(
    extensions=("SIZE",),
    levels={"starttls-injectable": Level.WARNING},
    max_greeting_seconds=30,  # more than LATE_SECONDS: what is late is in time
)
DEFAULTS = ProbeSettings(
    retry_delay=0.5,
    ehlo_name="probe.example.net",
    canaries=(),
    trust_ad=True,
    ca_pem=ROOT.certificate_pem,
    max_connections=6,  # every question on the list, and a second connection for the relay test
)
"""Every timeout is the one that users have: nobody waits for it."""

Answered = Pass | Fail | NotApplicable | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A run over DOMAIN: the verdict, and what each asked rule answers about each endpoint."""

    verdict: Verdict

    @property
    def evidence(self) -> Run:
        return self.verdict.evidence.runs[0]

    def visit(self, host: str = HOST, address: str = ADDRESS) -> Visit:
        return self.evidence.visit(host, address)

    def answers(self, host: str = HOST, address: str = ADDRESS) -> dict[str, Answered]:
        """The answers about an endpoint, by the rules' ids."""
        (domain,) = self.verdict.domains
        (mx,) = (mx for mx in domain.domain.hosts if mx.name == host)
        case = EndpointCase(
            run=self.evidence,
            policy=domain.policy,
            trust=TrustStore(added=ROOT.certificate_pem),
            domain=domain.domain,
            host=mx,
            visit=self.visit(host, address),
        )
        asked = [r for r in RULES if r.scope is Scope.ENDPOINT and is_asked(r, domain.policy)]
        known = Answers()
        return {rule.id: known.of(rule, case) for rule in asked}


async def judged_run(
    resolver: HostPort,
    routes: Mapping[HostPort, HostPort],
    settings: ProbeSettings = DEFAULTS,
    policy: Policy = POLICY,
) -> Judged:
    """Run mxcheck over DOMAIN; `routes` lead from pretended endpoints to servers."""
    inside = replace(
        settings,
        resolvers=(plain(resolver),),
        routes=routes,
    )
    config = Config(
        policy=policy,
        targets=(Target(domain=DOMAIN, policy=policy),),
        probe=inside,
        ca_pem=ROOT.certificate_pem,
        screen=Screen(quiet=True),
    )
    run = Checking(config)
    await run.probe.gather_in_loop()
    return Judged(verdict=run.judge(as_evidence(run.probe.seen())))
