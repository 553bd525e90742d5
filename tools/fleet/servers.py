"""DNS and SMTP servers for many domains that share some hosts; each reply comes after a delay."""

import asyncio
import contextlib
import ssl
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from mxcheck.demo.certificates import Authority
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_script import Tls

HOST = "mx{}.fleet.example"
_EHLO = b"250-mx.fleet.example\r\n250-SIZE 10240000\r\n250-8BITMIME\r\n250-PIPELINING\r\n"
_REPLIES = {
    b"QUIT": b"221 2.0.0 Bye\r\n",
    b"MAIL": b"250 2.1.0 Ok\r\n",
    b"RSET": b"250 2.0.0 Ok\r\n",
    b"STARTTLS": b"220 2.0.0 Ready to start TLS\r\n",
}


def names(domains: int) -> list[str]:
    """Return the names of the domains."""
    return [f"d{number}.example" for number in range(domains)]


def addresses(hosts: int) -> list[str]:
    """Return an address for each host."""
    return [f"127.0.{number // 250 + 1}.{number % 250 + 1}" for number in range(hosts)]


async def serve(folder: Path, domains: int, hosts: int, delay: int) -> None:
    """Serve until the process is ended; print the flags of a check first."""
    zone = [f"{HOST.format(n)}. A {address}" for n, address in enumerate(addresses(hosts))]
    zone += [f"{one}. MX 10 {HOST.format(n % hosts)}." for n, one in enumerate(names(domains))]
    root = Authority.root(datetime.now(UTC))
    issued = root.issue(names=("*.fleet.example",))
    (folder / "root.pem").write_bytes(root.certificate_pem)
    (folder / "domains").write_text("".join(f"{one}\n" for one in names(domains)))
    context = Tls(chain_pem=issued.chain_pem, key_pem=issued.key_pem).context()
    async with ScriptedDns("\n".join(zone), authenticated=(".",)) as dns:
        port = await _listen(addresses(hosts), context, delay / 1000)
        targets = [f"[{address}]:{port}\n" for address in addresses(hosts)]
        (folder / "targets").write_text("".join(targets))
        sys.stdout.write(f"{' '.join(_flags(folder, dns.address, port))}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def _flags(folder: Path, resolver: tuple[str, int], port: int) -> Sequence[str]:
    return (
        f"--domains-file={folder / 'domains'}",
        f"--resolver={resolver[0]}:{resolver[1]}",
        f"--port={port}",
        f"--ca-file={folder / 'root.pem'}",
        *("--trust-ad", "--allow-private", "--ehlo-name=probe.example.net"),
        "--per-operator=10000",  # the hosts play those of many operators
    )


async def _listen(at: Sequence[str], context: ssl.SSLContext, delay: float) -> int:
    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await _converse(reader, writer, context, delay)
        writer.close()

    port = 0
    for address in at:
        server = await asyncio.start_server(converse, address, port, backlog=200)
        port = server.sockets[0].getsockname()[1]
    return port


async def _converse(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    context: ssl.SSLContext,
    delay: float,
) -> None:
    """Greet, and answer each command: nobody may relay, and a domain of the fleet is served."""
    in_tls = False
    await _say(writer, b"220 mx.fleet.example ESMTP\r\n", delay)
    while line := await reader.readline():
        verb = line.split()[0].upper() if line.split() else b""
        await _say(writer, _reply(verb, line, in_tls=in_tls), delay)
        if verb == b"QUIT":
            return
        if verb == b"STARTTLS":
            await writer.start_tls(context)
            in_tls = True


def _reply(verb: bytes, line: bytes, *, in_tls: bool) -> bytes:
    if verb == b"EHLO":
        return _EHLO + (b"250 DSN\r\n" if in_tls else b"250 STARTTLS\r\n")
    if verb == b"RCPT":
        own = b".example>" in line
        return b"250 2.1.5 Ok\r\n" if own else b"554 5.7.1 <x>: Relay access denied\r\n"
    return _REPLIES.get(verb, b"502 5.5.1 Error: command not recognized\r\n")


async def _say(writer: asyncio.StreamWriter, words: bytes, delay: float) -> None:
    if delay:
        await asyncio.sleep(delay)
    writer.write(words)
    await writer.drain()
