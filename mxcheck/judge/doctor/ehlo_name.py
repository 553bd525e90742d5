"""The name that servers hear in EHLO, and whether the names of addresses agree with it."""

from collections.abc import Iterator

from mxcheck.evidence.dns import Absent, Answer, ReverseDns
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.surroundings import EhloName, Surroundings
from mxcheck.judge.doctor.finding import Finding, Weight

_REFUSED = "some servers turn such clients away"


def check_ehlo_name(seen: Surroundings) -> Iterator[Finding]:
    """Judge the name for EHLO, then the reverse name of each address that servers may see."""
    if isinstance(seen.resolvers, Unseen) or (seen.way and seen.way.trouble):
        return
    yield _name(seen.ehlo)
    for reverse in seen.ehlo.reverse:
        yield _reverse(reverse, seen.ehlo.name)


def _name(ehlo: EhloName) -> Finding:
    about = "EHLO name"
    if not ehlo.name:
        why = "is not in DNS" if "." in ehlo.host_name else "is not a full domain name"
        words = f"none: {ehlo.host_name or 'the name of this machine'} {why}, so servers"
        return Finding(
            about=about,
            weight=Weight.LIMIT,
            seen=f"{words} hear the address in its place, and {_REFUSED}",
            remedy="Give this machine's name in DNS with --ehlo-name.",
        )
    known = any(isinstance(lookup, Answer) for lookup in (ehlo.ipv4, ehlo.ipv6))
    if known or ehlo.name.startswith("["):
        return Finding(about=about, weight=Weight.GOOD, seen=ehlo.name)
    return Finding(
        about=about,
        weight=Weight.LIMIT,
        seen=f"{ehlo.name} has no address in DNS: {_REFUSED}",
        remedy="Publish its address records, or give another name with --ehlo-name.",
    )


def _reverse(reverse: ReverseDns, name: str) -> Finding:
    about = "reverse name"
    names = reverse.ptr.records if isinstance(reverse.ptr, Answer) else ()
    if isinstance(reverse.ptr, Unseen):
        words = f"that of {reverse.address} is not known: {reverse.ptr.detail}"
        return Finding(about=about, weight=Weight.LIMIT, seen=words)
    if name and name in names:
        return Finding(about=about, weight=Weight.GOOD, seen=f"{reverse.address} is {name}")
    has = "has none" if isinstance(reverse.ptr, Absent) else f"is {', '.join(names)}"
    wanted = name or "a name of yours that has this address"
    return Finding(
        about=about,
        weight=Weight.LIMIT,
        seen=f"{reverse.address} {has}, not {wanted}: {_REFUSED}",
        remedy=f"Let the provider of the address set its PTR record to {wanted}.",
    )
