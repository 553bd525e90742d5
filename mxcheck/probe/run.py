"""A whole run: domains, then visits, then control hosts, within one deadline."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mxcheck.evidence.dns import AskedResolver, ReverseDns
from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import CanaryCall, Visit
from mxcheck.model.targets import Target
from mxcheck.probe.dns.caa import CaaSets
from mxcheck.probe.dns.domains import probe_domain
from mxcheck.probe.dns.overrides import with_zone_overrides
from mxcheck.probe.dns.records import Records
from mxcheck.probe.dns.resolver import Resolver, make_resolver
from mxcheck.probe.dns.reverse import probe_reverse
from mxcheck.probe.endpoints import Endpoints, VisitKey, addresses_to_name, endpoints_of
from mxcheck.probe.https.policies import Policies
from mxcheck.probe.off_limits import off_limits
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.shares import done_in_time
from mxcheck.probe.signals import interruptible
from mxcheck.probe.smtp.canaries import (
    CANARY_SECONDS,
    CanaryKey,
    closed_call,
    pending_calls,
    probe_canary,
)
from mxcheck.probe.smtp.further_connections import SecondLook
from mxcheck.probe.smtp.limits import Limits
from mxcheck.probe.smtp.notebook import PENDING, Notebook
from mxcheck.probe.smtp.outside_senders import OutsideSenders
from mxcheck.probe.smtp.own_name import own_name
from mxcheck.probe.smtp.questions import Questions, base_domains
from mxcheck.probe.smtp.relay import RelayTest
from mxcheck.probe.smtp.relay_forms import make_random_mailbox
from mxcheck.probe.smtp.session import Plan
from mxcheck.probe.smtp.visit import HostState, Retries, Visitor
from mxcheck.probe.tcp import Dialer
from mxcheck.probe.turnstile import LATER
from mxcheck.wire.address import is_aside

Progress = Callable[[str, int, int], None]
"""Called with what is going on, how much of it is done, and how much there is."""


@dataclass(slots=True)
class ProbeRun:
    """Gathers evidence; what it has so far can be had at any time, also after a crash."""

    targets: Sequence[Target]
    settings: ProbeSettings
    progress: Progress = lambda _stage, _done, _total: None
    stranger: str = field(default_factory=make_random_mailbox)
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
    interrupted: bool = False
    deadline_passed: bool = False

    def gather(self) -> Run:
        """Probe everything; an interrupt or the deadline ends it early, with what there is."""
        asyncio.run(self.gather_in_loop())
        return self.seen()

    def seen(self) -> Run:
        """What has been seen so far."""
        ended = self._why_ended()
        return Run(
            observed_at=self.started_at,
            # By no clock that somebody may set meanwhile: a run does not end before it begins.
            finished_at=self.started_at + timedelta(seconds=time.monotonic() - self.begun),
            port=self.settings.port,
            domains=tuple(self._domain_so_far(target, ended) for target in self.targets),
            visits=tuple(self._visit(key, ended) for key in self._endpoints()),
            canaries=tuple(closed_call(call, ended) for call in self._canaries().values()),
            resolvers=self.resolvers,
            overrides=self.settings.overrides.named,
            reverse=tuple(
                self.reverse.get(address, ReverseDns(address=address, ptr=ended))
                for address in self._to_reverse()
            ),
            interrupted=self.interrupted,
            deadline_passed=self.deadline_passed,
        )

    def _domain_so_far(self, target: Target, ended: Unseen) -> Domain:
        """A domain, also where the run ended before it was looked up."""
        name = target.domain
        seen = self.domains.get(name, Domain(name=name, mx=ended))
        return self.caa.add_to(self.records.add_to(self.policies.add_to(seen, ended), ended), ended)

    def _visit(self, key: VisitKey, ended: Unseen) -> Visit:
        """The visit to an endpoint, also where the run ended before it was begun."""
        if key in self.notebooks:
            return self.notebooks[key].closed(ended)
        host, address = key
        return Visit(host=host, address=address, port=self._port(host, address), connection=ended)

    def _canaries(self) -> dict[CanaryKey, CanaryCall]:
        """The calls that were made, and those that a run which ended early never came to."""
        visits = [
            one.furthest for one in self.notebooks.values() if not self._is_aside(one.furthest)
        ]
        return pending_calls(visits, self.settings) | self.canaries

    def _why_ended(self) -> Unseen:
        if self.interrupted:
            return Unseen(trouble=Trouble.INTERRUPTED, detail="the run was interrupted before that")
        if self.deadline_passed:
            detail = f"the run's deadline of {self.settings.deadline:g} s came before that"
            return Unseen(trouble=Trouble.DEADLINE, detail=detail)
        return NOT_ASKED

    async def gather_in_loop(self) -> None:
        """Probe everything in the running event loop; `seen` then has it."""
        live = make_resolver(self.settings)
        if isinstance(live, Unseen):
            for target in self.targets:
                self.domains[target.domain] = Domain(name=target.domain, mx=live)
            return
        resolver = with_zone_overrides(live, self.settings.overrides.zones)
        work = asyncio.create_task(self._stages(resolver, live))
        with interruptible(self._interrupt, work):
            try:
                await work
            except asyncio.CancelledError:
                if not self.interrupted:
                    raise
            finally:
                await resolver.close()

    def _interrupt(self) -> None:
        self.interrupted = True

    async def _stages(self, resolver: Resolver, live: Resolver) -> None:
        reserve = min(self.settings.deadline / 4, self.settings.connect_timeout + CANARY_SECONDS)
        await self._within(
            self.settings.deadline - reserve, self._domains_and_visits(resolver, live)
        )
        # What is kept in reserve lets the control hosts be asked also after a deadline that came
        # first: without them a machine whose way out is shut would be taken for dead MX hosts.
        await self._within(reserve, self._ask_canaries(live))

    async def _within(self, seconds: float, work: Coroutine[None, None, None]) -> None:
        self.deadline_passed |= not await done_in_time(seconds, work)

    async def _domains_and_visits(self, resolver: Resolver, live: Resolver) -> None:
        async with asyncio.TaskGroup() as group:
            # A resolver that is dead takes its time over the root: nothing else waits for it.
            group.create_task(self._note_resolvers(resolver))
            group.create_task(self.records.ask(self.targets, resolver))
            # Nor does a visit wait for a policy host that is slow.
            policies = self.policies.ask(
                self.targets, resolver.patient(), live.patient(), self.settings
            )
            group.create_task(policies)
            await self._ask_dns(resolver)
            await self._ask_servers(resolver)
            visits = [notebook.closed(NOT_ASKED) for notebook in self.notebooks.values()]
            await self.caa.ask(self.targets, self.domains, visits, resolver)

    async def _ask_dns(self, resolver: Resolver) -> None:
        await self._all("looking up domains", [self._domain(t, resolver) for t in self.targets])
        names = [self._reverse(address, resolver) for address in self._to_reverse()]
        if names:
            await self._all("looking up names of addresses", names)

    async def _ask_servers(self, resolver: Resolver) -> None:
        visiting = any(Item.VISIT in target.wanted for target in self.targets)
        name = await own_name(self.settings, resolver) if visiting else ""
        endpoints, limits = self._endpoints(), Limits(self.settings.concurrency)
        visitors = self._visitors(endpoints, name, resolver)
        work = [self._visit_and_look(visitor, endpoints, limits) for visitor in visitors]
        await self._all("visiting MX hosts", work)

    async def _visit_and_look(self, visitor: Visitor, endpoints: Endpoints, limits: Limits) -> None:
        await limits.in_turn(visitor, visitor.visit)
        # Whoever waits for the same host or address, or for its first visit, goes first: a server
        # that limits connections is to be seen once before it does so.
        look = self._second_look(visitor, endpoints)
        if look.prepare():
            await limits.in_turn(visitor, look.look, LATER)

    async def _all(self, stage: str, work: Sequence[Coroutine[None, None, None]]) -> None:
        done = 0
        self.progress(stage, done, len(work))

        async def counted(one: Coroutine[None, None, None]) -> None:
            nonlocal done
            await one
            done += 1
            self.progress(stage, done, len(work))

        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(counted(one))

    async def _domain(self, target: Target, resolver: Resolver) -> None:
        share = resolver.share(len(self.targets))
        self.domains[target.domain] = await probe_domain(target, share, self.settings)

    async def _note_resolvers(self, resolver: Resolver) -> None:
        self.resolvers = resolver.named()
        if any(Item.RESOLVERS in target.wanted for target in self.targets):
            self.resolvers = await resolver.ask_root()

    async def _reverse(self, address: str, resolver: Resolver) -> None:
        self.reverse[address] = await probe_reverse(address, resolver, self.settings)

    def _to_reverse(self) -> list[str]:
        return addresses_to_name(self._endpoints())

    async def _ask_canaries(self, resolver: Resolver) -> None:
        self.canaries = self._canaries()
        if self.canaries:
            calls = [self._call(key, resolver) for key in self.canaries]
            await self._all("asking control hosts", calls)

    async def _call(self, key: CanaryKey, resolver: Resolver) -> None:
        (_, port), _ = key
        call = self.canaries[key]
        self.canaries[key] = await probe_canary(call, port, resolver, self.settings)

    def _visitors(self, endpoints: Endpoints, ehlo_name: str, resolver: Resolver) -> list[Visitor]:
        """A visitor for each endpoint that is to be visited; the others are written down as not."""
        senders = OutsideSenders.of(self.targets, resolver, self.settings)
        retries = Retries(retries=self.settings.retries, delay=self.settings.retry_delay)
        dialer = Dialer(timeout=self.settings.connect_timeout, routes=self.settings.routes)
        visitors = []
        states: dict[str, HostState] = {}
        for (host, address), targets in endpoints.items():
            visit = Visit(host=host, address=address, port=self._port(host, address))
            notebook = self.notebooks[host, address] = Notebook(visit)
            excluded = self._why_not(host, address, targets)
            notebook.note(connection=excluded or PENDING)
            if excluded:
                continue
            visitors.append(
                Visitor(
                    plan=self._plan(host, address, ehlo_name, dialer),
                    relay=RelayTest.of(targets, self.stranger, senders, notebook, self.settings),
                    time_budget=retries,
                    notebook=notebook,
                    host=states.setdefault(host, HostState(seconds=self.settings.host_timeout)),
                    max_connections=self.settings.max_connections,
                )
            )
        return visitors

    def _second_look(self, visitor: Visitor, endpoints: Endpoints) -> SecondLook:
        targets = endpoints[visitor.plan.host, visitor.plan.address]
        bases = base_domains(self.domains.values(), visitor.plan.host)
        return SecondLook(visitor=visitor, questions=Questions.of(targets, bases))

    def _plan(self, host: str, address: str, ehlo_name: str, dialer: Dialer) -> Plan:
        return Plan(
            host=host,
            address=address,
            port=self._port(host, address),
            dialer=dialer,
            greeting_timeout=self.settings.greeting_timeout,
            timeout=self.settings.timeout,
            ehlo_name=ehlo_name,
        )

    def _port(self, host: str, address: str) -> int:
        """The port of an address, which an override may have moved."""
        return self.settings.overrides.port_at(host, self.settings.port, address)

    def _is_aside(self, visit: Visit) -> bool:
        """Whether an override leads the visit to where no way out is needed, or another one is."""
        ends = self.settings.overrides.ends_of(visit.host, self.settings.port)
        return bool(ends) and is_aside(visit.address, visit.port, self.settings.port)

    def _endpoints(self) -> Endpoints:
        return endpoints_of(self.targets, self.domains)

    def _why_not(self, host: str, address: str, targets: Sequence[Target]) -> Unseen | None:
        if not any(Item.VISIT in target.wanted for target in targets):
            return NOT_ASKED
        return off_limits(host, self.settings.port, address, self.settings)
