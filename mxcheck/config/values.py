"""The values of single config keys: from what users write to what the code works with.

Each function raises ValueError, with a message that says what is wrong.
"""

import re
from collections.abc import Sequence

from mxcheck.model.endpoint import HostPort
from mxcheck.model.quoting import did_you_mean, quote
from mxcheck.probe.settings import SMTP_PORT
from mxcheck.rules import REQUIREMENTS, RULES
from mxcheck.wire.address import parse_address
from mxcheck.wire.domain_name import parse_domain

NO_CANARIES = "none"

_IDS = sorted(rule.id for rule in RULES)
_IDS_AND_FAMILIES = sorted({*_IDS, *(str(rule.family) for rule in RULES)})
_MAX_PORT = 65535
_MAX_LOCAL_PART = 64  # RFC 5321 4.5.3.1.1
_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_MAX_SELECTOR = 200  # characters, so that a domain fits behind it
_SHARE = re.compile(r"(?P<percent>100|[1-9]?\d)%", re.ASCII)
_EHLO_KEYWORD = re.compile(r"[A-Z0-9][A-Z0-9-]*")
_HOST_AND_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>\d{1,5}))?", re.ASCII)


class UnknownNameError(ValueError):
    """A name is none of those that are known."""

    def __init__(self, name: str, wanted: str, known: Sequence[str]) -> None:
        """Say what is wanted; `describe_error` adds what comes close, which takes a while."""
        super().__init__(f"{quote(name)} is not {wanted}")
        self.name = name
        self.known = known


def describe_error(error: ValueError) -> str:
    """Return the message of an error, with a suggestion if it is about a name."""
    hint = did_you_mean(error.name, error.known) if isinstance(error, UnknownNameError) else ""
    return f"{error}{hint}"


def parse_rule(text: str) -> str:
    """Return the id of a rule."""
    if text not in _IDS:
        raise UnknownNameError(text, "a rule", _IDS)
    return text


def parse_rule_or_family(text: str) -> str:
    """Return the id or the family of a rule."""
    if text not in _IDS_AND_FAMILIES:
        raise UnknownNameError(text, "a rule or family", _IDS_AND_FAMILIES)
    return text


def parse_requirement(text: str) -> str:
    """Return the name of something that can be required."""
    if text not in REQUIREMENTS:
        raise UnknownNameError(text, f"one of {', '.join(REQUIREMENTS)}", REQUIREMENTS)
    return text


def each_once(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts of a list in their order, without repetitions."""
    return tuple(dict.fromkeys(texts))


def refuse_false(value: bool) -> bool:  # noqa: FBT001 - a validator
    """Return the value of a key that is true or left out."""
    if not value:
        raise ValueError("means that IP version alone: it is true, or left out")
    return value


def parse_share(text: object) -> int:
    """Parse a share in per cent, like 25%."""
    found = _SHARE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f'{quote(str(text))} is not a share from 0% to 100%, like "25%"')
    return int(found["percent"])


def parse_reason(text: str) -> str:
    """Return a reason that says something."""
    if not text.strip():
        raise ValueError("is empty")
    return text.strip()


def parse_mail_address(text: str) -> str:
    """Return a mailbox that is safe within MAIL and RCPT.

    A dot-string at a domain (RFC 5321 4.1.2).
    """
    local_part, _at, domain = text.rpartition("@")
    fits = len(local_part) <= _MAX_LOCAL_PART and _LOCAL_PART.fullmatch(local_part)
    try:
        if fits and domain.isascii() and domain == domain.strip():
            return f"{local_part}@{parse_domain(domain)}"
    except ValueError:
        pass
    raise ValueError(f"{quote(text)} is not a mail address, such as postmaster@example.com")


def parse_ehlo_name(text: str) -> str:
    """Return a full domain name or an address literal, such as `[192.0.2.1]` (RFC 5321 4.1.1.1)."""
    if not text.startswith("["):
        return parse_domain(text)
    address = parse_address(text[1:].removesuffix("]").removeprefix("IPv6:"))
    if address is None or "%" in text or not text.endswith("]"):
        raise ValueError(f"{quote(text)} is not an address literal, such as [192.0.2.1]")
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"  # noqa: PLR2004


def parse_extension(text: str) -> str:
    """Return an EHLO keyword (RFC 5321 4.1.1.1) that is possible inside TLS, in upper case."""
    keyword = text.strip().upper()
    if not _EHLO_KEYWORD.fullmatch(keyword):
        raise ValueError(f"{quote(text)} is not an EHLO keyword, such as SIZE")
    if keyword == "STARTTLS":
        raise ValueError(
            f"{quote(text)} has a rule of its own: it is checked before TLS, not inside"
        )
    return keyword


def parse_ip_address(text: str) -> str:
    """Return an IP address, in the form in which evidence writes it."""
    address = parse_address(text.strip())
    if address is None:
        raise ValueError(f"{quote(text)} is not an IP address")
    return str(address)


def parse_dkim_selector(text: str) -> str:
    """Return a DKIM selector (RFC 6376 3.1): one label or several, in lower case."""
    selector = text.strip().removesuffix(".").lower()
    if not _SELECTOR.fullmatch(selector) or len(selector) > _MAX_SELECTOR:
        raise ValueError(
            f"{quote(text)} is not a DKIM selector: it is what comes before ._domainkey, such as s1"
        )
    return selector


def parse_mx_name(text: str) -> str:
    """Return an MX host as DNS gives it, which need not be a proper domain name."""
    try:
        return parse_domain(text)
    except ValueError:
        return text.strip().rstrip(".").lower()


def parse_canaries(value: object) -> object:
    """Return a list of `HOST` or `HOST:PORT`; `none` alone makes an empty one."""
    if not isinstance(value, list | tuple):
        return value
    texts = [str(item) for item in value]
    if texts == [NO_CANARIES]:
        return ()
    if NO_CANARIES in texts:
        raise ValueError(f"{quote(NO_CANARIES)} stands alone or not at all")
    return tuple(_parse_canary(text) for text in texts)


def split_endpoint(text: str, default_port: int) -> HostPort:
    """Host and port; an IPv6 address needs brackets only before a port."""
    if parse_address(text) is not None:
        return parse_ip_address(text), default_port
    match = _HOST_AND_PORT.fullmatch(text)
    port = int(match["port"] or default_port) if match else 0
    if match is None or not 1 <= port <= _MAX_PORT:
        raise ValueError(f"{quote(text)} is not a host with or without a port")
    host = match["host"]
    bracketed = host.startswith("[")
    return (parse_ip_address(host.strip("[]")) if bracketed else host), port


def _parse_canary(text: str) -> HostPort:
    host, port = split_endpoint(text, SMTP_PORT)
    return (host if parse_address(host) else parse_domain(host)), port
