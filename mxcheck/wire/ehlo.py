"""Parser of the reply to EHLO (RFC 5321 4.1.1.1): the extensions, the address of the client."""

import re

from mxcheck.evidence.smtp import Reply
from mxcheck.wire.address import parse_address

_IN_BRACKETS = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]+)\]")


def parse_ehlo(reply: Reply) -> dict[str, str]:
    """Extension keyword (upper case) to its parameters; the first line is the server's name."""
    extensions: dict[str, str] = {}
    for line in reply.lines[1:]:
        keyword, _, parameters = line.strip().partition(" ")
        # Some servers still write "AUTH=LOGIN PLAIN", from before RFC 2554.
        keyword, _, old_style = keyword.partition("=")
        if keyword:
            extensions.setdefault(keyword.upper(), f"{old_style} {parameters}".strip())
    return extensions


def parse_client_address(reply: Reply) -> str:
    """Return the client's address if the first line tells it ("Hello x [192.0.2.1]"), else ""."""
    texts = _IN_BRACKETS.findall(reply.lines[0] if reply.lines else "")
    return next((str(found) for text in texts if (found := parse_address(text))), "")
