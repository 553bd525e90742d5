"""Whether the resolver knows the root of DNS, and can be believed on DNSSEC."""

from collections.abc import Iterator, Sequence

from mxcheck.evidence.dns import Absent, AskedResolver
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.surroundings import Surroundings
from mxcheck.judge.doctor.finding import Finding, Weight
from mxcheck.rules.facts.dnssec import doubt_about

_REMEDY = (
    "Repair it, or name another one: --resolver 192.0.2.53 (an address that this network lets"
    " through), or --resolver https://dns.quad9.net/dns-query."
)


def check_resolver(seen: Surroundings) -> Iterator[Finding]:
    """Judge each resolver, and what of them together tells about DNSSEC."""
    if isinstance(seen.resolvers, Unseen):
        yield _finding(Weight.OBSTACLE, seen.resolvers.detail)
        return
    troubles = {one.name: _trouble(one) for one in seen.resolvers}
    works = not all(troubles.values())
    for name, trouble in troubles.items():
        if trouble:
            yield _finding(Weight.LIMIT if works else Weight.OBSTACLE, trouble)
        else:
            yield Finding(about="resolver", weight=Weight.GOOD, seen=f"{name} knows the root")
    if works:
        yield from _dnssec([one for one in seen.resolvers if not troubles[one.name]])


def _finding(weight: Weight, seen: str) -> Finding:
    return Finding(about="resolver", weight=weight, seen=seen, remedy=_REMEDY)


def _trouble(resolver: AskedResolver) -> str:
    match resolver.root_soa:
        case Unseen(detail=detail):
            return f"{resolver.name} does not answer for the root: {detail}"
        case Absent():
            return f"{resolver.name} says that the root of DNS does not exist"
        case _:
            return ""


def _dnssec(resolvers: Sequence[AskedResolver]) -> Iterator[Finding]:
    doubt = doubt_about((), resolvers)
    if doubt is None:
        words = "the resolver validates, and its word counts"
        yield Finding(about="DNSSEC", weight=Weight.GOOD, seen=words)
        return
    words = f"{doubt.why}; results about DNSSEC and DANE may be unknown"
    yield Finding(about="DNSSEC", weight=Weight.LIMIT, seen=words, remedy=doubt.remedy)
