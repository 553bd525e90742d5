"""Record sets that are about to be published, laid over the live DNS."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup, Withheld
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.overrides import OverrideZone
from mxcheck.wire.record_set import RecordSet
from mxcheck.wire.zone_index import ZoneIndex

MAX_ALIASES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What tells whether a live zone is signed, as an Answer has it: of its SOA record, if seen."""

    authenticated_data: bool = False
    signed: bool = False
    zone_unseen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    index: ZoneIndex
    overrides: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverridingResolver(Resolver):
    """A resolver whose answers are those of the overlay, where that has one; the last layer wins.

    `live` is the resolver below; `zones` is what it says of live zones, by the names asked for:
    Withheld if the zone fails validation, as whatever is in it does.
    """

    live: Resolver
    layers: tuple[_Layer, ...]
    zones: dict[str, Signs | Withheld | None] = field(default_factory=dict)

    async def lookup(self, name: str, rdtype: str) -> Lookup:
        """Return the record set of a name, from the overlay or from the live DNS."""
        return await self._follow(name, rdtype, MAX_ALIASES)

    def below(self) -> Resolver:
        """Return the resolver without overrides."""
        return self.live

    async def _follow(self, name: str, rdtype: str, time_budget: int) -> Lookup:
        if time_budget == 0:
            detail = f"the answer to {rdtype} {name} leads through {MAX_ALIASES} aliases or more"
            return Unseen(trouble=Trouble.ALIAS_CHAIN, detail=detail)
        given = await self._given(name, rdtype)
        if given is None:
            live = await Resolver.lookup(self, name, rdtype)
            return await self._led_here(name, live, rdtype, time_budget)
        if not isinstance(given, Answer) or given.records:
            return given
        return _through(given, await self._follow(given.owner, rdtype, time_budget - 1))

    async def _led_here(self, name: str, live: Lookup, rdtype: str, time_budget: int) -> Lookup:
        """Return what becomes of a live answer whose aliases meet the overlay."""
        if isinstance(live, Unseen):
            return live
        for location, asked in enumerate((name, *live.aliases)[: len(live.aliases)]):
            replacing = [one for one in self.layers if one.index.replaces_alias(asked)]
            target = live.aliases[location]
            if replacing:
                end = await self._found(asked, Absence.NODATA, rdtype, replacing[-1])
                return _through(replace(live, aliases=live.aliases[:location]), end)
            if any(one.index.find(target, rdtype) for one in self.layers):
                rest = await self._follow(target, rdtype, time_budget - 1)
                return _through(replace(live, aliases=live.aliases[: location + 1]), rest)
        return live

    async def _given(self, name: str, rdtype: str) -> Lookup | None:
        for layer in reversed(self.layers):
            found = layer.index.find(name, rdtype)
            if found is None or await self._stands_live(name, rdtype, found, layer):
                continue
            return await self._found(name, found, rdtype, layer)
        return None

    async def _found(
        self, name: str, found: RecordSet | Absence, rdtype: str, layer: _Layer
    ) -> Lookup:
        """Return what a layer has of a name, as secure as the live zone around it."""
        signs = await self._signs(name, layer)
        if not isinstance(signs, Signs):
            shown = _in_layer(name, found, rdtype, Signs(), layer)
            return replace(signs, unchecked=shown, overrides=layer.overrides)
        return _in_layer(name, found, rdtype, signs, layer)

    async def _stands_live(
        self, name: str, rdtype: str, found: RecordSet | Absence, layer: _Layer
    ) -> bool:
        """Return whether a name of its own goes before a wildcard of a few records (RFC 4592 3.3).

        A whole zone has all its names. Else the live DNS tells: what it answers to the wildcard's
        own name too is made from the wildcard that the given one replaces.
        """
        if layer.index.apex or isinstance(found, Absence) or not _is_wildcard(found, name):
            return False
        live = await self.live.lookup(name, rdtype)
        if isinstance(live, Absent) and live.absence is Absence.NXDOMAIN and not live.aliases:
            return False
        replaced = await self.live.lookup(found.name, rdtype)
        return _content(live) != _content(replaced)

    async def _signs(self, name: str, layer: _Layer) -> Signs | Withheld:
        """Return what tells whether the live zone is signed to which the records will be added."""
        apex = layer.index.apex
        if apex and (name == apex or name.endswith(f".{apex}")):
            return await self._signs_at(apex) or Signs()
        # Without a SOA record in the file, the zone is the nearest one that is live. One label does
        # not count: of a domain that is not there yet, its top-level domain tells nothing.
        nearer = Signs()
        while "." in name:
            signs = await self._signs_at(name)
            if isinstance(signs, Withheld):
                return signs
            if signs and not signs.zone_unseen:
                # Whatever lies below a zone that is not signed is not either.
                return nearer if nearer.zone_unseen and signs.authenticated_data else signs
            nearer = nearer if nearer.zone_unseen else signs or nearer
            _, _, name = name.partition(".")
        return nearer

    async def _signs_at(self, apex: str) -> Signs | Withheld | None:
        """Return those of the live zone of that name; None where there is no such zone."""
        if apex not in self.zones:
            self.zones[apex] = await self._ask_zone(apex)
        return self.zones[apex]

    async def _ask_zone(self, apex: str) -> Signs | Withheld | None:
        soa = await self.live.lookup(apex, "SOA")
        match soa:
            case Withheld():
                return soa
            case Unseen():
                return Signs(zone_unseen=f"the live zone {apex} was not seen: {soa.detail}")
            case Answer(aliases=()):
                return Signs(authenticated_data=soa.authenticated_data, signed=soa.signed)
            case _:
                return None


def with_zone_overrides(resolver: Resolver, overlay: Sequence[OverrideZone]) -> Resolver:
    """Return the resolver under an overlay; itself where there is none."""
    if not overlay:
        return resolver
    own = {entry.name: getattr(resolver, entry.name) for entry in fields(resolver)}
    layers = [_Layer(index=ZoneIndex.of(one.zone), overrides=one.overrides) for one in overlay]
    return OverridingResolver(**own, live=resolver, layers=tuple(layers))


def _is_wildcard(found: RecordSet, name: str) -> bool:
    return found.name.startswith("*.") and found.name != name


def _content(lookup: Lookup) -> object:
    """Return what a lookup showed, whatever name was asked for."""
    match lookup:
        case Answer():
            return frozenset(lookup.records), lookup.aliases
        case Absent():
            return lookup.absence, lookup.aliases
        case Unseen():
            return object()  # nobody knows


def _in_layer(
    name: str, found: RecordSet | Absence, rdtype: str, signs: Signs, layer: _Layer
) -> Answer | Absent:
    if isinstance(found, RecordSet):
        return _answer(name, found, rdtype, signs, layer)
    return _absent(found, signs, layer)


def _answer(name: str, found: RecordSet, rdtype: str, signs: Signs, layer: _Layer) -> Answer:
    """Return the records, or where the name is an alias.

    None, and the one name that it leads to.
    """
    is_alias = found.rdtype != rdtype
    return Answer(
        owner=found.records[0] if is_alias else name,
        records=() if is_alias else found.records,
        aliases=found.records[:1] if is_alias else (),
        ttl=found.ttl,
        authenticated_data=signs.authenticated_data,
        signed=signs.signed,
        overrides=layer.overrides,
        zone_unseen=signs.zone_unseen,
        wildcard=found.name if _is_wildcard(found, name) else "",
    )


def _absent(absence: Absence, signs: Signs, layer: _Layer) -> Absent:
    return Absent(
        absence=absence,
        authenticated_data=signs.authenticated_data,
        signed=signs.signed,
        overrides=layer.overrides,
        zone_unseen=signs.zone_unseen,
    )


def _through(first: Answer | Absent, rest: Lookup) -> Lookup:
    """Return what comes at the end of an alias; it is as secure as the least secure of both."""
    overrides = tuple(dict.fromkeys([*first.overrides, *rest.overrides]))
    if isinstance(rest, Unseen):
        return replace(rest, overrides=overrides)
    is_insecure = any(not one.authenticated_data and not one.zone_unseen for one in (first, rest))
    return replace(
        rest,
        aliases=(*first.aliases, *rest.aliases),
        authenticated_data=first.authenticated_data and rest.authenticated_data,
        signed=first.signed and rest.signed,
        overrides=overrides,
        zone_unseen="" if is_insecure else first.zone_unseen or rest.zone_unseen,
    )
