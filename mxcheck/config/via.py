"""The way out as users write it: `ssh://…` or `socks5://…`."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from mxcheck.model.quoting import quote
from mxcheck.probe.via.addresses import SOCKS_PORT, Gate, SocksProxy, SshGate

_FORMS = "ssh://gate.example.net or socks5://gate.example.net:1080"
# OpenSSH puts both into the command lines of the user's configuration (ProxyCommand, Match exec).
_HOST = re.compile(r"[A-Za-z0-9_.:%-]+")
_USER = re.compile(r"[A-Za-z0-9_.@+-]+")
_LONGEST_WORD = 255
# What follows a colon, unless that belongs to a scheme, or a port follows.
_NO_PORT = re.compile(r":(?!//|\d{1,5}/?\Z).*", re.DOTALL)


def parse_via(value: object) -> Gate:
    """Return the machine to go through; ValueError says what is wrong, and quotes no password."""
    text = str(value).strip()
    parts = _split(text)
    if parts.scheme == "ssh":
        return _parse_ssh(parts, text)
    if parts.scheme == "socks5":
        return _parse_socks(parts)
    raise ValueError(f"{_quote(text)} is not a way out such as {_FORMS}")


def _split(text: str) -> SplitResult:
    wrong = f"{_quote(text)} is not a way out such as {_FORMS}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(wrong) from None
    if parts.path not in {"", "/"} or parts.query or parts.fragment or port == 0:
        raise ValueError(wrong)
    if host.startswith("-") or unquote(parts.username or "").startswith("-"):
        raise ValueError(f"{_quote(text)} begins a name with a hyphen: ssh would read it as a flag")
    if not _HOST.fullmatch(host):
        raise ValueError(wrong)
    return parts


def _parse_ssh(parts: SplitResult, text: str) -> SshGate:
    user = unquote(parts.username or "")
    if parts.password is not None:
        raise ValueError(
            f"{_quote(text)} contains a password: SSH logs in with a key (--via-key, or the agent)"
        )
    if user and not _USER.fullmatch(user):
        raise ValueError(f"{_quote(text)} has a user of other signs than letters, digits and _.@+-")
    return SshGate(host=_host(parts), user=user, port=parts.port)


def _parse_socks(parts: SplitResult) -> SocksProxy:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if max(len(user.encode()), len(password.encode())) > _LONGEST_WORD:
        raise ValueError(f"has a user or password of more than {_LONGEST_WORD} bytes (RFC 1929 2)")
    if parts.password is None and ":" in user:
        raise ValueError("writes %3A between user and password: a colon belongs there")
    return SocksProxy(
        host=_host(parts), port=parts.port or SOCKS_PORT, user=user, password=password
    )


def _quote(text: str) -> str:
    """Quote a way out without what may be a password: before an @, or behind a colon."""
    user, at, rest = text.rpartition("@")
    return quote(user + at + _NO_PORT.sub(":***", rest))


def _host(parts: SplitResult) -> str:
    """Return the host as it was written: OpenSSH's configuration tells upper from lower case."""
    written = parts.netloc.rpartition("@")[2].strip("[")
    return written[: len(parts.hostname or "")]
