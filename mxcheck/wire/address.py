"""IP addresses: which of them a sender on the Internet could reach at all (RFC 6890)."""

import ipaddress
from typing import TypeAlias

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052 2.1
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})  # the interface identifier, RFC 5214 6.1
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 3587 3; the rest is not given out
# What Python 3.11 takes for public, and the registries of RFC 6890 do not.
_RESERVED = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # IETF protocol assignments, RFC 6890 2.1
            "192.88.99.0/24",  # 6to4 relays, RFC 7526
            "3fff::/20",  # documentation, RFC 9637
        ),
    )
)
_KINDS = (
    ("is_unspecified", "unspecified"),
    ("is_loopback", "loopback"),
    ("is_link_local", "link-local"),
    ("is_multicast", "multicast"),
)


def parse_address(text: str) -> IpAddress | None:
    """Return the address that a text is, if it is one."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def ip_version(address: str) -> int:
    """4 or 6, for the text of an address."""
    return 6 if ":" in address else 4


def is_public(address: str) -> bool:
    """Return whether a text is the address of a host on the Internet."""
    parsed = parse_address(address)
    return parsed is not None and reserved_kind(parsed) is None


def is_aside(address: str, port: int, checked_port: int) -> bool:
    """Return whether an address and port tell nothing of a port on the Internet."""
    parsed = parse_address(address)
    return port != checked_port or parsed is None or reserved_kind(parsed) is not None


def reserved_kind(address: IpAddress) -> str | None:
    """Return why an address is not a public one ("loopback", "private" and so on).

    None where it is.

    An IPv4 address that an IPv6 address carries (IPv4-mapped, 6to4, NAT64, ISATAP) counts as well.
    """
    for attribute, kind in _KINDS:
        if getattr(address, attribute):
            return kind
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64_LOCAL:
            return "private"
        carried = _carried(address)
        if carried is not None:
            return reserved_kind(carried)
    if any(address in network for network in _RESERVED):
        return "reserved"
    if address.is_global:
        return "reserved" if _is_outside_unicast(address) else None
    return "private" if address.is_private else "reserved"


def _is_outside_unicast(address: IpAddress) -> bool:
    return isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_UNICAST


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    last = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _NAT64:
        return last
    if int(address) >> 32 & 0xFFFF_FFFF in _ISATAP and reserved_kind(last):
        return last
    return address.ipv4_mapped or address.sixtofour
