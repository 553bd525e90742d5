"""What a case of DANE is made of: a server, what it presents, and the DNS around it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256, sha512

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.real.certs import Recipe, from_untrusted
from tests.real.domains import NAMESERVER, State, Zone


class Delivery(StrEnum):
    """What a sender that implements RFC 7672 does with a message."""

    AUTHENTICATED = "over TLS, to a server that its TLSA records authenticate"
    ENCRYPTED = "over TLS, to a server that nothing authenticates"
    AS_EVER = "as if there were no DANE"
    REFUSED = "not to this server, which is not as its TLSA records say"
    DEFERRED = "not to this server, whose TLSA records cannot be looked up"


# Templates of zones. `{case}` is the name of the case, `{address}` that of its server; a line with
# `{tlsa}` stands once for each of its TLSA records; `{wrong}` is a record that matches nothing.
Layout = tuple[Zone, ...]

_MX, _HOST, _TLSA = "@ MX 10 mx", "mx A {address}", "_25._tcp.mx TLSA {tlsa}"

PLAIN = (Zone(name="{case}.test", records=(_MX, _HOST, _TLSA)),)
UNSIGNED = (replace(PLAIN[0], state=State.UNSIGNED),)
WILDCARD = (Zone(name="{case}.test", records=(_MX, _HOST, "*.mx TLSA {tlsa}")),)
TLSA_NODATA = (Zone(name="{case}.test", records=(_MX, _HOST, '_25._tcp.mx TXT "text"')),)
TLSA_ALIAS_NOWHERE = (Zone(name="{case}.test", records=(_MX, _HOST, "_25._tcp.mx CNAME nowhere")),)
TLSA_ALIAS_LOOP = (
    Zone(
        name="{case}.test",
        records=(_MX, _HOST, "_25._tcp.mx CNAME around", "around CNAME _25._tcp.mx"),
    ),
)
TLSA_DNAME = (
    Zone(
        name="{case}.test",
        records=(_MX, _HOST, "_tcp.mx DNAME services", "_25.services TLSA {tlsa}"),
    ),
)
HOST_DNAME = (
    Zone(name="{case}.test", records=("@ MX 10 mx.moved", "moved DNAME {case}-host.test.")),
    Zone(name="{case}-host.test", records=(_HOST, _TLSA)),
)
HOST_ALIAS_IN_TWO = (
    Zone(
        name="{case}.test",
        records=(
            *(_MX, "mx CNAME between", "between CNAME host", "host A {address}"),
            "_25._tcp.between TLSA {tlsa}",
        ),
    ),
)
IMPLICIT_MX = (Zone(name="{case}.test", records=("@ A {address}", "_25._tcp TLSA {tlsa}")),)


def host_elsewhere(*, mx: State = State.SIGNED, host: State = State.SIGNED) -> Layout:
    """The MX host is in a zone of its own."""
    return (
        Zone(name="{case}.test", records=("@ MX 10 mx.{case}-host.test.",), state=mx),
        Zone(name="{case}-host.test", records=(_HOST, _TLSA), state=host),
    )


def tlsa_elsewhere(
    state: State, *, host: State = State.SIGNED, nameserver: str = NAMESERVER
) -> Layout:
    """The TLSA records are in a zone of their own, below the host."""
    return (
        Zone(name="{case}.test", records=(_MX, _HOST), state=host),
        Zone(
            name="_tcp.mx.{case}.test",
            records=("_25 TLSA {tlsa}",),
            state=state,
            nameserver=nameserver,
        ),
    )


def tlsa_alias(target: State) -> Layout:
    """The name of the TLSA records is an alias (RFC 7672 2.2.3)."""
    alias = "_25._tcp.mx CNAME tlsa.{case}-shared.test."
    return (
        Zone(name="{case}.test", records=(_MX, _HOST, alias)),
        Zone(name="{case}-shared.test", records=("tlsa TLSA {tlsa}",), state=target),
    )


def host_alias(
    at_alias: str = "", at_target: str = "", *, mx: State = State.SIGNED, host: State = State.SIGNED
) -> Layout:
    """The MX host is an alias, with the TLSA records of its own and of where it leads."""
    alias = ("@ MX 10 mx", "mx CNAME mx.{case}-host.test.", *_tlsa(at_alias))
    return (
        Zone(name="{case}.test", records=alias, state=mx),
        Zone(name="{case}-host.test", records=(_HOST, *_tlsa(at_target)), state=host),
    )


def host_alias_and_tlsa_elsewhere(state: State) -> Layout:
    """The MX host is an alias; where it leads, the TLSA records are in a zone of their own."""
    elsewhere = Zone(name="_tcp.mx.{case}-host.test", records=("_25 TLSA {wrong}",), state=state)
    return (*host_alias(at_alias="{tlsa}"), elsewhere)


def domain_alias(*, alias: State = State.SIGNED, target: State = State.SIGNED) -> Layout:
    """The domain `alias.NAME.test` leads to the one that has the MX record."""
    return (
        Zone(name="{case}.test", records=("alias CNAME {case}-target.test.",), state=alias),
        Zone(name="{case}-target.test", records=(_MX, _HOST, _TLSA), state=target),
    )


def tlsa_of(other: str, *, alias: bool = False) -> Layout:
    """The TLSA records are those of another case, and the MX host perhaps an alias."""
    records = f"_25._tcp.mx CNAME _25._tcp.mx.{other}.test."
    if not alias:
        return (Zone(name="{case}.test", records=(_MX, _HOST, records)),)
    return (
        Zone(name="{case}.test", records=(_MX, "mx CNAME mx.{case}-host.test.")),
        Zone(name="{case}-host.test", records=(_HOST, records)),
    )


def _tlsa(data: str) -> tuple[str, ...]:
    return (f"_25._tcp.mx TLSA {data}",) if data else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What Postfix does where mxcheck does not follow it, and why."""

    delivery: Delivery
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A domain, `NAME.test` unless told, and what senders make of it.

    Each of `tlsa` is usage, selector, matching type and whose: the `leaf` (or its `rsa` twin), the
    `next` and the `top` of what is sent, the `issuing` and the `root` authority that nobody knows,
    `cross` for the former as a foreign root signed it, `other` for a certificate that has no part
    in it; `named` for the one that the server presents to clients that ask for the name `named`; or
    else the data in hexadecimal, which may also follow on a name and "+".
    """

    name: str
    tlsa: tuple[str, ...]
    delivery: Delivery
    certificate: Recipe = from_untrusted  # only TLSA records can vouch for it
    layout: Layout = PLAIN
    options: tuple[str, ...] = ()
    named: str = ""  # like a line of a zone, with `{case}`
    labels: str = ""  # before `NAME.test`
    postfix: Otherwise | None = None
    time_budget: int = 30  # seconds that mxcheck is told to wait

    @property
    def domain(self) -> str:
        return f"{self.labels}{self.name}.test"

    @property
    def by_postfix(self) -> Delivery:
        return self.postfix.delivery if self.postfix else self.delivery


def tlsa_data(record: str, certificates: Mapping[str, x509.Certificate]) -> str:
    """Write out a TLSA record of a case (RFC 6698 2.1, in the form of RFC 3597 5)."""
    *numbers, words = record.split()
    _, selector, matching = map(int, numbers)
    data = bytes(map(int, numbers))
    for word in words.split("+"):
        if word in certificates:
            data += _association(selector, matching, certificates[word])
        else:
            data += bytes.fromhex(word)
    return f"\\# {len(data)} {data.hex()}"


def _association(selector: int, matching: int, certificate: x509.Certificate) -> bytes:
    key = certificate.public_key()
    content = (
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if selector == 1
        else certificate.public_bytes(Encoding.DER)
    )
    match matching:
        case 0:
            return content
        case 2:
            return sha512(content).digest()
        case _:
            return sha256(content).digest()
