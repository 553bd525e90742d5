import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.address import ip_version, parse_address, reserved_kind

V4, V6 = st.ip_addresses(v=4), st.ip_addresses(v=6)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("8.8.8.8", None),
        ("203.0.114.25", None),
        ("0.0.0.0", "unspecified"),  # noqa: S104 - it is only looked at
        ("0.1.2.3", "private"),
        ("10.0.0.1", "private"),
        ("172.16.0.1", "private"),
        ("172.32.0.1", None),
        ("192.168.1.1", "private"),
        ("127.0.0.1", "loopback"),
        ("127.1.2.3", "loopback"),
        ("169.254.169.254", "link-local"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("100.64.0.1", "reserved"),  # shared address space (CGNAT), RFC 6598
        ("100.128.0.1", None),
        ("192.0.0.8", "reserved"),
        ("192.0.2.1", "private"),  # documentation, RFC 5737
        ("198.51.100.1", "private"),
        ("203.0.113.1", "private"),
        ("198.18.0.1", "private"),  # benchmarking, RFC 2544
        ("192.88.99.1", "reserved"),
        ("240.0.0.1", "private"),
        ("255.255.255.255", "private"),
        ("2a00:1450::25", None),
        ("2001:4860::1", None),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("ff02::1", "multicast"),
        ("fc00::1", "private"),
        ("fd12:3456::1", "private"),
        ("fec0::1", "reserved"),  # site-local, RFC 3879
        ("2001:db8::1", "private"),  # documentation, RFC 3849
        ("3fff::1", "reserved"),  # documentation, RFC 9637
        ("100::1", "private"),  # discard-only, RFC 6666
        ("2001::1", "private"),  # Teredo, RFC 4380
        ("5f00::1", "reserved"),  # segment routing, RFC 9602
        ("4000::1", "reserved"),
        ("::7f00:1", "reserved"),  # IPv4-compatible, RFC 4291 2.5.5.1
        ("::ffff:8.8.8.8", None),
        ("::ffff:10.0.0.1", "private"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:100.64.0.1", "reserved"),
        ("64:ff9b::8.8.8.8", None),
        ("64:ff9b::10.0.0.1", "private"),
        ("64:ff9b::169.254.169.254", "link-local"),
        ("64:ff9b::224.0.0.1", "multicast"),
        ("64:ff9b:1::8.8.8.8", "private"),  # local-use NAT64, RFC 8215
        ("2a00:1450::5efe:8.8.8.8", None),  # ISATAP, RFC 5214
        ("2a00:1450::5efe:10.0.0.1", "private"),
        ("2a00:1450::200:5efe:127.0.0.1", "loopback"),
        ("fd00::5efe:8.8.8.8", "private"),
        ("2002:808:808::1", None),
        ("2002:7f00:1::1", "loopback"),
        ("2002:a00:1::1", "private"),
        ("2002:e000:1::1", "multicast"),
    ],
)
def test_which_addresses_are_public(text: str, kind: str | None) -> None:
    address = parse_address(text)
    assert address is not None
    assert reserved_kind(address) == kind


@pytest.mark.parametrize(
    "text",
    ["", "mx1.example.com", "192.0.2", "192.0.2.256", "192.0.2.01", "[192.0.2.1]", "1", ":::", "."],
)
def test_what_is_no_address(text: str) -> None:
    assert parse_address(text) is None


@given(V4)
def test_an_ipv4_address_is_as_public_however_ipv6_carries_it(v4: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | int(v4))
    nat64 = ipaddress.IPv6Address((0x64_FF9B << 96) | int(v4))
    six_to_four = ipaddress.IPv6Address((0x2002 << 112) | (int(v4) << 80) | 1)
    kinds = {reserved_kind(address) for address in (v4, mapped, nat64, six_to_four)}
    assert len(kinds) == 1


@given(st.one_of(V4, V6))
def test_what_python_takes_for_reserved_is_never_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    carries = isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped or address in ipaddress.ip_network("64:ff9b::/96")
    )
    if reserved_kind(address) is None and not carries:
        assert address.is_global
        assert not address.is_reserved
        assert not address.is_multicast


@given(st.one_of(V4, V6))
def test_the_text_of_an_address_tells_its_version(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert ip_version(str(address)) == address.version
    assert parse_address(str(address)) == address
