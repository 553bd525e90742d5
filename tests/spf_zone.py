"""A small DNS for the tests of SPF: names, and their records as `TYPE value`."""

from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address

from dns.rdataclass import IN
from dns.rdatatype import TXT as TXT_TYPE
from dns.rdtypes.ANY.TXT import TXT

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.wire.spf.client import Client
from mxcheck.wire.spf.names import query_name

Zone = Mapping[str, Iterable[str]]
TIMEOUT = "TIMEOUT"


def client(address: str, domain: str = "example.com", helo: str = "mail.example.com") -> Client:
    return Client.of(ip_address(address), f"someone@{domain}", helo)


def lookup_in(zone: Zone) -> Callable[[str, str], Lookup]:
    """A lookup that answers from a zone; TIMEOUT among the records is for types not there."""
    names = {query_name(name.lower().removesuffix(".")): tuple(has) for name, has in zone.items()}

    def lookup(name: str, rdtype: str) -> Lookup:
        return _follow(names, name.lower(), rdtype, ())

    return lookup


def _follow(
    names: Mapping[str, tuple[str, ...]], name: str, rdtype: str, aliases: tuple[str, ...]
) -> Lookup:
    if len(aliases) != len(set(aliases)):
        return Unseen(trouble=Trouble.ALIAS_CHAIN, detail=f"{rdtype} {name}: aliases in a circle")
    if name not in names:
        return Absent(absence=Absence.NXDOMAIN, aliases=aliases)
    records = [one.partition(" ")[::2] for one in names[name]]
    found = tuple(_shown(rdtype, value) for kind, value in records if kind == rdtype)
    if found:
        return Answer(owner=name, records=found, aliases=aliases)
    alias = next((value for kind, value in records if kind == "CNAME"), "")
    if alias:
        target = query_name(alias.lower().removesuffix("."))
        return _follow(names, target, rdtype, (*aliases, target))
    if TIMEOUT in names[name]:
        return Unseen(trouble=Trouble.TIMEOUT, detail=f"{rdtype} {name}: no answer in 10 s")
    return Absent(absence=Absence.NODATA, aliases=aliases)


def _shown(rdtype: str, value: str) -> str:
    """The value in presentation format, a TXT as strings of 255 bytes."""
    if rdtype == "TXT":
        data = value.encode("latin-1")
        strings = [data[start : start + 255] for start in range(0, len(data), 255)] or [b""]
        return TXT(IN, TXT_TYPE, strings).to_text()
    if rdtype == "MX":
        preference, _, host = value.partition(" ")
        return f"{preference} {query_name(host.lower().removesuffix('.')) or '.'}"
    return query_name(value.lower().removesuffix(".")) if rdtype == "PTR" else value
