"""The lines of one run, as they are read, become its evidence."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mxcheck.evidence.dns import ReverseDns
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.shard import Shard
from mxcheck.evidence.smtp import Visit
from mxcheck.saved.errors import EvidenceError
from mxcheck.saved.shapes import Begin, DomainLine, End, ReverseLine, VisitLine


@dataclass(slots=True)
class Keeper:
    """What is kept of domains, so that many shards take little more memory than one.

    DNS is judged from the first shard: of the others only that is kept which leads to their visits,
    and what depends on these.
    """

    first: int | None = None

    def of(self, shard: Shard | None) -> Callable[[Domain], Domain]:
        """Return what makes, of a domain in a run that begins now, what is kept of it."""
        if shard is None:
            return _all_of
        if self.first is None or shard.number <= self.first:
            self.first = shard.number
            return _all_of
        return hosts_alone


def _all_of(domain: Domain) -> Domain:
    return domain


def hosts_alone(domain: Domain) -> Domain:
    """Return a domain without what is judged from another shard."""
    hosts = (replace(host, alias=_UNASKED.alias, tlsa=(), chain=None) for host in domain.hosts)
    return Domain(name=domain.name, mx=domain.mx, hosts=tuple(hosts), caa=domain.caa)


_UNASKED = MxHost(name="", preference=0)


@dataclass(slots=True, kw_only=True)
class RunReader:
    """A run as far as it was read; hosts that many domains share are in memory once."""

    begin: Begin
    keep: Callable[[Domain], Domain]
    visits: list[Visit] = field(default_factory=list)
    reverse: list[ReverseDns] = field(default_factory=list)
    domains: list[Domain] = field(default_factory=list)
    hosts: dict[MxHost, MxHost] = field(default_factory=dict)

    def add(self, line: VisitLine | ReverseLine | DomainLine) -> None:
        """Add what a line tells."""
        match line:
            case VisitLine():
                self.visits.append(line.visit)
            case ReverseLine():
                self.reverse.append(line.reverse)
            case DomainLine():
                self.domains.append(self._sharing(self.keep(line.domain)))

    def end(self, end: End, number: int) -> Run:
        """Return the run, or raise EvidenceError if its last line counts other ones."""
        wanted = (end.domains, end.visits, end.reverse)
        if wanted != (len(self.domains), len(self.visits), len(self.reverse)):
            raise EvidenceError(f"line {number}: lines of this run are missing or added")
        return Run(
            observed_at=self.begin.observed_at,
            finished_at=end.finished_at,
            port=self.begin.port,
            domains=tuple(self.domains),
            visits=tuple(self.visits),
            canaries=end.canaries,
            resolvers=self.begin.resolvers,
            via=self.begin.via,
            shard=self.begin.shard,
            overrides=self.begin.overrides,
            reverse=tuple(self.reverse),
            interrupted=end.interrupted,
            deadline_passed=end.deadline_passed,
        )

    def _sharing(self, domain: Domain) -> Domain:
        hosts = tuple(self.hosts.setdefault(host, host) for host in domain.hosts)
        return replace(domain, hosts=hosts)
