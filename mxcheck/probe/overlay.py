"""Record sets that are about to be published, laid over the live DNS."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns import Resolver
from mxcheck.probe.what_if import GivenZone
from mxcheck.wire.record_set import RecordSet, ZoneFile

MAX_ALIASES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlaidResolver(Resolver):
    """A resolver whose answers are those of the overlay, where that has one; the last one wins."""

    overlay: tuple[GivenZone, ...]
    zones: dict[str, bool] = field(default_factory=dict)

    async def lookup(self, name: str, rdtype: str) -> Lookup:
        """The record set of a name, from the overlay or from the live DNS."""
        return await self._follow(name, rdtype, MAX_ALIASES)

    async def _follow(self, name: str, rdtype: str, patience: int) -> Lookup:
        if patience == 0:
            detail = f"the answer to {rdtype} {name} leads through {MAX_ALIASES} aliases or more"
            return Unseen(trouble=Trouble.ALIAS_CHAIN, detail=detail)
        given = await self._given(name, rdtype)
        if given is None:
            live = await Resolver.lookup(self, name, rdtype)
            return await self._led_here(live, rdtype, patience)
        if not isinstance(given, Answer) or given.records:
            return given
        rest = await self._follow(given.owner, rdtype, patience - 1)
        return _through(given, rest)

    async def _led_here(self, live: Lookup, rdtype: str, patience: int) -> Lookup:
        """What a live answer becomes whose aliases lead to a name of the overlay."""
        if isinstance(live, Unseen):
            return live
        for place, alias in enumerate(live.aliases, start=1):
            if any(self._speaks_of(given, alias, rdtype) for given in self.overlay):
                rest = await self._follow(alias, rdtype, patience - 1)
                return _through(replace(live, aliases=live.aliases[:place]), rest)
        return live

    async def _given(self, name: str, rdtype: str) -> Lookup | None:
        for given in reversed(self.overlay):
            source = _source(given.zone, name)
            found = given.sets.get((source, rdtype))
            alias = None if rdtype == "CNAME" else given.sets.get((source, "CNAME"))
            if found or alias or self._speaks_of(given, name, rdtype):
                secure = await self._is_secure(name)
                return _answer(name, found, alias, given, secure=secure)
        return None

    def _speaks_of(self, given: GivenZone, name: str, rdtype: str) -> bool:
        """Whether the overlay decides on a name and type, be it that there is none."""
        source = _source(given.zone, name)
        types = {one.rdtype for one in given.zone.record_sets if one.name == source}
        if types & {rdtype, "CNAME"}:
            return True
        delegated = "NS" in types and name != given.zone.apex
        return bool(given.zone.apex and types) and not delegated

    async def _is_secure(self, name: str) -> bool:
        """Whether the live zone around a name is signed, as far as the resolver tells."""
        if name not in self.zones:
            soa = await Resolver.lookup(self, name, "SOA")
            self.zones[name] = not isinstance(soa, Unseen) and soa.authenticated_data
        return self.zones[name]


def lay_over(resolver: Resolver, overlay: Sequence[GivenZone]) -> Resolver:
    """The resolver under an overlay; itself where there is none."""
    if not overlay:
        return resolver
    own = {entry.name: getattr(resolver, entry.name) for entry in fields(resolver)}
    return OverlaidResolver(**own, overlay=tuple(overlay))


def _source(zone: ZoneFile, name: str) -> str:
    """The name whose records answer for a name: itself, or the wildcard above it (RFC 4592 3.3.1)."""
    names = {one.name for one in zone.record_sets}
    if name in names:
        return name
    labels = name.split(".")
    for depth in range(1, len(labels)):
        above = ".".join(labels[depth:])
        if f"*.{above}" in names:
            return f"*.{above}"
        if any(one == above or one.endswith(f".{above}") for one in names):
            return name
    return name


def _answer(
    name: str, found: RecordSet | None, alias: RecordSet | None, given: GivenZone, *, secure: bool
) -> Lookup:
    published = found or alias
    if published is None:
        nodata, what_ifs = Absence.NODATA, given.what_ifs
        return Absent(absence=nodata, authenticated_data=secure, signed=secure, what_ifs=what_ifs)
    answer = Answer(
        owner=name,
        records=published.records,
        ttl=published.ttl,
        authenticated_data=secure,
        signed=secure,
        what_ifs=given.what_ifs,
    )
    if found:
        return answer
    target = published.records[0]
    return replace(answer, owner=target, records=(), aliases=(target,))


def _through(first: Answer | Absent, rest: Lookup) -> Lookup:
    """What comes at the end of an alias; it is as secure as the least secure of both."""
    if isinstance(rest, Unseen):
        return rest
    return replace(
        rest,
        aliases=(*first.aliases, *rest.aliases),
        authenticated_data=first.authenticated_data and rest.authenticated_data,
        signed=first.signed and rest.signed,
        what_ifs=tuple(dict.fromkeys([*first.what_ifs, *rest.what_ifs])),
    )
