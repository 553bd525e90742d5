"""The greeting (RFC 5321 4.2, 4.3.1): the host name that it begins with, the software it names."""

import re

from mxcheck.evidence.smtp import Reply

# Each row is a text that the named software puts into its default greeting.
_SOFTWARE = (
    ("Postfix", re.compile(r"\bESMTP Postfix\b")),
    ("Exim", re.compile(r"\bESMTP Exim\b")),
    ("OpenSMTPD", re.compile(r"\bESMTP OpenSMTPD\b")),
    ("Sendmail", re.compile(r"\bESMTP Sendmail\b")),
    ("Exchange", re.compile(r"\bMicrosoft ESMTP MAIL Service\b")),
    ("Google", re.compile(r"\bESMTP \S+ - gsmtp\b")),
)
_HOST_NAME = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.)*[A-Za-z0-9-]+\.?")


def parse_banner_host(reply: Reply) -> str | None:
    """The first word of the greeting where it can be a host name, in lower case."""
    first, _, _ = reply.text.partition(" ")
    return first.lower() if _HOST_NAME.fullmatch(first) else None


def parse_software(reply: Reply) -> str | None:
    """The MTA software that the greeting names, where it names one that is known."""
    for name, pattern in _SOFTWARE:
        if pattern.search(reply.text):
            return name
    return None
