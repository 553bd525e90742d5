"""Domain names as users write them, in either form of an internationalised name (RFC 5890)."""

import re

import idna

from mxcheck.model.quoting import quote
from mxcheck.wire.malformed import quoted

MAX_NAME = 253
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def parse_domain(text: str) -> str:
    """The name in A-labels, lower case, without a trailing dot; ValueError says what is wrong."""
    name = text.strip().rstrip(".").lower()
    if "://" in name:
        raise ValueError(f"{quote(text)} is not a domain name but a URL: give its host alone")
    if "@" in name:
        raise ValueError(f"{quoted(text)} is a mail address; the domain is the part after the @")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise ValueError(f"{quoted(text)} is not a domain name: {error}") from None
    if len(name) > MAX_NAME or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise ValueError(f"{quoted(text)} is not a domain name (RFC 1035 2.3.1)")
    if "." not in name or name.rpartition(".")[2].isdigit():
        raise ValueError(f"{quoted(text)} is not a full domain name, such as example.com")
    return name


def display_domain(name: str) -> str:
    """A name for people: with its Unicode form in front where it has one."""
    try:
        unicode_form = idna.decode(name)
    except idna.IDNAError:
        return name
    return name if unicode_form == name else f"{unicode_form} ({name})"
