"""Domain names as users write them, in either form of an internationalised name (RFC 5890)."""

import re

import idna

from mxcheck.model.quoting import quote
from mxcheck.wire.malformed import quoted

MAX_NAME = 253
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


class NotADomainError(ValueError):
    """A text is not a domain name; `reason` says why and quotes nothing of it."""

    def __init__(self, shown: str, reason: str, detail: str = "") -> None:
        """Begin the message with the text as it is shown."""
        self.reason = reason
        super().__init__(f"{shown} {reason}{detail}")


def parse_domain(text: str) -> str:
    """Return the name in A-labels, in lower case, without a trailing dot; or NotADomainError."""
    name = text.strip().rstrip(".").lower()
    if "://" in name:
        raise NotADomainError(quote(text), "is not a domain name but a URL: give its host alone")
    if "@" in name:
        reason = "is a mail address; the domain is the part after the @"
        raise NotADomainError(quoted(text), reason)
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
