"""Resolvers over TLS and over HTTPS: the certificate is verified, and nothing goes out in clear."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import NoReturn

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.resolver import Resolver, make_resolver
from mxcheck.probe.settings import HttpsResolver, ResolverAddress, TlsResolver
from tests.probe.dns.encrypted import BY_NAME, ROOT, DohServer, DotServer, Encrypted, expired
from tests.probe.harness import SETTINGS, closed_port

ONCE = replace(SETTINGS, retries=0, ca_pem=ROOT.certificate_pem)
ZONE = "example.com. MX 10 mx1.example.com.\nmx1.example.com. A 203.0.114.1\n"
BIG = "".join(f"big.example. A 203.0.114.{number}\n" for number in range(200))


def address_of(server: Encrypted, host: str = "") -> ResolverAddress:
    address, port = server.address
    if isinstance(server, DotServer):
        return TlsResolver(address=address, port=port, hostname=host)
    return HttpsResolver(url=f"https://{host or address}:{port}/dns-query")


@asynccontextmanager
async def asking(
    server: Encrypted, host: str = "", *, ca_pem: bytes = ONCE.ca_pem
) -> AsyncIterator[Resolver]:
    async with server:
        address = address_of(server, host)
        resolver = make_resolver(replace(ONCE, resolvers=(address,), ca_pem=ca_pem))
        assert not isinstance(resolver, Unseen)
        try:
            yield resolver
        finally:
            await resolver.close()


async def refused(server: Encrypted, host: str = "", *, ca_pem: bytes = ONCE.ca_pem) -> str:
    """What the lookup says about a resolver that is not to be asked."""
    async with asking(server, host, ca_pem=ca_pem) as resolver:
        found = await resolver.lookup("example.com", "MX")
        address = address_of(server, host)
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.RESOLVER
    start = f"the resolver {address} cannot be asked for MX example.com: "
    assert found.detail.startswith(start)
    assert server.queries == []
    return found.detail.removeprefix(start)


BOTH = pytest.mark.parametrize("kind", [DotServer, DohServer])


@BOTH
async def test_answers_come_as_over_any_other_way(kind: type[Encrypted]) -> None:
    server = kind(ZONE + BIG, authenticated=("example.com.",))
    async with asking(server) as resolver:
        mx = await resolver.lookup("example.com", "MX")
        assert await resolver.lookup("gone.example", "MX") == Absent(absence=Absence.NXDOMAIN)
        big = await resolver.lookup("big.example", "A")
    assert isinstance(mx, Answer)
    assert (mx.records, mx.authenticated_data) == (("10 mx1.example.com",), True)
    assert isinstance(big, Answer)
    assert len(big.records) == 200


@BOTH
async def test_the_connection_is_kept(kind: type[Encrypted]) -> None:
    server = kind(ZONE)
    async with asking(server) as resolver:
        for _ in range(3):
            assert isinstance(await resolver.lookup("example.com", "MX"), Answer)
    assert server.connections == 1


@BOTH
async def test_many_questions_at_once_take_few_connections(kind: type[Encrypted]) -> None:
    server = kind(ZONE)
    async with asking(server) as resolver:
        found: list[Lookup] = await asyncio.gather(
            *(resolver.lookup("example.com", "MX") for _ in range(20))
        )
    assert all(isinstance(lookup, Answer) for lookup in found)
    assert server.connections <= 4


@BOTH
async def test_a_name_in_the_certificate(kind: type[Encrypted]) -> None:
    host = "dns.example.net" if kind is DotServer else "localhost"
    async with asking(kind(ZONE, BY_NAME), host) as resolver:
        assert isinstance(await resolver.lookup("example.com", "MX"), Answer)


@BOTH
async def test_the_name_must_be_in_the_certificate(kind: type[Encrypted]) -> None:
    assert "certificate verify failed" in await refused(kind(ZONE, BY_NAME))


@BOTH
async def test_a_root_that_is_not_trusted(kind: type[Encrypted]) -> None:
    assert "certificate verify failed" in await refused(kind(ZONE), ca_pem=b"")


@BOTH
async def test_a_certificate_that_has_expired(kind: type[Encrypted]) -> None:
    assert "expired" in await refused(kind(ZONE, expired()))


@pytest.mark.parametrize("scheme", ["tls", "https"])
async def test_nobody_listens(scheme: str) -> None:
    with closed_port() as nobody:
        address, port = nobody.getsockname()
        url = f"https://{address}:{port}/dns-query"
        to = TlsResolver(address=address, port=port) if scheme == "tls" else HttpsResolver(url=url)
        resolver = make_resolver(replace(ONCE, resolvers=(to,)))
        assert not isinstance(resolver, Unseen)
        found = await resolver.lookup("example.com", "MX")
        await resolver.close()
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.RESOLVER
    assert str(to) in found.detail


async def test_a_host_name_of_the_url_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(host: str | bytes, *_: object, **__: object) -> NoReturn:
        asked.append(host if isinstance(host, str) else host.decode())
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    asked: list[str] = []
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    to = HttpsResolver(url="https://nobody.invalid/dns-query")
    resolver = make_resolver(replace(ONCE, resolvers=(to,)))
    assert not isinstance(resolver, Unseen)
    found = await resolver.lookup("example.com", "MX")
    await resolver.close()
    assert asked == ["nobody.invalid"]
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.RESOLVER
    assert "Name or service not known" in found.detail


class Brief(DotServer):
    """It closes the connection after each answer, as it may."""

    time_budget = 1


async def test_a_connection_that_was_closed_meanwhile_is_opened_anew() -> None:
    server = Brief(ZONE)
    async with asking(server) as resolver:
        for _ in range(3):
            assert isinstance(await resolver.lookup("example.com", "MX"), Answer)
    assert server.connections == 3


class Mute(DotServer):
    time_budget = 0


async def test_a_connection_that_is_closed_in_place_of_an_answer() -> None:
    async with asking(Mute(ZONE)) as resolver:
        found = await resolver.lookup("example.com", "MX")
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.RESOLVER
    assert "closes the connection" in found.detail


async def test_a_question_over_https_is_what_rfc_8484_says() -> None:
    server = DohServer(ZONE)
    async with asking(server) as resolver:
        await resolver.lookup("example.com", "MX")
    [(line, headers)] = server.requests
    assert line == "POST /dns-query HTTP/1.1"
    assert headers["accept"] == headers["content-type"] == "application/dns-message"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "503 Service Unavailable"}, "HTTP status 503"),
        ({"status": "302 Found"}, "HTTP status 302"),
        ({"content_type": "text/html"}, "not of the type application/dns-message"),
        ({"body": b"x" * 70_000}, "longer than 65535 bytes"),
    ],
)
async def test_what_is_no_answer_over_https(change: dict[str, object], words: str) -> None:
    server = DohServer(ZONE)
    for name, value in change.items():
        setattr(server, name, value)
    async with asking(server) as resolver:
        found = await resolver.lookup("example.com", "MX")
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.RESOLVER
    assert words in found.detail


async def test_a_body_that_is_no_dns_message() -> None:
    server = DohServer(ZONE)
    server.body = b"not DNS"
    async with asking(server) as resolver:
        found = await resolver.lookup("example.com", "MX")
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.MALFORMED
