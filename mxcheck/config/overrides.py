"""A change before it is made, as users name it: overrides, with the files that they point to."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path, PurePath
from typing import TypeVar

from mxcheck.config.chain_file import read_chain
from mxcheck.config.errors import Faults
from mxcheck.config.layers import Layer, giver
from mxcheck.config.plain_file import read_file
from mxcheck.config.values import parse_mx_name
from mxcheck.evidence.overrides import Override, OverrideChain, OverrideKind, OverridePolicy
from mxcheck.model.quoting import quote
from mxcheck.probe.overrides import ANY, ConnectTo, Overrides, OverrideZone
from mxcheck.wire.address import parse_address
from mxcheck.wire.domain_name import parse_domain
from mxcheck.wire.mta_sts import MAX_POLICY
from mxcheck.wire.record_set import RecordSet, ZoneFile
from mxcheck.wire.zone_file import parse_zone_file
from mxcheck.wire.zone_index import ZoneIndex

WHAT_IF_KEYS = tuple(kind.replace("-", "_") for kind in OverrideKind)
MAX_FILE = 4 * 1024 * 1024
"""Bytes of a file: a zone may come from an untrusted pull request."""
_MAX_16_BIT = 65535
_CONNECT_TO = re.compile(
    r"(?P<host>[^:\[\]]*):(?P<port>\d*):(?P<address>\[[^\]]+\]|[^:\[\]]+):(?P<to_port>\d*)",
    re.ASCII,
)
_MX = re.compile(r"(?P<domain>[^=\s]+)\s*=\s*(?P<preference>\d{1,5})\s+(?P<host>\S+)", re.ASCII)
_LIKE_POLICY = re.compile(
    rb"^(?:\xef\xbb\xbf)?[ \t]*version[ \t]*:[ \t]*STSv1\b", re.IGNORECASE | re.MULTILINE
)
# DNSControl puts the name of a view behind a "!".
_ZONE_NAME = re.compile(r"(?:db\.)?(?P<origin>.+?)(?:![^.]*)?(?:\.(?:zone|db|bind|hosts))?")

GivenT = TypeVar("GivenT")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """A key of the overrides: the texts that it has, and where they stand."""

    kind: OverrideKind
    texts: tuple[str, ...] = ()
    location: str = ""
    folder: Path = Path()
    confined: bool = False

    def name(self, text: str) -> str:
        """Return what evidence and reports call one of them."""
        return Override(kind=self.kind, given=text).name


@dataclass(slots=True)
class _Reader:
    """Reads every override; what is wrong goes to `found`."""

    layers: Sequence[Layer]
    found: Faults = field(default_factory=Faults)

    def key(self, kind: OverrideKind) -> _Key:
        """Return the texts of one kind, from the layer that has the last word."""
        name = kind.replace("-", "_")
        layer = giver(self.layers, name)
        if layer is None:
            return _Key(kind=kind)
        texts = layer.given[name]
        return _Key(
            kind=kind,
            texts=texts,
            location=layer.location(name),
            folder=layer.folder,
            confined=layer.confined,
        )

    def each(self, key: _Key, parse: Callable[[str, _Key], GivenT]) -> list[GivenT]:
        """Return the values of the texts of a key."""
        parsed = []
        for text in key.texts:
            try:
                parsed.append(parse(text, key))
            except ValueError as error:
                self.found.add(f"{key.location}: {quote(text)} {error}")
        return parsed

    def by_name(
        self, key: _Key, parse: Callable[[str, _Key], tuple[str, GivenT]]
    ) -> Mapping[str, GivenT]:
        """Return what is given for each host, or domain; a second one for the same is refused."""
        given: dict[str, GivenT] = {}
        for name, parsed in self.each(key, parse):
            if name in given:
                about = name or "all the others"
                self.found.add(
                    f"{key.location}: two are given for {about}: try one after the other"
                )
            given[name] = parsed
        return given

    def zones(self, key: _Key) -> list[OverrideZone]:
        """Return the zones; one that the file of the zone above does not delegate is refused."""
        zones = self.each(key, _read_zone)
        indexes = [ZoneIndex.of(one.zone) for one in zones]
        for one, above in product(zones, indexes):
            apex = one.zone.apex
            if apex and above.denies(apex):
                self.found.add(
                    f"{key.location}: {', '.join(one.overrides)} is the zone {apex}, which the file"
                    f" of the zone {above.apex} does not delegate: NS records of {apex} are wanted"
                    " there"
                )
        return zones

    def ends(self, key: _Key) -> tuple[ConnectTo, ...]:
        """Return where connections go; two ports of one address would be one MX host twice."""
        ends: dict[tuple[str, int, str], ConnectTo] = {}
        for end in self.each(key, _parse_connect_to):
            other = ends.setdefault((end.host, end.port, end.address), end)
            if other.to_port != end.to_port:
                self.found.add(
                    f"{key.location}: {end.address} is given with two ports for the same host: try"
                    " one after the other"
                )
        return tuple(ends.values())


def read_overrides(layers: Sequence[Layer]) -> Overrides:
    """Return the overrides, their files read; ConfigError names the place of every fault."""
    reader = _Reader(layers)
    keys = {kind: reader.key(kind) for kind in OverrideKind}
    zones = reader.zones(keys[OverrideKind.ZONE_FILE])
    records = reader.each(keys[OverrideKind.MX], _parse_mx)
    passed_over = {name: one.zone.passed_over for one in zones for name in one.overrides}
    named = (Override(kind=key.kind, given=text) for key in keys.values() for text in key.texts)
    overrides = Overrides(
        named=tuple(replace(one, passed_over=passed_over.get(one.name, ())) for one in named),
        connect_to=reader.ends(keys[OverrideKind.CONNECT_TO]),
        zones=(*zones, *_by_domain(records)),
        chains=reader.by_name(keys[OverrideKind.CERT_FILE], _read_chain),
        policies=reader.by_name(keys[OverrideKind.MTA_STS_POLICY], _read_policy),
    )
    reader.found.raise_any()
    return overrides


def check_overrides(layers: Sequence[Layer]) -> None:
    """ConfigError where an override has not its form; the files need not be there, nor are read."""
    reader = _Reader(layers)
    reader.ends(reader.key(OverrideKind.CONNECT_TO))
    reader.each(reader.key(OverrideKind.MX), _parse_mx)
    reader.found.raise_any()


def _parse_connect_to(text: str, key: _Key) -> ConnectTo:
    match = _CONNECT_TO.fullmatch(text.strip())
    address = parse_address(match["address"].strip("[]")) if match else None
    if match is None or address is None:
        raise ValueError(
            "is not HOST:PORT:ADDRESS:PORT, such as mx1.example.com:25:192.0.2.1:2525 or"
            " mx1.example.com:25:[2001:db8::1]:25 (HOST may be empty, for any)"
        )
    return ConnectTo(
        host=parse_mx_name(match["host"]) if match["host"] else ANY,
        port=_port(match["port"]),
        address=str(address),
        to_port=_port(match["to_port"]),
        override=key.name(text),
    )


def _port(text: str) -> int:
    port = int(text or 0)
    if port > _MAX_16_BIT or (text and not port):
        raise ValueError(f"names port {text}, which is not between 1 and {_MAX_16_BIT}")
    return port


def _parse_mx(text: str, key: _Key) -> tuple[str, str, str]:
    """Domain, record and override."""
    match = _MX.fullmatch(text.strip())
    if match is None or int(match["preference"]) > _MAX_16_BIT:
        raise ValueError("is not DOMAIN=PREFERENCE HOST, such as example.com=10 mx1.example.com")
    host = match["host"]
    exchange = host if host == "." else parse_mx_name(host)
    return parse_domain(match["domain"]), f"{int(match['preference'])} {exchange}", key.name(text)


def _by_domain(records: Sequence[tuple[str, str, str]]) -> list[OverrideZone]:
    """Return one zone for each domain: its MX records, and the overrides that they come from."""
    zones = []
    for domain in dict.fromkeys(domain for domain, _, _ in records):
        own = [(record, override) for name, record, override in records if name == domain]
        texts = tuple(record for record, _ in own)
        mx = RecordSet(name=domain, rdtype="MX", records=texts, ttl=0)
        zone = ZoneFile(record_sets=(mx,), apex="")
        zones.append(OverrideZone(zone=zone, overrides=tuple(override for _, override in own)))
    return zones


def _read_zone(text: str, key: _Key) -> OverrideZone:
    name, path = _split(text, key)
    origin = parse_domain(name) if name else _guess_origin(path)
    try:
        content = _read(path, key).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8 text") from None
    zone = parse_zone_file(content, origin)
    if isinstance(zone, ZoneFile):
        return OverrideZone(zone=zone, overrides=(key.name(text),))
    near = f"near line {zone.line}: " if zone.line else ""
    raise ValueError(f"is not a zone file: {near}{zone.reason}")


def _guess_origin(path: str) -> str:
    """Return the zone that a file is named after, as DNSControl and octoDNS do.

    "" where it is none.
    """
    named = _ZONE_NAME.fullmatch(PurePath(path).name)
    try:
        return parse_domain(named["origin"]) if named else ""
    except ValueError:
        return ""


def _read_chain(text: str, key: _Key) -> tuple[str, OverrideChain]:
    host, path = _split(text, key)
    chain = read_chain(_read(path, key))
    return _host(host), OverrideChain(chain=chain, overrides=(key.name(text),))


def _host(name: str) -> str:
    return parse_mx_name(name) if name else ANY


def _read_policy(text: str, key: _Key) -> tuple[str, OverridePolicy]:
    domain, path = _split(text, key)
    # Of a longer one senders read no more, and so no more of it is kept.
    body = _read(path, key)[: MAX_POLICY + 1]
    if body.strip() and not _LIKE_POLICY.search(body):
        # Rules and reports quote a policy: any other file of the machine stays out of them.
        raise ValueError("is not an MTA-STS policy: it has no line `version: STSv1`")
    policy = OverridePolicy(path=path, body=body, overrides=(key.name(text),))
    return parse_domain(domain) if domain else ANY, policy


def _split(text: str, key: _Key) -> tuple[str, str]:
    """Return the name in front of a path, "" where there is none.

    A "=" may be part of a file's name.
    """
    name, equals, path = text.partition("=")
    if not equals or _is_file(key.folder / text):
        return "", text
    return name.strip(), path.strip()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long, a folder that may not be looked into
        return False


def _read(path: str, key: _Key) -> bytes:
    if not path:
        raise ValueError("names no file: is the variable set?")
    return read_file(path, key.folder, MAX_FILE, confined=key.confined)
