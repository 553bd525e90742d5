"""The floor: what asyncio and dnspython need to ask each name and visit each host."""

import asyncio
import contextlib
import ssl
from collections.abc import Sequence
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.message

from tools.fleet.servers import HOST, addresses

AT_ONCE = 100
_SECONDS = 30
_TRIES = 5


async def run(folder: Path, flags: Sequence[str]) -> None:
    """Ask about every domain and every host that the flags of a check lead to."""
    given = dict(flag.removeprefix("--").partition("=")[::2] for flag in flags)
    where, port = given["resolver"].rsplit(":", 1)
    resolver = (where, int(port))
    domains = (folder / "domains").read_text().split()
    hosts = len((folder / "targets").read_text().split())
    context = ssl.create_default_context(cafile=str(folder / "root.pem"))
    context.check_hostname = False
    asked = asyncio.Semaphore(AT_ONCE)
    visited = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_ask_domain(asked, resolver, name) for name in domains))
    await asyncio.gather(
        *(_ask_host(asked, resolver, HOST.format(n), given["port"]) for n in range(hosts))
    )
    await asyncio.gather(
        *(_visit(visited, one, int(given["port"]), context) for one in addresses(hosts))
    )


async def _ask_domain(turn: asyncio.Semaphore, resolver: tuple[str, int], name: str) -> None:
    for asked, kind in ((name, "MX"), (f"_mta-sts.{name}", "TXT"), (f"_smtp._tls.{name}", "TXT")):
        await _ask(turn, resolver, asked, kind)


async def _ask_host(
    turn: asyncio.Semaphore, resolver: tuple[str, int], host: str, port: str
) -> None:
    for asked, kind in ((host, "A"), (host, "AAAA"), (f"_{port}._tcp.{host}", "TLSA")):
        await _ask(turn, resolver, asked, kind)


async def _ask(turn: asyncio.Semaphore, resolver: tuple[str, int], name: str, kind: str) -> None:
    async with turn:
        query = dns.message.make_query(f"{name}.", kind, want_dnssec=True)
        for _ in range(_TRIES):
            with contextlib.suppress(dns.exception.Timeout):
                await dns.asyncquery.udp(query, resolver[0], port=resolver[1], timeout=1)
                return


async def _visit(turn: asyncio.Semaphore, address: str, port: int, context: ssl.SSLContext) -> None:
    async with turn, asyncio.timeout(_SECONDS):
        reader, writer = await asyncio.open_connection(address, port)
        with contextlib.closing(writer):
            await _reply(reader)
            await _command(reader, writer, b"EHLO probe.example.net\r\n")
            await _command(reader, writer, b"STARTTLS\r\n")
            await writer.start_tls(context, server_hostname=HOST.format(0))
            await _command(reader, writer, b"EHLO probe.example.net\r\n")
            await _command(reader, writer, b"QUIT\r\n")


async def _command(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: bytes) -> None:
    writer.write(line)
    await _reply(reader)


async def _reply(reader: asyncio.StreamReader) -> None:
    while (await reader.readline())[3:4] == b"-":
        pass
