"""Which machine to go through, as the user named it."""

from dataclasses import dataclass, field
from typing import TypeAlias

from mxcheck.evidence.way_out import WayOut

SOCKS_PORT = 1080


@dataclass(frozen=True, slots=True, kw_only=True)
class SshGate:
    """A machine that OpenSSH can log in to; what is empty comes from the user's configuration.

    `key` and `known_hosts` are the contents of the files that the user named.
    """

    host: str
    user: str = ""
    port: int | None = None
    key: bytes = field(default=b"", repr=False)
    known_hosts: bytes = b""

    @property
    def kind(self) -> WayOut:
        """Return what kind of way it is."""
        return WayOut.SSH

    def __str__(self) -> str:
        """Return it without the user."""
        return f"ssh://{_host_port(self.host, self.port)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SocksProxy:
    """A SOCKS5 proxy; without `user` no login is offered."""

    host: str
    port: int = SOCKS_PORT
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def kind(self) -> WayOut:
        """Return what kind of way it is."""
        return WayOut.SOCKS5

    def __str__(self) -> str:
        """Return it without user and password."""
        return f"socks5://{_host_port(self.host, self.port)}"


Gate: TypeAlias = SshGate | SocksProxy


def _host_port(host: str, port: int | None) -> str:
    host = f"[{host}]" if ":" in host else host
    return host if port is None else f"{host}:{port}"
