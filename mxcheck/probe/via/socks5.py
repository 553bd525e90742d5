"""A way out through a SOCKS5 proxy (RFC 1928, with the login of RFC 1929)."""

import asyncio
import time
from contextlib import closing
from dataclasses import dataclass

from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError, ProxyType
from python_socks.async_.asyncio import Proxy

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.tcp import Channel, Opened, describe_error
from mxcheck.probe.time_budget import describe_limit
from mxcheck.probe.via.addresses import SocksProxy
from mxcheck.probe.via.errors import WayOutError
from mxcheck.wire.address import ip_version, parse_address

_ALIVE_SECONDS = 10.0
_VERSION, _NO_LOGIN, _PASSWORD = b"\x05", b"\x00", b"\x02"


@dataclass(frozen=True, slots=True, kw_only=True)
class SocksWay:
    """Connections through the proxy; each is a login of its own."""

    gate: SocksProxy
    host: str
    address: str = ""

    async def connect(self, address: str, port: int, seconds: float) -> Opened | Unseen:
        """Return a connection from the proxy, or why there is none."""
        begun = time.monotonic()
        try:
            connected = await _proxy(self.gate).connect(address, port, timeout=seconds)
        except ProxyTimeoutError:
            limit = describe_limit(seconds, "--connect-timeout")
            late = Unseen(trouble=Trouble.TIMEOUT, detail=f"no answer within {limit}")
            return await self.why_broken() or late
        except ProxyConnectionError as error:
            return _broken(describe_error(error, "").detail)
        except ProxyError as error:
            return _describe_reply(error, address)
        reader, writer = await asyncio.open_connection(sock=connected)
        channel = Channel(reader, writer, far_address=self.address, is_certain=False)
        return channel, (time.monotonic() - begun) * 1000

    async def why_broken(self) -> Unseen | None:
        """Return why the proxy no longer works, or None if it answers."""
        try:
            await _log_in(self.gate, _ALIVE_SECONDS)
        except WayOutError as error:
            return _broken(str(error))
        return None


async def open_proxy(gate: SocksProxy, seconds: float) -> SocksWay:
    """Return the way through a proxy that takes the login; WayOutError if it does not."""
    await _log_in(gate, seconds)
    return SocksWay(
        gate=gate, host=gate.host, address=gate.host if parse_address(gate.host) else ""
    )


async def _log_in(gate: SocksProxy, seconds: float) -> None:
    """Log in, and ask for nothing: some proxies close the connection in place of an answer."""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(gate.host, gate.port)
            with closing(writer):
                await _negotiate(reader, writer, gate)
    except TimeoutError:
        raise WayOutError(f"{gate}: the proxy did not answer within {seconds:g} s") from None
    except asyncio.IncompleteReadError:
        raise WayOutError(f"{gate}: the proxy closes the connection, or is none") from None
    except OSError as error:
        seen = describe_error(error, gate.host).detail
        raise WayOutError(f"{gate}: the proxy cannot be reached: {seen}") from None


async def _negotiate(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gate: SocksProxy
) -> None:
    """Agree on a way to log in (RFC 1928 3), and log in (RFC 1929 2)."""
    offered = _NO_LOGIN + _PASSWORD if gate.user else _NO_LOGIN
    writer.write(_VERSION + bytes([len(offered)]) + offered)
    answer = await reader.readexactly(2)
    if answer[:1] != _VERSION:
        raise WayOutError(f"{gate}: what answers does not speak SOCKS5")
    if answer[1:] == _PASSWORD and gate.user:
        user, password = gate.user.encode(), gate.password.encode()
        writer.write(b"\x01" + bytes([len(user)]) + user + bytes([len(password)]) + password)
        if (await reader.readexactly(2))[1:] != b"\x00":
            raise WayOutError(f"{gate}: the proxy does not take the user and the password")
    elif answer[1:] != _NO_LOGIN:
        wants = "another login" if gate.user else "a login: name USER:PASSWORD@ in MXCHECK_VIA"
        raise WayOutError(f"{gate}: the proxy wants {wants}")


def _proxy(gate: SocksProxy) -> Proxy:
    user, password = (gate.user, gate.password) if gate.user else (None, None)
    return Proxy(ProxyType.SOCKS5, gate.host, gate.port, user, password)


def _describe_reply(error: ProxyError, address: str) -> Unseen:
    """Return what the proxy's reply tells of a connection that it did not make (RFC 1928 6).

    The other codes (general failure, not allowed, TTL expired) mean one of several causes.
    """
    match error.error_code:
        case 3 | 8:  # 8: the address type is not supported
            detail = f"the machine of --via has no route to IPv{ip_version(address)}"
            return Unseen(trouble=Trouble.NO_ROUTE, detail=detail)
        case 4:
            return Unseen(trouble=Trouble.HOST_UNREACHABLE, detail="no route to host")
        case 5:
            return Unseen(trouble=Trouble.REFUSED, detail="connection refused")
    detail = f"the proxy made no connection, and does not tell the cause: {error}"
    return Unseen(trouble=Trouble.WAY_OUT, detail=detail)


def _broken(words: str) -> Unseen:
    detail = f"the way out through the SOCKS5 proxy broke during the run: {words}"
    return Unseen(trouble=Trouble.WAY_BROKEN, detail=detail)
