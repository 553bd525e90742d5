"""The world of the MTA-STS cases: Postfix behind one nginx with a policy host a case."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.real import certs
from tests.real.certs import Authorities
from tests.real.domains import State, Zone
from tests.real.nginx import Nginx, PolicySite
from tests.real.population import Population
from tests.real.services import Service
from tests.real.sts_case import Case, Host
from tests.real.sts_cases import CASES
from tests.real.world import RealWorld, running

_WELL = Service(
    name="well",
    addresses=("127.0.5.1",),
    certificate=certs.trusted(*(case.mx_host for case in CASES)),
)
SERVICES = (
    _WELL,
    Service(name="mx-expired", addresses=("127.0.5.2",), certificate=certs.expired()),
    Service(
        name="mx-misnamed",
        addresses=("127.0.5.3",),
        certificate=certs.trusted(names=["mail.elsewhere.test"]),
    ),
    Service(name="mx-self-signed", addresses=("127.0.5.4",), certificate=certs.own_issuer),
    Service(
        name="mx-in-clear", addresses=("127.0.5.5",), options=("smtpd_tls_security_level=none",)
    ),
)
_MX = {service.name: service.address for service in SERVICES}


@dataclass(frozen=True, slots=True, kw_only=True)
class StsWorld:
    world: RealWorld
    nginx: Nginx


@contextmanager
def running_sts(name: str) -> Iterator[StsWorld]:
    """Start the world in a namespace of that name; end it with the block."""
    with running(name, _populate) as world:
        for case in CASES:
            if case.second:
                world.namespace.add_address(f"{address6_of(case)}/128")
        sites = [site for case in CASES for site in _sites(case, world.authorities)]
        nginx = Nginx(world.namespace, world.folder / "nginx", sites)
        try:
            nginx.wait_for()
            yield StsWorld(world=world, nginx=nginx)
        finally:
            nginx.stop()


def _populate(_: Authorities) -> Population:
    return Population(
        zones=tuple(map(_zone, CASES)),
        services=SERVICES,
        mail_domains=tuple(case.domain for case in CASES),
    )


def _zone(case: Case) -> Zone:
    addresses = {"{address}": address_of(case), "{address6}": address6_of(case)}
    records = list(case.records)
    for name, address in addresses.items():
        records = [record.replace(name, address) for record in records]
    return Zone(
        name=case.domain,
        records=("@ MX 10 mx", f"mx A {_MX[case.mx]}", *records),
        state=State.UNSIGNED,
    )


def _sites(case: Case, authorities: Authorities) -> Iterator[PolicySite]:
    yield _site(case, case.first, address_of(case), authorities)
    if case.second:
        yield _site(case, case.second, address6_of(case), authorities)


def _site(case: Case, host: Host, address: str, authorities: Authorities) -> PolicySite:
    policy = host.policy if isinstance(host.policy, bytes) else host.policy.encode()
    return PolicySite(
        name=case.policy_host,
        address=address,
        issued=host.certificate(authorities, case.policy_host),
        policy=policy.replace(b"{mx}", case.mx_host.encode()),
        options=host.options,
        beside=host.beside,
    )


def address_of(case: Case) -> str:
    """Return the IPv4 address of a case's policy host."""
    return f"127.0.6.{CASES.index(case) + 1}"


def address6_of(case: Case) -> str:
    """Return the IPv6 address of a case's policy host."""
    return f"fd77::6:{CASES.index(case) + 1:x}"
