"""Which overrides a result rests on: a change before it is made, as reports must name it."""

from collections.abc import Iterator

from mxcheck.evidence.dns import Absent, Lookup
from mxcheck.evidence.domain import Domain, Evidence, MxHost
from mxcheck.rules.base import AnyRule, DomainCase, EndpointCase, Family, MxCase

_OF_MX_NAME = frozenset({"mx-is-address", "mta-sts-mx-unlisted"})
_OF_CERTIFICATE = frozenset({"dane-mismatch", "mta-sts-mx-unauthenticated"})
_NOT_OF_TLSA = frozenset({"cert-key-weak", "cert-signature-weak"})
_OF_STS_RECORD = frozenset({"mta-sts-missing", "mta-sts-record-invalid"})
_OF_TLS_RPT = frozenset({"tls-rpt-missing", "tls-rpt-record-invalid"})


def overrides_behind(rule: AnyRule, case: DomainCase, *, failed: bool) -> tuple[str, ...]:
    """The names of the overrides behind what a rule looked at, each once.

    What it says of a failure may rest on more than its looking for one.
    """
    behind = list(_behind(rule, case))
    if failed:
        behind += _behind_failure(rule, case)
    return tuple(dict.fromkeys(behind))


def used_overrides(evidence: Evidence) -> frozenset[str]:
    """The names of all overrides that something in the evidence came from."""
    names = {name for domain in evidence.domains for name in _of_whole(domain)}
    for reverse in evidence.reverse:
        names.update(_of(reverse.ptr, *(one.addresses for one in reverse.forward)))
    return frozenset(names)


def _behind(rule: AnyRule, case: DomainCase) -> Iterator[str]:
    domain = case.domain
    if not domain.hosts:
        yield from _of(domain.mx)
    if rule.family is Family.MTA_STS:
        yield from _of_policies(rule, domain)
    if isinstance(case, MxCase):
        yield from _of(domain.mx)
        yield from _at_host(rule, case)
    elif rule.family is Family.DNS:
        yield from _of(domain.mx)
        if isinstance(domain.mx, Absent):  # the domain itself stands in (RFC 5321 5.1)
            yield from _of(*(one for host in domain.hosts for one in (host.ipv4, host.ipv6)))


def _at_host(rule: AnyRule, case: MxCase) -> Iterator[str]:
    host = case.host
    if rule.id not in _OF_MX_NAME:
        yield from _of(host.ipv4, host.ipv6, host.alias)
    if rule.family in {Family.DANE, Family.CERT} and rule.id not in _NOT_OF_TLSA:
        yield from _of_tlsa(host)
    if rule.family is Family.CERT or rule.id in _OF_CERTIFICATE:
        yield from _of_chain(host)
    if rule.id == "reverse-dns-mismatch" and isinstance(case, EndpointCase):
        reverse = case.evidence.reverse_of(case.visit.address)
        yield from _of(reverse.ptr, *(one.addresses for one in reverse.forward))


def _behind_failure(rule: AnyRule, case: DomainCase) -> Iterator[str]:
    """What the words about a failure rest on: whether a policy promises it, what to publish."""
    if rule.family is Family.CERT and rule.id not in _NOT_OF_TLSA:
        yield from _of(case.domain.mta_sts.record)
        yield from case.domain.mta_sts.policy.overrides
    if rule.id == "dane-unusable" and isinstance(case, MxCase):
        yield from _of_chain(case.host)


def _of_policies(rule: AnyRule, domain: Domain) -> Iterator[str]:
    if rule.id in _OF_TLS_RPT:
        yield from _of(domain.tls_rpt)
    if rule.id == "tls-rpt-missing":  # it is asked for where MTA-STS or DANE is in use
        yield from (name for host in domain.hosts for name in _of_tlsa(host))
    if rule.id != "tls-rpt-record-invalid":
        yield from _of(domain.mta_sts.record)
    if rule.id not in _OF_STS_RECORD | {"tls-rpt-record-invalid"}:
        yield from domain.mta_sts.policy.overrides


def _of_whole(domain: Domain) -> Iterator[str]:
    yield from _of(domain.mx, domain.mta_sts.record, domain.tls_rpt)
    yield from domain.mta_sts.policy.overrides
    for host in domain.hosts:
        yield from _of(host.ipv4, host.ipv6, host.alias)
        yield from _of_tlsa(host)
        yield from _of_chain(host)


def _of_tlsa(host: MxHost) -> Iterator[str]:
    yield from _of(*(one.lookup for one in host.tlsa))


def _of_chain(host: MxHost) -> Iterator[str]:
    if host.chain:
        yield from host.chain.overrides


def _of(*lookups: Lookup) -> Iterator[str]:
    for lookup in lookups:
        yield from lookup.overrides
