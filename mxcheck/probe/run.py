"""A whole run: domains, then visits, then control hosts, within one deadline."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.model.targets import Target
from mxcheck.probe.dns.domains import probe_domain
from mxcheck.probe.dns.overrides import with_zone_overrides
from mxcheck.probe.dns.resolver import Resolver, make_resolver
from mxcheck.probe.dns.reverse import probe_reverse
from mxcheck.probe.dns.texts import Texts
from mxcheck.probe.endpoints import addresses_to_name, endpoints_of
from mxcheck.probe.progress import Late, Progress, Stages, unconcerned, unwatched
from mxcheck.probe.record import Record
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.shares import AT_ONCE, done_in_time
from mxcheck.probe.signals import interruptible
from mxcheck.probe.smtp.canaries import CANARY_SECONDS
from mxcheck.probe.smtp.canary_calls import CanaryCalls
from mxcheck.probe.smtp.egress_watch import EgressWatch, given_up
from mxcheck.probe.smtp.limits import Limits
from mxcheck.probe.smtp.lost_way import doubt_silences
from mxcheck.probe.smtp.notebook import PENDING
from mxcheck.probe.smtp.outside_senders import OutsideSenders
from mxcheck.probe.smtp.own_name import own_name
from mxcheck.probe.smtp.relay_forms import make_random_mailbox
from mxcheck.probe.smtp.visit import Visitor
from mxcheck.probe.smtp.visitors import VisitorMaker, second_look
from mxcheck.probe.tcp import Dialer
from mxcheck.probe.turnstile import LATER
from mxcheck.probe.via.addresses import Gate
from mxcheck.probe.via.open import open_way


@dataclass(slots=True)
class ProbeRun:
    """Schedules the gathering of evidence, all of which goes into the record."""

    targets: Sequence[Target]
    settings: ProbeSettings
    progress: Progress = unwatched
    heartbeat: Progress = unwatched
    late: Late = unconcerned
    random_mailbox: str = field(default_factory=make_random_mailbox)
    record: Record = field(default_factory=Record)
    dialer: Dialer = field(init=False)
    stages: Stages = field(init=False)

    def __post_init__(self) -> None:
        """Connect directly, until a way out is open."""
        settings = self.settings
        self.dialer = Dialer(timeout=settings.connect_timeout, routes=settings.routes)

    def gather(self) -> Run:
        """Probe everything; an interrupt or the deadline ends it early, with what there is."""
        asyncio.run(self.gather_in_loop())
        return self.seen()

    def seen(self) -> Run:
        """Return what has been seen so far."""
        return self.record.as_run(self.targets, self.settings)

    async def gather_in_loop(self) -> None:
        """Probe everything in the running event loop; `seen` then has it."""
        self.stages = Stages(self.progress, self.late, self.settings.deadline)
        live = make_resolver(self.settings)
        if isinstance(live, Unseen):
            for target in self.targets:
                self.record.domains[target.domain] = Domain(name=target.domain, mx=live)
            return
        resolver = with_zone_overrides(live, self.settings.overrides.zones)
        try:
            async with open_way(self._gate, self.settings.connect_timeout) as way:
                self.dialer = replace(self.dialer, way=way)
                await self._until_interrupted(self._stages(resolver, live))
        finally:
            await resolver.close()

    @property
    def _gate(self) -> Gate | None:
        """Return the way out that the run needs: none if it visits no MX host."""
        visits = any(Item.VISIT in target.wanted for target in self.targets)
        return self.settings.via if visits else None

    async def _until_interrupted(self, stages: Coroutine[None, None, None]) -> None:
        work = asyncio.create_task(stages)
        with interruptible(self._interrupt, work), self.stages.repeated(self.heartbeat):
            try:
                await work
            except asyncio.CancelledError:
                if not self.record.interrupted:
                    raise

    def _interrupt(self) -> None:
        self.record.interrupted = True

    async def _stages(self, resolver: Resolver, live: Resolver) -> None:
        settings, made = self.settings, self.record.canaries
        reserve = min(settings.deadline / 4, settings.connect_timeout + CANARY_SECONDS)
        async with asyncio.TaskGroup() as tasks:
            calls = CanaryCalls(
                settings=settings, resolver=live, dialer=self.dialer, tasks=tasks, made=made
            )
            watch = EgressWatch(calls.in_family, settings.is_led_aside, tasks)
            gathering = self._domains_and_visits(resolver, live, watch)
            await self._within(settings.deadline - reserve, gathering)
            # What is kept in reserve lets the control hosts be asked also after a deadline that
            # came first: without them a machine whose way out is shut would be taken for dead MX
            # hosts.
            await self._within(reserve, self._ask_canaries(calls))
            watch.cancel()
            calls.cancel()

    async def _within(self, seconds: float, work: Coroutine[None, None, None]) -> None:
        self.record.deadline_passed |= not await done_in_time(seconds, work)

    async def _domains_and_visits(
        self, resolver: Resolver, live: Resolver, watch: EgressWatch
    ) -> None:
        # A resolver that is dead takes its time over the root, and a policy host that is slow over
        # its policy: no visit waits for them. What a zone file is to change is not on the name
        # servers yet.
        texts = Texts()
        beside = {
            "resolvers": self._note_resolvers(resolver),
            "records": self.record.records.ask(self.targets, resolver),
            "policy hosts": self.record.policies.ask(
                self.targets, resolver.patient(), live.patient(), self.settings
            ),
            "name servers": self.record.name_servers.ask(
                self.targets, live.patient(), self.settings
            ),
            "DMARC records": self.record.dmarc.ask(self.targets, texts, resolver.patient()),
            "DKIM keys": self.record.dkim.ask(self.targets, texts, resolver.patient()),
        }
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work, name=name) for name, work in beside.items()]
            await self._ask_dns(resolver)
            await self._ask_servers(resolver, watch)
            visits = [notebook.closed(NOT_ASKED) for notebook in self.record.notebooks.values()]
            await self.record.caa.ask(self.targets, self.record.domains, visits, resolver)
            self.stages.wait_for(tasks)

    async def _ask_dns(self, resolver: Resolver) -> None:
        domains = [
            (target.domain, partial(self._domain, target, resolver)) for target in self.targets
        ]
        await self.stages.do("looking up domains", domains, AT_ONCE)
        addresses = addresses_to_name(endpoints_of(self.targets, self.record.domains))
        if addresses:
            names = [(one, partial(self._reverse, one, resolver)) for one in addresses]
            await self.stages.do("looking up names of addresses", names, AT_ONCE)

    async def _ask_servers(self, resolver: Resolver, watch: EgressWatch) -> None:
        visiting = any(Item.VISIT in target.wanted for target in self.targets)
        maker = VisitorMaker(
            settings=self.settings,
            dialer=self.dialer,
            ehlo_name=await self._own_name(resolver) if visiting else "",
            random_mailbox=self.random_mailbox,
            senders=OutsideSenders.of(self.targets, resolver, self.settings),
            watch=watch,
        )
        limits = Limits(self.settings.concurrency, self.settings.per_operator)
        endpoints = endpoints_of(self.targets, self.record.domains)
        for (host, address), targets in endpoints.items():
            self.record.notebooks[host, address] = maker.open_notebook(host, address, targets)
        work = [
            (
                notebook.visit.host,
                partial(self._visit, maker.visitor(notebook, targets), targets, limits, watch),
            )
            for notebook, targets in zip(
                self.record.notebooks.values(), endpoints.values(), strict=True
            )
            if notebook.visit.connection is PENDING
        ]
        # Each waits for its own host and address, and for its turn among all of them.
        await self.stages.do("visiting MX hosts", work, len(work))

    async def _own_name(self, resolver: Resolver) -> str:
        return await own_name(self.settings, resolver, self.dialer.way)

    async def _visit(
        self, visitor: Visitor, targets: Sequence[Target], limits: Limits, watch: EgressWatch
    ) -> None:
        visiting = partial(self._visit_and_look, visitor, targets, limits)
        if not await watch.unless_closed(visitor.notebook.visit, visiting):
            visitor.end(given_up(visitor.plan.endpoint.address))

    async def _visit_and_look(
        self, visitor: Visitor, targets: Sequence[Target], limits: Limits
    ) -> None:
        await limits.in_turn(visitor, visitor.visit)
        # Whoever waits for the same host or address, or for its first visit, goes first: a server
        # that limits connections is to be seen once before it does so.
        domains = [self.record.domains[target.domain] for target in targets]
        look = second_look(visitor, targets, domains)
        if look.prepare():
            await limits.in_turn(visitor, look.look, LATER)
        if visitor.relay.may_go_on:
            await limits.in_turn(visitor, visitor.go_on, LATER)
        await doubt_silences(visitor.notebook, self.dialer.way)

    async def _domain(self, target: Target, resolver: Resolver) -> None:
        share = resolver.share(len(self.targets))
        self.record.domains[target.domain] = await probe_domain(target, share, self.settings)

    async def _note_resolvers(self, resolver: Resolver) -> None:
        self.record.resolvers = resolver.named()
        if any(Item.RESOLVERS in target.wanted for target in self.targets):
            self.record.resolvers = await resolver.ask_root()

    async def _reverse(self, address: str, resolver: Resolver) -> None:
        self.record.reverse[address] = await probe_reverse(address, resolver, self.settings)

    async def _ask_canaries(self, calls: CanaryCalls) -> None:
        wanted = self.record.calls(self.settings)
        if wanted:
            calls.begin(wanted)
            ends = [(key[0][0], partial(calls.end_of, key)) for key in wanted]
            await self.stages.do("asking control hosts", ends, len(ends))
