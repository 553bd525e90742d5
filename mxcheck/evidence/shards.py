"""The shards of one run together: DNS as the first of them saw it, the visits of all of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mxcheck.evidence.dns import Answer, CaaLookup, Lookup, ReverseDns
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.shard import Shard, number_of
from mxcheck.evidence.smtp import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedRun(Run):
    """What the shards of one run saw; `count` is how many were to look.

    `views` are this run as each shard's machine saw it, by the number of the shard. `elsewhere`
    names, by domain, the MX hosts to which only the DNS answers of other shards than the first led.
    """

    count: int
    views: Mapping[int, Run]
    elsewhere: Mapping[str, tuple[str, ...]]

    def seen_from(self, host: str) -> Run:
        """Return this run as the machine saw it that visited an MX host."""
        return self.views.get(number_of(host, self.count), self)

    def named_elsewhere(self, domain: str) -> tuple[str, ...]:
        """Return the MX hosts of a domain that only other shards' DNS answers name."""
        return self.elsewhere.get(domain, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _View(Run):
    """A merged run with the clock, the control hosts and the way out of one of its shards."""

    whole: Run

    def __post_init__(self) -> None:
        """Share the indexes of the whole, which are the same for each shard."""
        for name in ("by_endpoint", "by_address", "shown"):
            object.__setattr__(self, name, getattr(self.whole, name))


def merge_shards(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return the runs to judge: shards become one run, the others stay as they are."""
    shards = {run.shard.number: run for run in reversed(runs) if run.shard}
    if not shards:
        return tuple(runs)
    numbered = dict(sorted(shards.items()))
    return (_merged(numbered), *(run for run in runs if run.shard is None))


def missing_shards(runs: Sequence[Run]) -> tuple[Shard, ...]:
    """Return the shards that are not among the runs, where one of their run is."""
    given = [run.shard for run in runs if run.shard]
    counts, numbers = {one.count for one in given}, {one.number for one in given}
    return tuple(
        Shard(number=number, count=count)
        for count in counts
        for number in range(1, count + 1)
        if number not in numbers
    )


def _merged(shards: Mapping[int, Run]) -> Run:
    first, *others = shards.values()
    count = first.shard.count if first.shard else 1
    by_name = {
        number: {domain.name: domain for domain in run.domains}
        for number, run in shards.items()
        if run is not first
    }
    domains = tuple(_domain(one, by_name, count) for one in first.domains)
    views: dict[int, Run] = {}
    whole = MergedRun(
        observed_at=first.observed_at,
        finished_at=max(run.finished_at for run in shards.values()),
        port=first.port,
        shard=first.shard,
        domains=domains,
        visits=tuple(_visits(domains, shards, count, first.port)),
        canaries=first.canaries,
        resolvers=first.resolvers,
        via=first.via,
        overrides=first.overrides,
        reverse=tuple(_reverse(first, others)),
        interrupted=any(run.interrupted for run in shards.values()),
        deadline_passed=any(run.deadline_passed for run in shards.values()),
        count=count,
        views=views,
        elsewhere=dict(_elsewhere(first.domains, by_name, count)),
    )
    views |= {number: _view(whole, run) for number, run in shards.items()}
    return whole


def _view(whole: Run, shard: Run) -> Run:
    return _View(
        observed_at=shard.observed_at,
        finished_at=shard.finished_at,
        port=whole.port,
        shard=shard.shard,
        domains=whole.domains,
        visits=whole.visits,
        canaries=shard.canaries,
        resolvers=whole.resolvers,
        via=shard.via,
        overrides=whole.overrides,
        reverse=whole.reverse,
        interrupted=whole.interrupted,
        deadline_passed=whole.deadline_passed,
        whole=whole,
    )


_ByName = Mapping[int, Mapping[str, Domain]]
"""The domains of the shards behind the first, by the number of the shard and by name."""


def _domain(domain: Domain, by_name: _ByName, count: int) -> Domain:
    """Return a domain with what only the shards that visited its MX hosts could see."""
    seen = [domains[domain.name] for domains in by_name.values() if domain.name in domains]
    hosts = tuple(_as_visited(host, domain.name, by_name, count) for host in domain.hosts)
    caa = _way_by_way([domain.caa, *(one.caa for one in seen)])
    if caa == domain.caa and all(map(_is, hosts, domain.hosts)):
        return domain
    return replace(domain, hosts=hosts, caa=caa)


def _is(one: MxHost, other: MxHost) -> bool:
    return one is other


def _as_visited(host: MxHost, domain: str, by_name: _ByName, count: int) -> MxHost:
    """Return an MX host with the addresses at which it was visited.

    The answers of large providers change from one question to the next.
    """
    there = by_name.get(number_of(host.name, count), {}).get(domain)
    visited = next((one for one in (there.hosts if there else ()) if one.name == host.name), host)
    lookups = ((host.ipv4, visited.ipv4), (host.ipv6, visited.ipv6))
    if {*host.addresses} == {*visited.addresses} or not all(map(_alike, lookups)):
        return host
    ipv4, ipv6 = (_with_records(ours, theirs) for ours, theirs in lookups)
    return replace(
        host, ipv4=ipv4, ipv6=ipv6, addresses=visited.addresses, left_out=visited.left_out
    )


def _alike(lookups: tuple[Lookup, Lookup]) -> bool:
    ours, theirs = lookups
    return isinstance(ours, Answer) == isinstance(theirs, Answer)


def _with_records(ours: Lookup, theirs: Lookup) -> Lookup:
    if isinstance(ours, Answer) and isinstance(theirs, Answer):
        return replace(ours, records=theirs.records)
    return ours


def _way_by_way(several: Sequence[Sequence[CaaLookup]]) -> tuple[CaaLookup, ...]:
    """Return the first lookup of each name, in the order in which one run has them."""
    ways = sorted((way for lookups in several for way in _ways(lookups)), key=_start)
    known = {one.name: one for lookups in reversed(several) for one in lookups}
    return tuple(known[name] for name in dict.fromkeys(one.name for way in ways for one in way))


def _ways(lookups: Sequence[CaaLookup]) -> Iterator[list[CaaLookup]]:
    """Yield the ways up from the names in certificates: each name is the parent of the one before.

    The way of a name that comes later ends where another one has been.
    """
    way: list[CaaLookup] = []
    for one in lookups:
        if way and one.name != way[-1].name.partition(".")[2]:
            yield way
            way = []
        way.append(one)
    if way:
        yield way


def _start(way: Sequence[CaaLookup]) -> str:
    return way[0].name


def _visits(
    domains: Sequence[Domain], shards: Mapping[int, Run], count: int, port: int
) -> Iterator[Visit]:
    hosts = ((host.name, host.addresses) for domain in domains for host in domain.hosts)
    for name, address in dict.fromkeys((name, one) for name, many in hosts for one in many):
        number = number_of(name, count)
        shard = shards.get(number)
        if shard and (name, address) in shard.by_endpoint:
            yield shard.by_endpoint[name, address]
            continue
        why = "its DNS answers did not lead there" if shard else "is missing"
        detail = f"shard {number}/{count} was to visit it, and {why}"
        unseen = Unseen(trouble=Trouble.OTHER_SHARD, detail=detail)
        yield Visit(host=name, address=address, port=port, connection=unseen)


def _reverse(first: Run, others: Sequence[Run]) -> Iterable[ReverseDns]:
    """Return the names of all addresses, as the first shard saw them if it did."""
    found: dict[str, ReverseDns] = {}
    for run in (first, *others):
        for one in run.reverse:
            found.setdefault(one.address, one)
    return found.values()


def _elsewhere(
    domains: Sequence[Domain], by_name: _ByName, count: int
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for domain in domains:
        known = {host.name for host in domain.hosts}
        found: dict[str, str] = {}
        for number, others in by_name.items():
            for host in others[domain.name].hosts if domain.name in others else ():
                if host.name not in known:
                    found.setdefault(host.name, f"{host.name} (shard {number}/{count})")
        if found:
            yield domain.name, tuple(found.values())
