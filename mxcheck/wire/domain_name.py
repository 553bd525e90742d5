"""Domain names as users write them, in either form of an internationalised name (RFC 5890)."""

import re

import idna

from mxcheck.model.quoting import quote
from mxcheck.wire.address import parse_address
from mxcheck.wire.malformed import quoted

MAX_NAME = 253
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_OF_OTHER_THINGS = re.compile(r"[:/@*\[]|\d$")
_NO_PART_OF_A_NAME = re.compile(r"[:/@*\[]")
_PORT = re.compile(r":\d*$")


class NotADomainError(ValueError):
    """A text is not a domain name; `reason` says why and quotes nothing of it."""

    def __init__(self, shown: str, reason: str, detail: str = "") -> None:
        """Begin the message with the text as it is shown."""
        self.reason = reason
        super().__init__(f"{shown} {reason}{detail}")


def parse_domain(text: str) -> str:
    """Return the name in A-labels, in lower case, without a trailing dot; or NotADomainError."""
    name = text.strip().rstrip(".").lower()
    if _OF_OTHER_THINGS.search(name):
        _refuse_other_things(text, name)
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise NotADomainError(quoted(text), "is not a domain name", f": {error}") from None
    if len(name) > MAX_NAME or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise NotADomainError(quoted(text), "is not a domain name (RFC 1035 2.3.1)")
    if "." not in name or name.rpartition(".")[2].isdigit():
        raise NotADomainError(quoted(text), "is not a full domain name, such as example.com")
    return name


def display_domain(name: str) -> str:
    """Return a name for people: if it is internationalised, its Unicode form comes first."""
    if "xn--" not in name:  # most names, and decoding takes time
        return name
    try:
        unicode_form = idna.decode(name)
    except idna.IDNAError:
        return name
    return name if unicode_form == name else f"{unicode_form} ({name})"


def _refuse_other_things(text: str, name: str) -> None:
    """Raise NotADomainError for what people write in place of a domain, with what to write."""
    if "://" in name:
        # What is before an "@" may be a password, with any character in it.
        host = "" if "@" in name else re.split(r"[/?#]", name.partition("://")[2])[0]
        reason = "is not a domain name but a URL: give its host alone"
        raise NotADomainError(quote(text), reason, _meant(_PORT.sub("", host)))
    if "@" in name:
        reason = "is a mail address; the domain is the part after the @"
        raise NotADomainError(quote(text), reason, _meant(name.rpartition("@")[2]))
    host, slash, _ = name.partition("/")
    bare = _PORT.sub("", host)
    if parse_address(host.strip("[]")) or parse_address(bare.strip("[]")):
        reason = "is an IP address: give the domain whose mail goes there, such as example.com"
        raise NotADomainError(quoted(text), reason)
    if (slash or bare != host) and (meant := _meant(bare)):
        has = "a path" if slash else "a port (--port is the flag for one)"
        raise NotADomainError(quoted(text), f"has {has}: give the domain alone", meant)
    if name.startswith("*."):
        reason = "is a wildcard: give each domain by its name"
        raise NotADomainError(quoted(text), reason, _meant(name[2:], ", such as "))


def _meant(text: str, before: str = ", ") -> str:
    """Return the end of a message that names the domain that was meant; or nothing."""
    if _NO_PART_OF_A_NAME.search(text):
        return ""
    try:
        return f"{before}{parse_domain(text)}"
    except NotADomainError:
        return ""
