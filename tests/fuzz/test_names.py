"""Names and addresses: read as dnspython, OpenSSL and Python's own library read them."""

import ipaddress
import ssl
from datetime import UTC, datetime
from functools import cache

import dns.name
from hypothesis import example, given
from hypothesis import strategies as st

from mxcheck.demo.certificates import Authority, ec_key
from mxcheck.demo.smtp_script import Tls
from mxcheck.wire.address import ip_version, parse_address, reserved_kind
from mxcheck.wire.domain_name import parse_domain
from mxcheck.wire.host_match import matches_host

LABELS = st.sampled_from(["a", "b", "mx1", "xn--bcher-kva", "A"])
HOSTS = st.lists(LABELS, min_size=1, max_size=4)
LABELS_OF_PATTERNS = LABELS | st.sampled_from(["*", "m*", "*1", "**"])
PATTERNS = st.lists(LABELS_OF_PATTERNS, min_size=1, max_size=4).map(".".join)
ROOT, KEY = Authority.root(datetime.now(UTC)), ec_key()


@cache
def server_of(pattern: str) -> ssl.SSLContext:
    issued = ROOT.issue(names=(pattern,), key=KEY)
    return Tls(chain_pem=issued.chain_pem, key_pem=issued.key_pem).context()


@cache
def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=ROOT.certificate_pem.decode())


def openssl_accepts(pattern: str, host: str) -> bool:
    """Whether a client takes a server for that host, whose certificate has that dNSName."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting().wrap_bio(to_client, to_server, server_hostname=host)
    server = server_of(pattern).wrap_bio(to_server, to_client, server_side=True)
    for side in (client, server, client):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError:
            return False
    return True


@given(PATTERNS, HOSTS, st.booleans())
@example("*.b", ["a", "b"], True)  # noqa: FBT003
@example("*.a.b", ["xn--bcher-kva", "a", "b"], False)  # noqa: FBT003
@example("*.a.b", ["mx1", "mx1", "a", "b"], False)  # noqa: FBT003
def test_a_certificate_is_for_the_hosts_that_openssl_takes_it_for(
    pattern: str,
    labels: list[str],
    akin: bool,  # noqa: FBT001
) -> None:
    tail = pattern.split(".")[1:]
    host = ".".join([labels[0], *tail] if akin and "*" not in "".join(tail) else labels)
    assert matches_host(pattern, host) == openssl_accepts(pattern, host)
    assert matches_host(pattern.upper(), f"{host}.") == matches_host(pattern, host)


NAMES = (
    st.lists(st.text("abxn-_1äß。.", max_size=20), min_size=1, max_size=6).map(".".join)
    | st.from_regex(r"[a-z0-9_-]{1,64}(\.[a-z0-9-]{1,64}){0,8}", fullmatch=True)
    | st.text(max_size=60)
)


def read(text: str) -> tuple[str, str]:
    """The name, or why there is none."""
    try:
        return parse_domain(text), ""
    except ValueError as error:
        return "", str(error)


@given(NAMES)
@example("a." * 200_000)
@example("ä" * 200_000)
@example("\x1b[31m\n::error::x")
def test_a_domain_name_is_one_to_the_dns_or_is_refused_in_few_words(text: str) -> None:
    name, refusal = read(text)
    assert len(refusal) < 1200
    assert refusal.isprintable()
    if refusal:
        return
    assert dns.name.from_text(name).to_text(omit_final_dot=True) == name
    assert parse_domain(f" {name.upper()}. ") == name


V4 = st.ip_addresses(v=4)
V6 = st.ip_addresses(v=6)


@given(
    st.text("0123456789abcdef:.%/x[] ", max_size=45)
    | V4.map(str)
    | V6.map(str)
    | V6.map(lambda address: f"{address}%eth0\n")
)
def test_any_text_is_an_address_or_none(text: str) -> None:
    address = parse_address(text)
    if address is not None:
        assert parse_address(str(address)) == address
        assert ip_version(str(address)) == address.version
        assert len(reserved_kind(address) or "") < 20


@given(
    st.sampled_from(["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16"]), st.data()
)
def test_no_form_of_a_private_address_is_public(text: str, data: st.DataObject) -> None:
    network = ipaddress.IPv4Network(text)
    v4 = int(data.draw(st.ip_addresses(network=network)))
    forms: tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, ...] = (
        ipaddress.IPv4Address(v4),
        ipaddress.IPv6Address((0xFFFF << 32) | v4),
        ipaddress.IPv6Address((0x64_FF9B << 96) | v4),
        ipaddress.IPv6Address((0x2002 << 112) | (v4 << 80) | 1),
        ipaddress.IPv6Address(v4),
    )
    assert all(reserved_kind(form) for form in forms)
