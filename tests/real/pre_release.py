"""The world of changes before they are made: what is live, and what is about to be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from mxcheck.demo.building import tlsa_record
from mxcheck.demo.certificates import Issued
from tests.real import certs
from tests.real.certs import Authorities, Recipe
from tests.real.checked import Checked
from tests.real.dane.case import Delivery
from tests.real.dane.posttls_finger import delivery_of, finger
from tests.real.domains import State, Zone
from tests.real.population import Population
from tests.real.postfix import ONE_CLIENT_EACH
from tests.real.services import Service
from tests.real.world import RealWorld, running

STAGING_PORT = 2525
MOVING = ("staged-mx", "new-zone", "unsigned-zone", "expired-zone", "unloaded-zone")
REPORTS = '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@reports.test"'

STAGED = Service(
    name="staged",
    addresses=("127.0.8.1",),
    port=STAGING_PORT,
    certificate=certs.trusted("mx-new.staged-mx.test"),
)
FORGETFUL = Service(
    name="forgetful",
    addresses=("127.0.8.2",),
    port=STAGING_PORT,
    certificate=certs.trusted("mx-new.staged-mx.test"),
    options=("rewrite_service_name=rewrite-for-nobody",),
)
MISNAMED = Service(
    name="misnamed",
    addresses=("127.0.8.3",),
    port=STAGING_PORT,
    certificate=certs.trusted(names=["mail.elsewhere.test"]),
)
OLD = Service(
    name="old",
    addresses=("127.0.8.4",),
    certificate=certs.trusted(*(f"mx.{name}.test" for name in MOVING)),
)
NEW = Service(
    name="new",
    addresses=("127.0.8.5",),
    certificate=certs.trusted(*(f"mx-new.{name}.test" for name in MOVING), "backup.abroad.test"),
)
RENEWED = Service(name="renewed", addresses=("127.0.8.6",), options=(ONE_CLIENT_EACH,))
KEPT = Service(name="kept", addresses=("127.0.8.7",), options=(ONE_CLIENT_EACH,))
UNDER_WILDCARD = Service(name="wildcard", addresses=("127.0.8.8",), options=(ONE_CLIENT_EACH,))
WITH_TLSA = (RENEWED, KEPT, UNDER_WILDCARD)
SERVICES = (STAGED, FORGETFUL, MISNAMED, *WITH_TLSA, OLD, NEW)


def moving(name: str) -> Zone:
    """A domain with one MX host, which is about to have another."""
    return Zone(name=f"{name}.test", records=("@ MX 10 mx", f"mx A {OLD.address}", REPORTS))


ZONES = (
    *map(moving, MOVING[:2]),
    replace(moving("unsigned-zone"), state=State.UNSIGNED),
    replace(moving("expired-zone"), state=State.EXPIRED),
    replace(moving("unloaded-zone"), state=State.UNLOADED),
    # Where the new zone leads to, and what it does not change.
    Zone(
        name="abroad.test",
        records=(
            f"backup A {NEW.address}",
            '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@abroad.test"',
        ),
    ),
)


@dataclass(slots=True)
class Issuances:
    """The certificates with which services begin, by name: TLSA records are made from them."""

    by_name: dict[str, Issued] = field(default_factory=dict)

    def populate(self, authorities: Authorities) -> Population:
        """Issue them, and publish the record of each that is about to be renewed."""
        for service in SERVICES:
            self.by_name[service.name] = service.certificate(authorities, service.host)
        zones = (*ZONES, *(self.zone(service) for service in WITH_TLSA))
        return Population(
            zones=zones,
            services=tuple(
                replace(service, certificate=_exactly(self.by_name[service.name]))
                for service in SERVICES
            ),
            mail_domains=tuple(zone.name for zone in zones),
        )

    def zone(self, service: Service) -> Zone:
        """The zone of a service, with the TLSA record of the certificate with which it begins."""
        record = tlsa_record(service.host, self.by_name[service.name])
        if service is UNDER_WILDCARD:
            record = record.replace("_25.", "*.", 1)
        records = ("@ MX 10 mx", f"mx A {service.address}", record, REPORTS)
        return Zone(name=service.domain, records=records)


def _exactly(issued: Issued) -> Recipe:
    return lambda _authorities, _host: issued


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is live, and the certificates with which it began, by service."""

    real: RealWorld
    issuances: Issuances

    def issued(self, service: Service) -> Issued:
        """The certificate with which a service began."""
        return self.issuances.by_name[service.name]

    def finger(self, service: Service) -> Delivery:
        """What becomes of a message, by Postfix's own client."""
        return delivery_of(finger(self.real.namespace, service.domain))


@contextmanager
def running_pre_release(name: str) -> Iterator[World]:
    """Start the world in a namespace of that name; end it with the block."""
    issuances = Issuances()
    with running(name, issuances.populate) as real:
        yield World(real=real, issuances=issuances)


def marks(checked: Checked) -> set[str]:
    """The rules of the results that name an override."""
    return {
        result["rule"]
        for domain in checked.report["domains"]
        for result in domain["results"]
        if "(what if: " in result["message"]
    }
