"""The names of the real world: one domain a case, each a zone of its own below `test`."""

from dataclasses import dataclass
from enum import StrEnum

from tests.real.exim_services import BLOCKLIST, EXIM_SERVICES
from tests.real.mail_host import MailHost
from tests.real.opensmtpd import OPENSMTPD_SERVICES
from tests.real.relay_services import RELAY_SERVICES
from tests.real.services import BY_NAME, SERVICES

NAMESERVER = "127.0.0.53"
SECOND_NAMESERVER = "127.0.0.55"
NOBODY = "127.0.1.99"  # nothing listens: connections are refused
SWALLOWING = "10.77.0.99"  # nothing answers: connections time out
SWALLOWING_IPV6 = "fd77::99"
WITHOUT_ROUTE = "2001:db8::25"  # the namespace has no route to it


class State(StrEnum):
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    EXPIRED = "expired"  # the signatures are, so that a validating resolver says SERVFAIL
    WRONG_DS = "wrong-ds"  # the zone above vouches for another key; SERVFAIL again
    UNLOADED = "unloaded"  # the name server is to serve it but has no data, and says SERVFAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """`records` are lines of a zone file, relative to `name`, without SOA and NS.

    `names` are the NS records in the zone; it is delegated to the first server, whatever they say.
    """

    name: str
    records: tuple[str, ...] = ()
    state: State = State.SIGNED
    nameserver: str = NAMESERVER
    serial: int = 1
    names: tuple[str, ...] = ("ns.test.",)


def _zone_of(service: MailHost) -> Zone:
    addresses = (
        f"mx {'AAAA' if ':' in address else 'A'} {address}" for address in service.addresses
    )
    return Zone(name=service.domain, records=("@ MX 10 mx", *addresses))


_HEALTHY = BY_NAME["healthy"].addresses[0]
_TO_HEALTHY = ("@ MX 10 mx.healthy.test.",)

# Many domains of which one host is the MX, by that host's domain.
MANY = {
    mx: tuple(f"d{number}.{mx.removesuffix('.test')}.many.test" for number in range(60))
    for mx in ("healthy.test", "exim-many.test")
}

# Of the second name server, or of one that is silent, the first one tells the address.
_TWO = ("ns.test.", "second.ns.many.test.")

ZONES = (
    *map(_zone_of, (*SERVICES, *RELAY_SERVICES, *EXIM_SERVICES, *OPENSMTPD_SERVICES)),
    Zone(
        name=BLOCKLIST,
        records=("1.0.0.127 A 127.0.0.2", '1.0.0.127 TXT "see https://blocklist.test/"'),
    ),
    Zone(name="xn--bcher-kva.test", records=_TO_HEALTHY),
    Zone(name="unsigned.test", records=_TO_HEALTHY, state=State.UNSIGNED),
    Zone(name="bogus.test", records=_TO_HEALTHY, state=State.EXPIRED),
    Zone(name="wrong-ds.test", records=_TO_HEALTHY, state=State.WRONG_DS),
    Zone(name="bogus-host.test", records=("@ MX 10 mx.bogus.test.",)),
    Zone(name="bogus-sts.test", records=(*_TO_HEALTHY, "_mta-sts CNAME sts.bogus.test.")),
    Zone(
        name="bogus-policy.test",
        records=(
            *_TO_HEALTHY,
            '_mta-sts TXT "v=STSv1; id=1"',
            "mta-sts CNAME policy.wrong-ds.test.",
        ),
    ),
    Zone(name="alias-loop.test", records=("@ MX 10 mx", "mx CNAME loop", "loop CNAME mx")),
    Zone(
        name="aliases.test",
        records=(
            "secure CNAME healthy.test.",
            "insecure CNAME unsigned.test.",
            "bogus CNAME bogus.test.",
        ),
    ),
    Zone(
        name="unsigned-aliases.test",
        records=("secure CNAME healthy.test.",),
        state=State.UNSIGNED,
    ),
    Zone(name="unloaded.test", state=State.UNLOADED),
    Zone(name="silent.test", nameserver=SWALLOWING, state=State.UNSIGNED),
    Zone(name="parked.test", records=("@ MX 0 .", f"@ A {_HEALTHY}")),
    Zone(name="implicit.test", records=(f"@ A {_HEALTHY}",)),
    Zone(name="nodata.test", records=('@ TXT "no mail and no host here"',)),
    Zone(name="unresolvable.test", records=("@ MX 10 mx",)),
    Zone(name="space-mx.test", records=("@ MX 10 mx\\032", f"mx\\032 A {_HEALTHY}")),
    Zone(name="port-mx.test", records=("@ MX 10 mx:25", f"mx:25 A {_HEALTHY}")),
    Zone(
        name="umlaut-mx.test",
        records=("@ MX 10 m\\195\\164il", f"m\\195\\164il A {_HEALTHY}"),
    ),
    Zone(name="underscore-mx.test", records=("@ MX 10 mx_1", f"mx_1 A {_HEALTHY}")),
    Zone(name="literal.test", records=("@ MX 10 127.0.0.2.",)),
    Zone(
        name="addresses.test",
        records=(
            "@ MX 10 mx",
            *(f"mx A {BY_NAME[name].addresses[0]}" for name in ("healthy", "also-healthy")),
        ),
    ),
    Zone(name="alias.test", records=("@ MX 10 mx", "mx CNAME mx.healthy.test.")),
    Zone(
        name="second-mx-dead.test",
        records=("@ MX 10 mx1", "@ MX 20 mx2", f"mx1 A {_HEALTHY}", f"mx2 A {SWALLOWING}"),
    ),
    Zone(
        name="second-mx-open.test",
        records=("@ MX 10 mx.healthy.test.", "@ MX 20 mx.open-relay.test."),
    ),
    Zone(
        name="many.test",
        records=(
            *(f"{domain}. MX 10 mx.{mx}." for mx, domains in MANY.items() for domain in domains),
            f"second.ns A {SECOND_NAMESERVER}",
            f"silent.ns A {SWALLOWING}",
        ),
    ),
    Zone(name="agreed.test", records=_TO_HEALTHY, state=State.UNSIGNED, names=_TWO),
    Zone(name="disagreed.test", records=_TO_HEALTHY, state=State.UNSIGNED, names=_TWO),
    Zone(name="lame.test", records=_TO_HEALTHY, state=State.UNSIGNED, names=_TWO),
    Zone(
        name="half-silent.test",
        records=_TO_HEALTHY,
        state=State.UNSIGNED,
        names=("ns.test.", "silent.ns.many.test."),
    ),
    Zone(
        name="shut.test",
        records=_TO_HEALTHY,
        state=State.UNSIGNED,
        names=("silent.ns.many.test.",),
    ),
    Zone(name="closed.test", records=("@ MX 10 mx", f"mx A {NOBODY}")),
    Zone(name="swallowed.test", records=("@ MX 10 mx", f"mx A {SWALLOWING}")),
    Zone(
        name="ipv6-dead.test",
        records=("@ MX 10 mx", f"mx A {_HEALTHY}", f"mx AAAA {SWALLOWING_IPV6}"),
    ),
    Zone(
        name="ipv6-without-route.test",
        records=("@ MX 10 mx", f"mx A {_HEALTHY}", f"mx AAAA {WITHOUT_ROUTE}"),
    ),
    Zone(name="only-without-route.test", records=("@ MX 10 mx", f"mx AAAA {WITHOUT_ROUTE}")),
)

# The domains that the Postfix instance takes mail for.
MAIL_DOMAINS = (*(zone.name for zone in ZONES), *MANY["healthy.test"])
