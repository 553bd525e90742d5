"""Which overrides a result rests on: a change before it is made, as reports must name it."""

from collections.abc import Iterable, Iterator

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.mta_sts import PolicyResponse
from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import AnyRule, DomainCase, Family, MxCase

# Beside those of the family, the rules that look at the certificate.
_OF_CERTIFICATE = frozenset({"dane-mismatch", "mta-sts-mx-unauthenticated"})
_OF_TLS_RPT = frozenset({"tls-rpt-missing", "tls-rpt-record-invalid"})


def rests_on(rule: AnyRule, case: DomainCase) -> tuple[str, ...]:
    """The names of the overrides behind what a rule looks at, each once."""
    return tuple(dict.fromkeys(_behind(rule, case)))


def used_what_ifs(domains: Iterable[Domain]) -> frozenset[str]:
    """The names of all overrides that something in the evidence came from."""
    return frozenset(name for domain in domains for name in _of_whole(domain))


def _behind(rule: AnyRule, case: DomainCase) -> Iterator[str]:
    domain = case.domain
    if rule.family is Family.MTA_STS:
        yield from _of_tls_rpt(domain) if rule.id in _OF_TLS_RPT else _of_mta_sts(domain)
    if isinstance(case, MxCase):
        yield from _of(domain.mx)
        yield from _of(case.host.ipv4, case.host.ipv6, case.host.alias)
        if rule.family in {Family.DANE, Family.CERT}:
            yield from _of(*(one.lookup for one in case.host.tlsa))
        if rule.family is Family.CERT or rule.id in _OF_CERTIFICATE:
            yield from _of_chain(case.host)
    elif rule.family is Family.DNS:
        yield from _of(domain.mx)


def _of_whole(domain: Domain) -> Iterator[str]:
    yield from _of(domain.mx)
    yield from _of_mta_sts(domain)
    yield from _of_tls_rpt(domain)
    for host in domain.hosts:
        yield from _of(host.ipv4, host.ipv6, host.alias, *(one.lookup for one in host.tlsa))
        yield from _of_chain(host)


def _of(*lookups: Lookup) -> Iterator[str]:
    for lookup in lookups:
        if not isinstance(lookup, Unseen):
            yield from lookup.what_ifs


def _of_mta_sts(domain: Domain) -> Iterator[str]:
    yield from _of(domain.mta_sts.record)
    if isinstance(domain.mta_sts.policy, PolicyResponse):
        yield from domain.mta_sts.policy.what_ifs


def _of_tls_rpt(domain: Domain) -> Iterator[str]:
    yield from _of(domain.tls_rpt)


def _of_chain(host: MxHost) -> Iterator[str]:
    if host.chain:
        yield from host.chain.what_ifs
