"""Tell host names (RFC 1123 2.1) from other domain names, in presentation format (RFC 1035 5.1)."""

import re
from functools import lru_cache

from mxcheck.wire.domain_name import MAX_NAME, parse_domain

MAX_LABEL = 63
_ESCAPE = re.compile(r"\\(\d{3}|.)", re.DOTALL)
_CHARACTER = re.compile(r"[^a-z0-9_.-]", re.IGNORECASE)
_PORT = re.compile(r":\d+$")


@lru_cache(maxsize=4096)  # the names of few hosts are judged for many domains
def why_no_host_name(name: str) -> str:
    """Return why a name cannot be that of a host; empty if it can, underscores aside."""
    plain = _unescaped(name)
    if unfit := _CHARACTER.search(plain):
        return f"it contains {_describe(unfit[0])}"
    labels = plain.split(".")
    if "" in labels:
        return "it has an empty label"
    if len(plain) > MAX_NAME or any(len(label) > MAX_LABEL for label in labels):
        return "a label or the whole of it is too long"
    if any(label.startswith("-") or label.endswith("-") for label in labels):
        return "a label begins or ends with a hyphen"
    return "its last label is a number" if labels[-1].isdigit() else ""


def has_underscore(name: str) -> bool:
    """Return whether a name contains a character that many senders accept, and some refuse."""
    return "_" in name


def corrected(name: str) -> str:
    """Return the host name that was probably meant: without port and spaces, in A-labels; or ""."""
    text = _PORT.sub("", "".join(_unescaped(name).split())).strip("[].")
    try:
        return parse_domain(text)
    except ValueError:
        return ""


def _unescaped(name: str) -> str:
    """Return a name with its escaped bytes as characters, an escaped dot as a backslash.

    What is not UTF-8 is replaced.
    """
    data = _ESCAPE.sub(lambda escape: _byte(escape[1]), name).encode("latin-1", "replace")
    return data.decode("utf-8", "replace")


def _byte(escape: str) -> str:
    if escape.isdigit():
        return chr(min(int(escape), 255))
    return "\\" if escape == "." else escape


def _describe(character: str) -> str:
    known = {
        " ": "a space",
        ":": "a colon (a port has no place there)",
        "\\": "an escaped dot or a backslash",
    }
    if not character.isascii():
        return "a character outside ASCII"
    return known.get(character, f"the character {character!r}")
