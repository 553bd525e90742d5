"""The world of the DANE cases: one domain, MX host, Postfix service and certificate a case."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cryptography import x509

from mxcheck.demo.certificates import Issued
from tests.real.certs import Authorities, Recipe, from_untrusted
from tests.real.dane import chains
from tests.real.dane.case import Case, tlsa_data
from tests.real.dane.cases import CASES
from tests.real.dane.certs import Dual
from tests.real.domains import Zone
from tests.real.population import Population
from tests.real.services import Service


def service_of(case: Case) -> Service:
    """Return the service of a case, as far as it does not take its certificate."""
    number = CASES.index(case) + 1
    return Service(name=case.name, addresses=(f"127.0.4.{number}",), options=case.options)


def populate(authorities: Authorities) -> Population:
    """Issue the certificates first: the TLSA records are made from them."""
    zones: list[Zone] = []
    services = []
    for case in CASES:
        service = service_of(case)
        issued = case.certificate(authorities, service.host)
        service = replace(service, certificate=_exactly(issued))
        certificates = _certificates(authorities, issued)
        if case.named:
            name = case.named.format(case=case.name)
            named = from_untrusted(authorities, name)
            service = replace(service, named=(name, _exactly(named)))
            certificates["named"] = named.certificate
        services.append(service)
        zones += _zones(case, service.address, certificates)
    return Population(
        zones=tuple(zones),
        services=tuple(services),
        mail_domains=tuple(case.domain for case in CASES),
    )


def _exactly(issued: Issued) -> Recipe:
    return lambda _authorities, _host: issued


def _certificates(authorities: Authorities, issued: Issued) -> dict[str, x509.Certificate]:
    return {
        "leaf": issued.certificate,
        "rsa": (issued.rsa if isinstance(issued, Dual) else issued).certificate,
        "next": issued.chain[:2][-1],
        "top": issued.chain[-1],
        "issuing": authorities.untrusted_issuing.certificate,
        "root": authorities.untrusted_root.certificate,
        "cross": chains.cross_signed(authorities),
        "other": authorities.issuing.certificate,
    }


def _zones(
    case: Case, address: str, certificates: Mapping[str, x509.Certificate]
) -> Iterator[Zone]:
    wrong = tlsa_data("3 1 1 other", certificates)
    tlsa = [tlsa_data(record, certificates) for record in case.tlsa]
    for zone in case.layout:
        lines = [
            line.format(case=case.name, address=address, tlsa=data, wrong=wrong)
            for line in zone.records
            for data in (tlsa if "{tlsa}" in line else [""])
        ]
        yield replace(zone, name=zone.name.format(case=case.name), records=tuple(lines))
