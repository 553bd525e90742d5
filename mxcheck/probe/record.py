"""What a run has seen so far, which can be had as evidence at any time, also after a crash."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mxcheck.evidence.dns import AskedResolver, ReverseDns
from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import CanaryCall, Visit
from mxcheck.model.targets import Target
from mxcheck.probe.dns.caa import CaaSets
from mxcheck.probe.dns.dkim import DkimNotes
from mxcheck.probe.dns.dmarc import DmarcNotes
from mxcheck.probe.dns.name_servers import NameServerNotes
from mxcheck.probe.dns.records import Records
from mxcheck.probe.endpoints import VisitKey, addresses_to_name, endpoints_of
from mxcheck.probe.https.policies import Policies
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.canaries import CanaryKey, closed_call, pending_calls
from mxcheck.probe.smtp.notebook import Notebook


@dataclass(slots=True)
class Record:
    """The notes of a run: by domain, by MX host and address, by control host, by address."""

    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    begun: float = field(default_factory=time.monotonic)
    domains: dict[str, Domain] = field(default_factory=dict)
    notebooks: dict[VisitKey, Notebook] = field(default_factory=dict)
    canaries: dict[CanaryKey, CanaryCall] = field(default_factory=dict)
    resolvers: tuple[AskedResolver, ...] = ()
    reverse: dict[str, ReverseDns] = field(default_factory=dict)
    policies: Policies = field(default_factory=Policies)
    records: Records = field(default_factory=Records)
    caa: CaaSets = field(default_factory=CaaSets)
    name_servers: NameServerNotes = field(default_factory=NameServerNotes)
    dmarc: DmarcNotes = field(default_factory=DmarcNotes)
    dkim: DkimNotes = field(default_factory=DkimNotes)
    interrupted: bool = False
    deadline_passed: bool = False

    def as_run(self, targets: Sequence[Target], settings: ProbeSettings) -> Run:
        """Return what has been seen so far, also if the run ended before it had seen it all."""
        ended = self._why_ended(settings)
        endpoints = endpoints_of(targets, self.domains)
        return Run(
            observed_at=self.started_at,
            # By no clock that somebody may set meanwhile: a run does not end before it begins.
            finished_at=self.started_at + timedelta(seconds=time.monotonic() - self.begun),
            port=settings.port,
            domains=tuple(self._domain(target.domain, ended) for target in targets),
            visits=tuple(self._visit(key, ended, settings) for key in endpoints),
            canaries=tuple(closed_call(one, ended) for one in self.calls(settings).values()),
            resolvers=self.resolvers,
            via=settings.via.kind if settings.via else None,
            overrides=settings.overrides.named,
            reverse=tuple(
                self.reverse.get(address, ReverseDns(address=address, ptr=ended))
                for address in addresses_to_name(endpoints)
            ),
            interrupted=self.interrupted,
            deadline_passed=self.deadline_passed,
        )

    def calls(self, settings: ProbeSettings) -> Mapping[CanaryKey, CanaryCall]:
        """Return the calls of control hosts that matter: made ones, and those that are to be.

        One that was made before any address of its family was reached says nothing any more.
        """
        visits = [notebook.furthest for notebook in self.notebooks.values()]
        ours = [visit for visit in visits if not settings.is_led_aside(visit.host, visit.address)]
        calls = pending_calls(ours, settings)
        return {key: self.canaries.get(key, call) for key, call in calls.items()}

    def _domain(self, name: str, ended: Unseen) -> Domain:
        seen = self.domains.get(name, Domain(name=name, mx=ended))
        for notes in (
            *(self.policies, self.records, self.caa, self.name_servers),
            *(self.dmarc, self.dkim),
        ):
            seen = notes.add_to(seen, ended)
        return seen

    def _visit(self, key: VisitKey, ended: Unseen, settings: ProbeSettings) -> Visit:
        if key in self.notebooks:
            return self.notebooks[key].closed(ended)
        at = settings.endpoint(*key)
        return Visit(host=at.host, address=at.address, port=at.port, connection=ended)

    def _why_ended(self, settings: ProbeSettings) -> Unseen:
        if self.interrupted:
            return Unseen(trouble=Trouble.INTERRUPTED, detail="the run was interrupted before that")
        if self.deadline_passed:
            detail = f"the run's deadline of {settings.deadline:g} s came before that"
            return Unseen(trouble=Trouble.DEADLINE, detail=detail)
        return NOT_ASKED
