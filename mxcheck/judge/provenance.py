"""Which overrides a result rests on: reports must name a change before it is made."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from mxcheck.evidence.dns import Absent, Lookup
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.items import Item, Readable
from mxcheck.evidence.records import PlainRecord
from mxcheck.rules.base import AnyRule, DomainCase, EndpointCase, MxCase, Scope, SelectorCase


def overrides_behind(rule: AnyRule, case: DomainCase, *, failed: bool) -> tuple[str, ...]:
    """Return the names of the overrides behind what a rule reads of a case, each once.

    A failure may rest on more than the search for it.
    """
    items = rule.all_reads if failed else rule.reads
    return tuple(dict.fromkeys((*_behind_subject(rule.scope, case), *_behind(items, case))))


def _behind_subject(scope: Scope, case: DomainCase) -> Iterator[str]:
    """Yield what led to the subject: the MX answer to a host, or to none; a host to an address."""
    if scope in {Scope.MX, Scope.ENDPOINT}:
        yield from _of(case.domain.mx)
    if isinstance(case, EndpointCase):
        yield from _of(case.host.ipv4, case.host.ipv6)


def _behind(items: Iterable[Readable], case: DomainCase) -> Iterator[str]:
    for item in dict.fromkeys(items):
        if isinstance(item, PlainRecord):
            yield from _of(case.domain.record(item))
        else:
            yield from _of_item(item, case)


def _of_item(item: Item, case: DomainCase) -> Iterator[str]:  # noqa: C901, PLR0912 - one case an item
    match item:
        case Item.MX:
            yield from _of(case.domain.mx)
        case Item.NO_HOSTS:
            yield from () if case.domain.hosts else _of(case.domain.mx)
        case Item.ADDRESSES:
            yield from (name for host in _hosts(case) for name in _of(host.ipv4, host.ipv6))
        case Item.OWN_ADDRESSES:
            if isinstance(case.domain.mx, Absent):
                yield from (name for one in case.domain.hosts for name in _of(one.ipv4, one.ipv6))
        case Item.TLSA:
            for host in _hosts(case):
                yield from _of(host.alias, *(one.lookup for one in host.tlsa))
        case Item.PTR:
            if isinstance(case, EndpointCase):
                reverse = case.run.reverse_of(case.visit.address)
                yield from _of(reverse.ptr, *(one.addresses for one in reverse.forward))
        case Item.STS_RECORD:
            yield from _of(case.domain.mta_sts.record)
        case Item.STS_POLICY:
            yield from case.domain.mta_sts.policy.overrides
        case Item.GIVEN_CHAIN:
            yield from (
                name for host in _hosts(case) if host.chain for name in host.chain.overrides
            )
        case Item.CAA_SETS:
            yield from _of(*(one.lookup for one in case.domain.caa))
        case Item.DMARC | Item.DMARC_REPORTS | Item.DKIM_KEYS:
            yield from _of_posture(item, case)
        # No override replaces what servers or live resolvers answer.
        case Item.RESOLVERS | Item.VISIT | Item.EGRESS | Item.RELAY | Item.INJECTION:
            return
        case Item.OLD_TLS | Item.FAILED_HANDSHAKE | Item.OTHER_CHAIN:
            return
        case Item.BASE_CHAINS | Item.LARGE_HELLO | Item.NAME_SERVERS:
            return
        case _:
            assert_never(item)


def _of_posture(item: Item, case: DomainCase) -> Iterator[str]:
    if item is Item.DKIM_KEYS:
        yield from _of_keys(case)
    else:
        dmarc = case.domain.dmarc
        asked = dmarc.walk if item is Item.DMARC else dmarc.permissions
        yield from _of(*(one.lookup for one in asked))


def _of_keys(case: DomainCase) -> Iterator[str]:
    """Yield what is behind the key of the selector, or of each if the rule is about all."""
    if isinstance(case, SelectorCase):
        yield from _of(case.domain.dkim_key(case.selector))
    else:
        yield from _of(*(one.lookup for one in case.domain.dkim))


def _hosts(case: DomainCase) -> tuple[MxHost, ...]:
    return (case.host,) if isinstance(case, MxCase) else case.domain.hosts


def _of(*lookups: Lookup) -> Iterator[str]:
    for lookup in lookups:
        yield from lookup.overrides
