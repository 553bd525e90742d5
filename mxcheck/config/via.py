"""The way out as users write it: `ssh://…` or `socks5://…`."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from mxcheck.model.quoting import quote
from mxcheck.probe.via.addresses import SOCKS_PORT, Gate, SocksProxy, SshGate

_FORMS = "ssh://[USER@]HOST[:PORT] or socks5://[USER:PASSWORD@]HOST[:PORT]"
# OpenSSH puts both into the command lines of the user's configuration (ProxyCommand, Match exec).
_HOST = re.compile(r"[A-Za-z0-9_.:%-]+")
_USER = re.compile(r"[A-Za-z0-9_.@+-]+")


def parse_via(value: object) -> Gate:
    """Return the machine to go through; ValueError says what is wrong, and quotes no password."""
    text = str(value).strip()
    parts = _split(text)
    if parts.scheme == "ssh":
        return _parse_ssh(parts, text)
    if parts.scheme == "socks5":
        return _parse_socks(parts)
    raise ValueError(f"{quote(text)} is not a way out such as {_FORMS}")


def _split(text: str) -> SplitResult:
    wrong = f"{quote(text)} is not a way out such as {_FORMS}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(wrong) from None
    if parts.path not in {"", "/"} or parts.query or parts.fragment or port == 0:
        raise ValueError(wrong)
    if not _HOST.fullmatch(host):
        raise ValueError(wrong)
    if host.startswith("-") or unquote(parts.username or "").startswith("-"):
        raise ValueError(f"{quote(text)} begins a name with a hyphen: ssh would read it as a flag")
    return parts


def _parse_ssh(parts: SplitResult, text: str) -> SshGate:
    user = unquote(parts.username or "")
    if parts.password is not None:
        raise ValueError(
            f"{quote(text)} contains a password: SSH logs in with a key (--via-key, or the agent)"
        )
    if user and not _USER.fullmatch(user):
        raise ValueError(f"{quote(text)} has a user of other signs than letters, digits and _.@+-")
    return SshGate(host=_host(parts), user=user, port=parts.port)


def _parse_socks(parts: SplitResult) -> SocksProxy:
    return SocksProxy(
        host=_host(parts),
        port=parts.port or SOCKS_PORT,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _host(parts: SplitResult) -> str:
    """Return the host as it was written: OpenSSH's configuration tells upper from lower case."""
    written = parts.netloc.rpartition("@")[2].strip("[")
    return written[: len(parts.hostname or "")]
