"""How a resolver is written."""

from pathlib import Path

import pytest

from mxcheck.config.resolver import parse_resolver
from mxcheck.probe.settings import HttpsResolver, PlainResolver, ResolverAddress, TlsResolver
from tests.config.configs import load

DOH = "https://dns.example.com/dns-query"


@pytest.mark.parametrize(
    ("text", "expected", "shown"),
    [
        ("192.0.2.53", PlainResolver(address="192.0.2.53"), "192.0.2.53"),
        ("::1", PlainResolver(address="::1"), "::1"),
        ("[::1]:5353", PlainResolver(address="::1", port=5353), "[::1]:5353"),
        ("192.0.2.53:54", PlainResolver(address="192.0.2.53", port=54), "192.0.2.53:54"),
        ("tls://9.9.9.9", TlsResolver(address="9.9.9.9"), "tls://9.9.9.9"),
        (
            "tls://9.9.9.9:8853#Dns.Quad9.net",
            TlsResolver(address="9.9.9.9", port=8853, hostname="dns.quad9.net"),
            "tls://9.9.9.9:8853#dns.quad9.net",
        ),
        (
            "tls://[2620:fe::fe]:8853",
            TlsResolver(address="2620:fe::fe", port=8853),
            "tls://[2620:fe::fe]:8853",
        ),
        (DOH, HttpsResolver(url=DOH), DOH),
        (DOH + "{?dns}", HttpsResolver(url=DOH), DOH),
        (
            "https://[2620:fe::fe]:5053/dns-query",
            HttpsResolver(url="https://[2620:fe::fe]:5053/dns-query"),
            "https://[2620:fe::fe]:5053/dns-query",
        ),
        (
            "https://localhost:8053/q",
            HttpsResolver(url="https://localhost:8053/q"),
            "https://localhost:8053/q",
        ),
    ],
)
def test_a_resolver(text: str, expected: ResolverAddress, shown: str) -> None:
    assert parse_resolver(text) == expected
    assert str(expected) == shown


@pytest.mark.parametrize(
    "text",
    [
        "dns.example.com",
        "udp://192.0.2.53",
        "192.0.2.53:0",
        "tls://",
        "tls://dns.quad9.net",
        "tls://9.9.9.9:99999",
        "tls://9.9.9.9#not a name",
        "https://",
        "https:///dns-query",
        "https://dns.example.com",
        "https://dns.example.com/",
        "https://dns.example.com:port/dns-query",
        "https://dns.example.com:0/dns-query",
        "https://user:word@dns.example.com/dns-query",
        "https://dns.example.com/dns query",
        "https://dns.example.com/dns-query#fragment",
        "https://not_a_name/dns-query",
        "https://[::1/dns-query",
        "http://dns.example.com/dns-query",
    ],
)
def test_what_is_no_resolver(text: str) -> None:
    with pytest.raises(ValueError, match=" is not "):
        parse_resolver(text)


@pytest.mark.parametrize(
    ("flags", "environ", "file", "expected"),
    [
        ({}, {}, "", None),
        ({}, {}, "[probe]\ntrust_ad = true", True),
        ({}, {"MXCHECK_TRUST_AD": "no"}, "[probe]\ntrust_ad = true", False),
        ({"trust_ad": ("true",)}, {"MXCHECK_TRUST_AD": "no"}, "", True),
    ],
)
def test_trust_in_the_ad_bit(
    flags: dict[str, tuple[str, ...]],
    environ: dict[str, str],
    file: str,
    *,
    expected: bool | None,
    tmp_path: Path,
) -> None:
    assert load(tmp_path, flags, environ, file).probe.trust_ad is expected


def test_the_roots_that_were_added_hold_for_resolvers_too(tmp_path: Path) -> None:
    config = load(tmp_path)
    assert config.probe.ca_pem == config.ca_pem
