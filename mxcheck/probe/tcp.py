"""TCP connections: open one, send and receive bytes, and name what goes wrong."""

import asyncio
import errno
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.model.endpoint import HostPort
from mxcheck.probe.time_budget import describe_limit, time_budget
from mxcheck.wire.address import ip_version

READ_SIZE = 65536

_TROUBLE_OF_ERRNO = {
    errno.ECONNREFUSED: (Trouble.REFUSED, "connection refused"),
    errno.ECONNRESET: (Trouble.RESET, "connection reset by the other side"),
    errno.EPIPE: (Trouble.RESET, "connection reset by the other side"),
    errno.ETIMEDOUT: (Trouble.TIMEOUT, "connection timed out"),
    errno.EHOSTUNREACH: (Trouble.HOST_UNREACHABLE, "no route to host"),
    # With these three connect() says that this machine lacks the address family.
    errno.ENETUNREACH: (Trouble.NO_ROUTE, "this machine has no route to IPv{}"),
    errno.EADDRNOTAVAIL: (Trouble.NO_ROUTE, "this machine has no IPv{} address"),
    errno.EAFNOSUPPORT: (Trouble.NO_ROUTE, "this machine does not speak IPv{}"),
}
MAY_PASS = frozenset(
    {
        Trouble.TIMEOUT,
        Trouble.REFUSED,
        Trouble.RESET,
        Trouble.CLOSED,
        Trouble.HOST_UNREACHABLE,
        Trouble.OWN_LIMIT,
        Trouble.NETWORK,
        Trouble.WAY_OUT,
    }
)
"""Troubles that end a connection and may not occur at the next try."""

_OWN_LIMITS = frozenset(
    {
        *(errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM),
        *(errno.EACCES, errno.EPERM),  # a firewall or a sandbox on this machine
    }
)


@dataclass(frozen=True, slots=True)
class Channel:
    """An open TCP connection, in clear. Whoever opened it closes it.

    `far_address` is the address of the machine of --via, by which the server sees this client, ""
    without one. `is_certain` is False if that machine may have said so before it was connected:
    then the first byte proves the connection.
    """

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    far_address: str = ""
    is_certain: bool = True

    async def receive(self) -> bytes | Unseen:
        """Return the bytes that come next; Unseen with CLOSED or RESET if none will come."""
        try:
            data = await self.reader.read(READ_SIZE)
        except OSError as error:
            return describe_error(error, "")
        return data or Unseen(trouble=Trouble.CLOSED, detail="the other side closed the connection")

    async def send(self, data: bytes) -> Unseen | None:
        """Send bytes; return Unseen if the connection is gone."""
        try:
            self.writer.write(data)
            await self.writer.drain()
        except OSError as error:
            return describe_error(error, "")
        return None

    def close(self) -> None:
        """Close the connection at once, without waiting for the other side."""
        self.writer.transport.abort()

    @property
    def local_address(self) -> str:
        """Return the address that the connection comes from, on this machine or that of --via."""
        return self.far_address or str(self.writer.get_extra_info("sockname")[0]).partition("%")[0]


Opened = tuple[Channel, float]
"""An open connection, and the milliseconds that it took to open."""


class Way(Protocol):
    """A way out through another machine (see `mxcheck.probe.via`)."""

    @property
    def host(self) -> str:
        """Return the machine's name, or its address."""

    @property
    def address(self) -> str:
        """Return the address that servers see connections from, "" if unknown."""

    async def connect(self, address: str, port: int, seconds: float) -> Opened | Unseen:
        """Return a connection from there, or why there is none after that time."""

    async def why_broken(self) -> Unseen | None:
        """Return why the way no longer works, or None if it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialer:
    """Opens connections, from the machine at the end of `way` if there is one.

    `routes` leads some of them elsewhere (see ProbeSettings).
    """

    timeout: float
    routes: Mapping[HostPort, HostPort]
    way: Way | None = None

    async def connect(self, address: str, port: int) -> Opened | Unseen:
        """Return a connection and the milliseconds that it took, or why there is none."""
        host, real_port = self.routes.get((address, port), (address, port))
        if self.way:
            return await self.way.connect(host, real_port, self.timeout)
        begun = time.monotonic()
        try:
            async with time_budget(self.timeout):
                reader, writer = await asyncio.open_connection(host, real_port)
        except TimeoutError as error:
            if error.errno:  # the operating system gave up before we did
                return describe_error(error, address)
            detail = f"no answer within {describe_limit(self.timeout, '--connect-timeout')}"
            return Unseen(trouble=Trouble.TIMEOUT, detail=detail)
        except OSError as error:
            return describe_error(error, address)
        return Channel(reader, writer), (time.monotonic() - begun) * 1000


def describe_error(error: OSError, address: str) -> Unseen:
    """Return the trouble that an error of the operating system means."""
    known = _TROUBLE_OF_ERRNO.get(error.errno or 0)
    if known:
        trouble, detail = known
        return Unseen(trouble=trouble, detail=detail.format(ip_version(address)))
    if error.errno in _OWN_LIMITS:
        detail = f"this machine cannot open a connection: {error.strerror}"
        return Unseen(trouble=Trouble.OWN_LIMIT, detail=detail)
    if isinstance(error, ConnectionError):
        return Unseen(trouble=Trouble.RESET, detail="connection reset by the other side")
    return Unseen(trouble=Trouble.NETWORK, detail=error.strerror or str(error) or repr(error))
