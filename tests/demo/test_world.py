import asyncio
import hashlib
import http.client
import ipaddress
import smtplib
import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import dns.asyncquery
import dns.message
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxcheck.demo.world import World, demo_world

NOW = datetime.now(UTC)
DOCUMENTATION = [ipaddress.ip_network(text) for text in ("192.0.2.0/24", "2001:db8::/32")]


async def resolve(world: World, name: str, rdtype: str) -> list[str]:
    host, port = world.resolver
    query = dns.message.make_query(name, rdtype)
    answer = await dns.asyncquery.udp(query, host, port=port)
    return sorted(str(record) for rrset in answer.answer for record in rrset)


def dial(world: World, address: str) -> smtplib.SMTP:
    client = smtplib.SMTP(timeout=10)
    client.connect(*world.routes[address, 25])
    return client


def context_of(world: World) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=world.ca_pem.decode())
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
    return context


@contextmanager
def secured(world: World, address: str, hostname: str) -> Iterator[ssl.SSLSocket]:
    with dial(world, address) as client:
        client._host = hostname  # type: ignore[attr-defined] # noqa: SLF001 the name to verify
        client.starttls(context=context_of(world))
        assert isinstance(client.sock, ssl.SSLSocket)
        yield client.sock


def tls_version(world: World, address: str, hostname: str) -> str | None:
    with secured(world, address, hostname) as connection:
        return connection.version()


def certificate(world: World, address: str, hostname: str) -> bytes:
    with secured(world, address, hostname) as connection:
        return connection.getpeercert(binary_form=True) or b""


def policy_of(world: World, address: str, host: str) -> str:
    context = ssl.create_default_context(cadata=world.ca_pem.decode())
    plain = socket.create_connection(world.routes[address, 443], timeout=10)
    with context.wrap_socket(plain, server_hostname=host) as connection:
        connection.sendall(
            f"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        )
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.read().decode()


def recipient_codes(world: World, address: str, *recipients: str) -> list[int]:
    with dial(world, address) as client:
        client.ehlo("probe.example")
        client.mail("")
        return [client.rcpt(recipient)[0] for recipient in recipients]


async def test_addresses_are_pretended_and_lead_to_loopback() -> None:
    async with demo_world(NOW) as world:
        addresses = [ipaddress.ip_address(address) for address, _ in world.routes]
        ends = {host for host, _ in world.routes.values()}
        ports = {port for _, port in world.routes}
    assert all(any(address in network for network in DOCUMENTATION) for address in addresses)
    assert (ends, ports) == ({"127.0.0.1"}, {25, 443})


async def test_the_resolver_knows_every_host() -> None:
    async with demo_world(NOW) as world:
        assert await resolve(world, "healthy.example", "MX") == [
            "10 mx1.healthy.example.",
            "20 mx2.healthy.example.",
        ]
        assert await resolve(world, "mx1.healthy.example", "AAAA") == ["2001:db8::10"]
        assert await resolve(world, "parked.example", "MX") == ["0 ."]
        for domain in world.domains:
            for host in domain.hosts:
                found = await resolve(world, host.name, "A")
                assert all((address, 25) in world.routes for address in found)
                assert found


@pytest.mark.parametrize(
    ("address", "hostname", "version"),
    [
        ("192.0.2.10", "mx1.healthy.example", "TLSv1.3"),
        ("2001:db8::10", "mx1.healthy.example", "TLSv1.3"),
        ("192.0.2.11", "mx2.healthy.example", "TLSv1.3"),
        ("192.0.2.20", "mx1.second-mx-dead.example", "TLSv1.3"),
        ("192.0.2.40", "mx1.open-relay.example", "TLSv1.3"),
        ("192.0.2.60", "mx1.old-tls.example", "TLSv1"),
        ("192.0.2.81", "mx2.wrong-domain.example", "TLSv1.3"),
    ],
)
async def test_a_verified_handshake_is_made_at(address: str, hostname: str, version: str) -> None:
    async with demo_world(NOW) as world:
        assert await asyncio.to_thread(tls_version, world, address, hostname) == version
        assert world.smtp[hostname].verbs == ["EHLO", "STARTTLS", "QUIT"]


@pytest.mark.parametrize(
    ("host", "address", "matches"),
    [
        ("mx1.healthy.example", "192.0.2.10", True),
        ("mx2.healthy.example", "192.0.2.11", True),
        ("mx1.dane-outdated.example", "192.0.2.100", False),
    ],
)
async def test_tlsa_records_and_certificates(host: str, address: str, *, matches: bool) -> None:
    async with demo_world(NOW) as world:
        [record] = await resolve(world, f"_25._tcp.{host}", "TLSA")
        served = await asyncio.to_thread(certificate, world, address, host)
    key = x509.load_der_x509_certificate(served).public_key()
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert (record == f"3 1 1 {hashlib.sha256(encoded).hexdigest()}") is matches


@pytest.mark.parametrize(
    ("domain", "address", "mx"),
    [
        ("healthy.example", "192.0.2.12", "*.healthy.example"),
        ("mta-sts-outdated.example", "192.0.2.92", "mx2.mta-sts-outdated.example"),
    ],
)
async def test_an_enforced_policy_is_announced_and_served(
    domain: str, address: str, mx: str
) -> None:
    async with demo_world(NOW) as world:
        assert await resolve(world, f"mta-sts.{domain}", "A") == [address]
        [record] = await resolve(world, f"_mta-sts.{domain}", "TXT")
        [reports] = await resolve(world, f"_smtp._tls.{domain}", "TXT")
        policy = await asyncio.to_thread(policy_of, world, address, f"mta-sts.{domain}")
    assert record.startswith('"v=STSv1; id=')
    assert reports.startswith('"v=TLSRPTv1; rua=mailto:')
    assert policy.splitlines() == [
        "version: STSv1",
        "mode: enforce",
        f"mx: {mx}",
        "max_age: 604800",
    ]


async def test_the_second_mx_refuses_connections() -> None:
    async with demo_world(NOW) as world:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*world.routes["192.0.2.21", 25])


async def test_the_expired_certificate_is_refused() -> None:
    async with demo_world(NOW) as world:
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            await asyncio.to_thread(tls_version, world, "192.0.2.30", "mail.expired.example")


@pytest.mark.parametrize(
    ("address", "domain", "codes"),
    [
        ("192.0.2.10", "healthy.example", [250, 550, 554]),
        ("192.0.2.40", "open-relay.example", [250, 250, 250]),
        ("192.0.2.80", "wrong-domain.example", [250, 550, 554]),
        ("192.0.2.81", "wrong-domain.example", [554, 554, 554]),
    ],
)
async def test_recipients_are_answered(address: str, domain: str, codes: list[int]) -> None:
    recipients = [f"postmaster@{domain}", f"nobody@{domain}", "postmaster@iana.org"]
    async with demo_world(NOW) as world:
        found = await asyncio.to_thread(recipient_codes, world, address, *recipients)
    assert found == codes


async def test_no_starttls_means_neither_announced_nor_obeyed() -> None:
    def ask(world: World) -> tuple[bool, int]:
        with dial(world, "192.0.2.50") as client:
            client.ehlo("probe.example")
            return client.has_extn("starttls"), client.docmd("STARTTLS")[0]

    async with demo_world(NOW) as world:
        assert await asyncio.to_thread(ask, world) == (False, 502)


async def test_the_busy_server_is_busy_every_time() -> None:
    async with demo_world(NOW) as world:
        for _ in range(3):
            reader, writer = await asyncio.open_connection(*world.routes["192.0.2.70", 25])
            assert (await reader.read()).startswith(b"421 4.3.2 mx1.busy.example Service not")
            writer.close()


async def test_what_must_come_out_is_written_down() -> None:
    async with demo_world(NOW) as world:
        found = {
            domain.name: (sorted(domain.expected), sorted(domain.expected_unknown))
            for domain in world.domains
        }
    assert found == {
        "healthy.example": ([], []),
        "second-mx-dead.example": (["smtp-unreachable"], []),
        "expired.example": (
            ["cert-expired", "cert-name-mismatch", "mta-sts-mx-unauthenticated"],
            [],
        ),
        "open-relay.example": (["open-relay"], []),
        "no-starttls.example": (["starttls-missing"], []),
        "old-tls.example": (["tls-version-old"], []),
        "busy.example": ([], ["smtp-greeting-bad"]),
        "wrong-domain.example": (["mx-rejects-domain"], []),
        "mta-sts-outdated.example": (
            ["cert-name-mismatch", "mta-sts-mx-unauthenticated", "mta-sts-mx-unlisted"],
            [],
        ),
        "dane-outdated.example": (["dane-mismatch"], []),
        "parked.example": (["mx-null"], []),
    }
