"""An SPF record with fewer lookups: includes that list networks alone are replaced by these."""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mxcheck.rules.remedies.spf import MAX_RECORD, as_txt, record_with
from mxcheck.wire.spf.check import MAX_LOOKUPS
from mxcheck.wire.spf.record import VERSION
from mxcheck.wire.spf.terms import Directive, IpNetwork, Mechanism, Result
from mxcheck.wire.spf.tree import Branch, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Flattened:
    """The records to publish, by name, that of the domain first.

    `replaced` are the terms whose networks they contain, `dropped` those that found nothing or were
    there twice, `lookups` is what the new record needs.
    """

    records: tuple[tuple[str, str], ...]
    replaced: tuple[str, ...]
    dropped: tuple[str, ...]
    lookups: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A term of the record, its lookups, and the networks that may take its place, if known."""

    text: str
    lookups: int = 0
    networks: tuple[IpNetwork, ...] | None = None


def flattened(root: Node, most: int = MAX_LOOKUPS) -> Flattened:
    """Return the record of a domain with at most so many lookups, or as few as can be had.

    Few includes are replaced, those with the most lookups first.
    """
    parts = list(_parts(root))
    kept = [part for part in dict.fromkeys(parts) if not _finds_nothing(part.text, root)]
    dropped = [part.text for part in parts if part not in kept]
    able = sorted(
        (part for part in kept if part.networks is not None),
        key=lambda part: (-part.lookups, len(part.networks or ())),
    )
    made = _written(root, kept, ())
    for number in range(len(able) + 1):
        made = _written(root, kept, able[:number])
        if made.lookups <= most:
            break
    return Flattened(
        records=made.records,
        replaced=made.replaced,
        dropped=tuple(dict.fromkeys(dropped)),
        lookups=made.lookups,
    )


def _parts(root: Node) -> Iterator[_Part]:
    """Yield the terms of the record that are reached, but for all and redirect.

    Networks may change their place only if no term decides against a client.
    """
    by_term = {one.term.text: one for one in root.branches}
    directives = root.record.directives if root.record else ()
    can_move = all(
        one.result is Result.PASS for one in directives if one.mechanism is not Mechanism.ALL
    )
    for directive in directives:
        if directive.mechanism is Mechanism.ALL:
            return
        branch = by_term.get(directive.text)
        yield _Part(
            text=directive.text,
            lookups=branch.lookups if branch else 0,
            networks=_replacement(directive, branch) if can_move else None,
        )


def _replacement(directive: Directive, branch: Branch | None) -> tuple[IpNetwork, ...] | None:
    if branch is None or branch.node is None or directive.result is not Result.PASS:
        return None
    found = networks_of(branch.node)
    return None if found is None else tuple(_collapsed(found))


def networks_of(node: Node) -> tuple[IpNetwork, ...] | None:
    """Return the networks that pass by a record; None if anything else decides too."""
    record = node.record
    if record is None or record.faults or node.told_others is Result.PASS:
        return None
    networks: list[IpNetwork] = []
    below = {one.term.text: one.node for one in node.branches}
    for directive in record.directives:
        if directive.mechanism is Mechanism.ALL:
            return tuple(networks)
        found: tuple[IpNetwork, ...] | None = (directive.network,) if directive.network else None
        if directive.mechanism is Mechanism.INCLUDE:
            target = below.get(directive.text)
            found = networks_of(target) if target else None
        if found is None or directive.result is not Result.PASS:
            return None
        networks += found
    if record.redirect is None:
        return tuple(networks)
    target = below.get(record.redirect.text)
    rest = networks_of(target) if target else None
    return None if rest is None else (*networks, *rest)


def _collapsed(networks: Iterable[IpNetwork]) -> Iterator[IpNetwork]:
    found = list(networks)
    of_ip4 = [one for one in found if isinstance(one, ipaddress.IPv4Network)]
    of_ip6 = [one for one in found if isinstance(one, ipaddress.IPv6Network)]
    yield from ipaddress.collapse_addresses(of_ip4)
    yield from ipaddress.collapse_addresses(of_ip6)


def _finds_nothing(term: str, root: Node) -> bool:
    return any(one.is_void and one.term.text == term for one in root.branches)


def _written(root: Node, parts: Sequence[_Part], replaced: Sequence[_Part]) -> Flattened:
    """Return the records in which some parts are replaced by their networks."""
    networks = _collapsed(net for part in replaced for net in part.networks or ())
    flat = [_term(network) for network in networks]
    kept = [part for part in parts if part not in replaced]
    lookups = sum(part.lookups for part in kept) + _lookups_of_redirect(root)
    whole = _record(root, [*(part.text for part in kept), *flat])
    records = [(root.domain, whole)]
    if len(whole) > MAX_RECORD and flat:
        others = list(_split(flat, root.domain))
        includes = [f"include:{name}" for name, _ in others]
        own = _record(root, [*(part.text for part in kept), *includes])
        records = [(root.domain, own), *others]
        lookups += len(others)
    return Flattened(
        records=tuple(records),
        replaced=tuple(part.text for part in replaced),
        dropped=(),
        lookups=lookups,
    )


def _lookups_of_redirect(root: Node) -> int:
    redirect = root.record.redirect if root.record else None
    return sum(one.lookups for one in root.branches if one.term is redirect)


def _record(root: Node, terms: Sequence[str]) -> str:
    """Return a record of these terms that ends as the old one does."""
    record = root.record
    if record is None:
        return record_with(terms)
    end = record.all or record.redirect
    modifiers = [one.text for one in record.others]
    return record_with([*terms, *([end.text] if end else []), *modifiers])


def _term(network: IpNetwork) -> str:
    length = "" if network.prefixlen == network.max_prefixlen else f"/{network.prefixlen}"
    return f"ip{network.version}:{network.network_address}{length}"


def _split(terms: Sequence[str], domain: str) -> Iterator[tuple[str, str]]:
    """Yield records of at most MAX_RECORD bytes, with the names to publish them at."""
    rest = list(terms)
    number = 0
    while rest:
        number += 1
        size = len(VERSION) + len(" -all")
        taken = 0
        while taken < len(rest) and size + len(rest[taken]) + 1 <= MAX_RECORD:
            size += len(rest[taken]) + 1
            taken += 1
        yield f"_spf{number}.{domain}", record_with([*rest[:taken], "-all"])
        rest = rest[taken:]


def flat_remedy(root: Node) -> str:
    """Return what to publish so that receivers get by with fewer lookups, and what to watch."""
    made = flattened(root)
    if not made.replaced and not made.dropped:
        return _leave_out(root)
    records = ", ".join(as_txt(name, record) for name, record in made.records)
    if made.lookups > MAX_LOOKUPS:
        return f"{_leave_out(root)} So far as can be said here, {records} needs {made.lookups}."
    gone = f", without {_listed(made.dropped)}, which adds nothing" if made.dropped else ""
    text = f"Publish {records}: it needs {made.lookups} lookups{gone}."
    if made.replaced:
        text += (
            f" It contains the networks of {_listed(made.replaced)} as they are now: watch those"
            " records, and publish this one anew when they change, or mail will fail SPF."
        )
    return text


def _leave_out(root: Node) -> str:
    most = sorted(root.branches, key=lambda one: -one.lookups)[:3]
    return (
        "Leave out what no longer sends mail of the domain, or give a service a subdomain of its"
        f" own; most lookups come from {_listed([one.term.text for one in most])}."
    )


def _listed(terms: Sequence[str]) -> str:
    return ", ".join(f"`{term}`" for term in terms)
