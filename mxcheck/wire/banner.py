"""Parse the greeting (RFC 5321 4.2, 4.3.1): the host name at its beginning, a version in it."""

import re

from mxcheck.evidence.smtp import Reply
from mxcheck.wire.domain_name import MAX_NAME
from mxcheck.wire.software import Software

_HOST_NAME = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.)*[A-Za-z0-9-]+\.?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Names below these are not in the public DNS: RFC 6761, RFC 6762, and what ICANN reserved or set
# aside. The names for documentation and tests are not listed: they are used in place of real ones.
_PRIVATE = frozenset(
    {"corp", "home", "internal", "invalid", "lan", "local", "localdomain", "localhost"}
)

_WITHOUT_BRACKETS = str.maketrans("(", " ", "[])")
# A word that is a host name contains no version ("mx-1.2.example.com").
_HOST_WORD = re.compile(
    r"[(<\[]*(?:[A-Za-z0-9_-]+\.)+(?:[A-Za-z]{2,}|xn--[A-Za-z0-9-]+)\.?[)>\],;:]*"
)
_NAMES = "|".join(re.escape(name) for name in Software)
_NUMBER = r"\d{1,4}(?:\.\d{1,5})+(?!\.?\d)[\w./+~-]*"
_NO_YEAR = r"(?!\d{4}\.\d\d?\.\d\d?\b|\d\d?\.\d\d?\.(?:19|20)\d\d\b)"
_NO_DATE = _NO_YEAR + r"(?!\d\d?\.(?:0[1-9]|1[0-2])\.\d\d\b)"
_NO_ADDRESS = r"(?!(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d))"
_WORD = (
    r"(?<!\S)[(\[]?(?!(?:address|at|by|client|for|from|host|id|in|ip|is|load|of|on|port|rfc|ssl|tls"
    r"|to|your)\b)[A-Za-z][A-Za-z+]*"
)
_VERSIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # A known name, followed by a number: "Exim 4.96", "Postfix (3.7.11)", "MDaemon 21;".
        rf"\b(?:{_NAMES})[ /,(_-]{{1,3}}v?{_NO_ADDRESS}{_NO_YEAR}{_NUMBER}",
        rf"\b(?:{_NAMES})[ /]\d\d?(?=[;,)]|$)",
        r"\bIceWarp \d+(?:\.\d+){3}",  # looks like an address
        # "Version: 10.0.17763.1697", "(Lotus Domino Release 9.0.1FP7)", "v6.0.9.0".
        r"\b(?:version|release|ver)\b[:. ]{0,2}v?\d[\w./+~-]*",
        rf"(?<![\w-])v{_NUMBER}",
        # Any other word, followed by a number of several parts.
        rf"{_WORD}[ /_(-]{{1,2}}{_NO_ADDRESS}{_NO_DATE}{_NUMBER}",
    )
)


def parse_banner_host(reply: Reply) -> str | None:
    """Return the first word of the greeting in lower case, if it can be a host name."""
    first, _, _ = reply.text.partition(" ")
    return first.lower() if _HOST_NAME.fullmatch(first) else None


def is_full_host_name(name: str) -> bool:
    """Return whether a name (lower case) is fully qualified, and may exist in the public DNS."""
    labels = name.removesuffix(".").split(".")
    top = labels[-1]
    return (
        len(name.removesuffix(".")) <= MAX_NAME
        and len(labels) > 1
        and top not in _PRIVATE
        and not top.isdecimal()
        and all(_LABEL.fullmatch(label) for label in labels)
    )


def parse_version(reply: Reply) -> str | None:
    """Return the software version that the greeting contains, with the word before it.

    Dates, times, host names, addresses and session ids are not versions.
    """
    for line in reply.lines:
        words = [word for word in line.split() if not _HOST_WORD.fullmatch(word)]
        for pattern in _VERSIONS:
            match = pattern.search(" ".join(words))
            if match:
                return " ".join(match[0].translate(_WITHOUT_BRACKETS).split()).strip(".,;:-")
    return None
