"""Serve DNS and SMTP from a thread whose sockets belong to a namespace."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.loopback import LoopbackServer
from mxcheck.demo.smtp_script import Script
from mxcheck.demo.smtp_server import ScriptedSmtp
from tests.real.mail_host import SMTP_PORT
from tests.real.namespace import Namespace

_START_SECONDS = 60
Stop = Callable[[], Awaitable[object]]


@contextmanager
def resolving(namespace: Namespace, zone: str) -> Iterator[str]:
    """Answer for a zone at an address of the namespace's loopback, and yield it with its port."""
    server = ScriptedDns(zone)
    with _served(namespace, lambda stop: _serve_dns(server, stop)):
        yield "{}:{}".format(*server.address)


async def _serve_dns(server: ScriptedDns, stop: Stop) -> None:
    async with server:
        await stop()


@dataclass(slots=True, kw_only=True)
class MailServers:
    """One scripted server at port 25 of many addresses; `script` may be replaced between runs."""

    script: Script
    addresses: list[str] = field(default_factory=list)

    @contextmanager
    def at(self, namespace: Namespace, addresses: Sequence[str]) -> Iterator[None]:
        """Listen until the block ends; `addresses` then names each that was connected to."""
        with _served(namespace, lambda stop: self._serve(addresses, stop)):
            yield

    async def _serve(self, addresses: Sequence[str], stop: Stop) -> None:
        async with AsyncExitStack() as stack:
            for address in addresses:
                server = _Server(self, address)
                stack.push_async_callback(server.close)
                await server.listen(SMTP_PORT, address)
            await stop()


class _Server(LoopbackServer):
    def __init__(self, servers: MailServers, address: str) -> None:
        async def converse(connection: object) -> None:
            servers.addresses.append(address)
            await ScriptedSmtp(servers.script)._serve(connection)  # type: ignore[arg-type] # noqa: SLF001

        super().__init__(converse)


@contextmanager
def _served(namespace: Namespace, serve: Callable[[Stop], Awaitable[None]]) -> Iterator[None]:
    """Run a server in a thread of the namespace until the block ends."""
    started, ended = threading.Event(), threading.Event()

    async def stop() -> None:
        started.set()
        await asyncio.to_thread(ended.wait)

    def run() -> None:
        with namespace.inside():
            asyncio.run(serve(stop))  # type: ignore[arg-type]

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert started.wait(_START_SECONDS)
        yield
    finally:
        ended.set()
        thread.join()
