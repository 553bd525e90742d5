"""Zone files for a root, the top-level domain `test` and the zones below it, signed."""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.dnssec
import dns.dnssectypes
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.DNSKEY
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

from tests.real.domains import NAMESERVER, State, Zone

_ALGORITHM = dns.dnssectypes.Algorithm.ECDSAP256SHA256
_SEP_ZONE_KEY = 257  # one key signs both the keys and the rest
_SIGNED = (State.SIGNED, State.EXPIRED, State.WRONG_DS)
_TTL = 300
_GENERIC = " \\# "


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    private: ec.EllipticCurvePrivateKey
    public: dns.rdtypes.ANY.DNSKEY.DNSKEY


Keys = defaultdict[str, _Key]


def make_keys() -> Keys:
    """Make no key yet; each zone gets one when it is first written, and keeps it."""
    return defaultdict(_make_key)


def write_zones(folder: Path, zones: Iterable[Zone], keys: Keys) -> str:
    """Write the file of each zone that is served here; return the root's trust anchor."""
    # Every domain inherits this policy (RFC 9989 4.10.1).
    dmarc = '_dmarc TXT "v=DMARC1; p=reject"'
    test = Zone(name="test", records=(f"ns A {NAMESERVER}", dmarc))
    every = {zone.name: zone for zone in (test, *zones)}
    delegations: defaultdict[str, list[str]] = defaultdict(list)
    # The deepest first, since a zone holds the delegations to those below it.
    for zone in sorted(every.values(), key=lambda zone: zone.name.count("."), reverse=True):
        records = (*zone.records, *delegations[zone.name])
        held = replace(zone, records=records)
        delegations[_above(zone, every)] += _write_child(folder, held, keys)
    _write(folder, Zone(name=".", records=tuple(delegations["."])), keys["."])
    return f". {_TTL} IN DNSKEY {keys['.'].public.to_text()}"


def _above(zone: Zone, every: Container[str]) -> str:
    """Return the name of the zone that a zone is delegated from."""
    _, _, above = zone.name.partition(".")
    while above and above not in every:
        _, _, above = above.partition(".")
    return above or "."


def served(zones: Iterable[Zone]) -> dict[str, str]:
    """Return the file names of the zones that are served here, by the names of the zones."""
    names = [".", "test", *(zone.name for zone in zones if zone.nameserver == NAMESERVER)]
    return {name: _file_name(name) for name in names}


def _write_child(folder: Path, zone: Zone, keys: Keys) -> list[str]:
    """Write a zone; return the delegation to it, which belongs into the zone above it."""
    if zone.nameserver != NAMESERVER:
        glue = f"ns.{zone.name}."
        return [f"{zone.name}. NS {glue}", f"{glue} A {zone.nameserver}"]
    delegation = [f"{zone.name}. NS ns.test."]
    if zone.name == "test":
        delegation.append(f"ns.test. A {NAMESERVER}")
    key = keys[zone.name]
    if zone.state is not State.UNLOADED:
        _write(folder, zone, key)
    if zone.state in _SIGNED:
        entry = _make_key() if zone.state is State.WRONG_DS else key
        ds = dns.dnssec.make_ds(f"{zone.name}.", entry.public, dns.dnssectypes.DSDigest.SHA256)
        delegation.append(f"{zone.name}. DS {ds.to_text()}")
    return delegation


def _write(folder: Path, zone: Zone, key: _Key) -> None:
    text = "\n".join(
        (
            f"$TTL {_TTL}",
            f"@ SOA ns.test. hostmaster.test. {zone.serial} 3600 600 86400 {_TTL}",
            *(f"@ NS {name}" for name in zone.names),
            *(line for line in zone.records if _GENERIC not in line),
        )
    )
    parsed = dns.zone.from_text(text, origin=dns.name.from_text(zone.name), relativize=False)
    for line in zone.records:
        if _GENERIC in line:
            _add_unparsed(parsed, line)
    if zone.state in _SIGNED:
        _sign(parsed, key, expired=zone.state is State.EXPIRED)
    (folder / _file_name(zone.name)).write_text(parsed.to_text())


def _add_unparsed(zone: dns.zone.Zone, line: str) -> None:
    """Add a record in the generic form (RFC 3597 5), whose data may be against its type's rules."""
    name, record_type, _, _, data = line.split()
    rdata = dns.rdata.GenericRdata(
        dns.rdataclass.IN, dns.rdatatype.from_text(record_type), bytes.fromhex(data)
    )
    owner = dns.name.from_text(name, zone.origin)
    zone.find_rdataset(owner, rdata.rdtype, create=True).add(rdata, ttl=_TTL)


def _file_name(zone: str) -> str:
    return f"{zone.strip('.') or 'root'}.zone"


def _sign(zone: dns.zone.Zone, key: _Key, *, expired: bool) -> None:
    now = datetime.now(UTC)
    dns.dnssec.sign_zone(
        zone,
        keys=[(key.private, key.public)],
        dnskey_ttl=_TTL,
        inception=now - timedelta(days=60),
        expiration=now + timedelta(days=-30 if expired else 30),
    )


def _make_key() -> _Key:
    private = ec.generate_private_key(ec.SECP256R1())
    public = dns.dnssec.make_dnskey(private.public_key(), _ALGORITHM, flags=_SEP_ZONE_KEY)
    return _Key(private=private, public=public)
