"""Who lives in a real world: its zones, and the Postfix services that answer in it."""

from dataclasses import dataclass

from tests.real.domains import MAIL_DOMAINS, ZONES, Zone
from tests.real.relay_services import RELAY_SERVICES
from tests.real.services import SERVICES, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """`mail_domains` are those that Postfix takes mail for."""

    zones: tuple[Zone, ...]
    services: tuple[Service, ...]
    mail_domains: tuple[str, ...]


MAIN = Population(zones=ZONES, services=(*SERVICES, *RELAY_SERVICES), mail_domains=MAIL_DOMAINS)
