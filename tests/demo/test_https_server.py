import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from mxcheck.demo.https_server import ScriptedHttps, Site, http_response
from mxcheck.demo.smtp_script import Act, Handshake, Paced, Tls
from tests.demo.client import HOST, TLS, trusting

PATH = "/.well-known/mta-sts.txt"
BODY = b"version: STSv1\r\n"


@asynccontextmanager
async def asking(*sites: Site) -> AsyncIterator[tuple[ScriptedHttps, httpx2.AsyncClient]]:
    async with (
        ScriptedHttps(*sites) as server,
        httpx2.AsyncClient(
            verify=trusting(),
            trust_env=False,
            base_url=f"https://127.0.0.1:{server.address[1]}",
            headers={"host": HOST},
        ) as client,
    ):
        yield server, client


async def get(client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.get(PATH, extensions={"sni_hostname": HOST})


async def test_a_page_and_what_was_asked() -> None:
    async with asking(Site(tls=TLS, answer=http_response(BODY))) as (server, client):
        response = await get(client)
    assert (response.status_code, response.content) == (200, BODY)
    assert response.headers["content-type"] == "text/plain"
    (request,) = server.requests
    assert request.lines[0] == f"GET {PATH} HTTP/1.1"
    assert (request.headers["host"], request.server_name) == (HOST, HOST)
    assert request.tls_version == "TLSv1.3"


async def test_status_headers_and_parts() -> None:
    moved = http_response(status="302 Found", location="https://example.net/", content_type="")
    slow = Paced(parts=(http_response(BODY)[:30], http_response(BODY)[30:]))
    async with asking(Site(tls=TLS, answer=moved), Site(tls=TLS, answer=slow)) as (server, client):
        first, second, third = [await get(client) for _ in range(3)]
    assert (first.status_code, first.headers["location"]) == (302, "https://example.net/")
    assert "content-type" not in first.headers
    assert second.content == third.content == BODY
    assert len(server.requests) == 3


@pytest.mark.parametrize("handshake", [Handshake.GARBAGE, Handshake.CLOSE])
async def test_a_handshake_that_fails(handshake: Handshake) -> None:
    async with asking(Site(tls=handshake)) as (_, client):
        with pytest.raises(httpx2.ConnectError):
            await get(client)


async def test_a_connection_that_ends_without_an_answer() -> None:
    async with asking(Site(tls=TLS, answer=Act.CLOSE)) as (_, client):
        with pytest.raises(httpx2.RemoteProtocolError):
            await get(client)


async def test_a_certificate_that_is_no_good_is_told_at_the_start() -> None:
    with pytest.raises(ssl.SSLError):
        await ScriptedHttps(Site(tls=Tls(chain_pem=b"", key_pem=TLS.key_pem))).start()
