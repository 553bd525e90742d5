"""A way out through a SOCKS5 proxy (RFC 1928, with the login of RFC 1929)."""

import asyncio
import time
from dataclasses import dataclass

from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError, ProxyType
from python_socks.async_.asyncio import Proxy

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.tcp import Channel, Opened, describe_error
from mxcheck.probe.time_budget import describe_limit
from mxcheck.probe.via.addresses import SocksProxy
from mxcheck.probe.via.errors import WayOutError
from mxcheck.wire.address import ip_version, parse_address

_REFUSED_AT_ONCE = ("127.0.0.1", 1)
_ALIVE_SECONDS = 10.0


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
            await _ask(self.gate, _ALIVE_SECONDS)
        except WayOutError as error:
            return _broken(str(error))
        return None


async def open_proxy(gate: SocksProxy, seconds: float) -> SocksWay:
    """Return the way through a proxy that answers and takes the login; WayOutError if it does not.

    A connection to a port of the proxy's own machine is asked for, whatever comes of it.
    """
    await _ask(gate, seconds)
    return SocksWay(
        gate=gate, host=gate.host, address=gate.host if parse_address(gate.host) else ""
    )


async def _ask(gate: SocksProxy, seconds: float) -> None:
    try:
        connected = await _proxy(gate).connect(*_REFUSED_AT_ONCE, timeout=seconds)
    except ProxyTimeoutError:
        raise WayOutError(f"{gate}: the proxy did not answer within {seconds:g} s") from None
    except ProxyConnectionError as error:
        seen = describe_error(error, gate.host).detail
        raise WayOutError(f"{gate}: the proxy cannot be reached: {seen}") from None
    except ProxyError as error:
        if error.error_code is None:
            raise WayOutError(f"{gate}: the proxy refuses: {error}") from None
    else:
        connected.close()


def _proxy(gate: SocksProxy) -> Proxy:
    user, password = (gate.user, gate.password) if gate.user else (None, None)
    return Proxy(ProxyType.SOCKS5, gate.host, gate.port, user, password)


def _describe_reply(error: ProxyError, address: str) -> Unseen:
    """Return what the proxy's reply tells of a connection that it did not make (RFC 1928 6).

    The other codes (general failure, not allowed, TTL expired) stand for several causes.
    """
    match error.error_code:
        case 3:
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
