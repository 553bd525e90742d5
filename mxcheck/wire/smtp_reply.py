"""Parse SMTP replies (RFC 5321 4.2): when one is complete, and what it says."""

import re
from collections.abc import Sequence

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply

MAX_LINE_KEPT = 2048
"""Bytes of a line that are kept. RFC 5321 4.5.3.1.5 allows 512."""
MAX_REPLY_LINES = 100
MAX_REPLY_KEPT = 8192
"""Characters of a reply that are kept, all its lines together."""

# RFC 5321 4.2: three digits, the first 2 to 5, then "-" before more lines, or a space, or nothing.
_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)


def is_last_line(line: bytes) -> bool:
    """Return whether a line ends its reply: only "NNN-" announces another line."""
    match = _LINE.fullmatch(line)
    return match is None or match[2] != b"-"


def decode_text(text: bytes) -> str:
    """Return received text, cut to its limit: UTF-8, with a backslash escape for other bytes."""
    return text[:MAX_LINE_KEPT].decode("utf-8", "backslashreplace")


def parse_reply(lines: Sequence[bytes]) -> Reply | Unseen:
    """Return the reply in these lines (without line ends), or Unseen with MALFORMED."""
    if not lines:
        return _malformed("there is no line at all")
    code, left = 0, MAX_REPLY_KEPT
    texts = []
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            return _malformed(f"the line {quote(line)} is not an SMTP reply line")
        if code and code != int(match[1]):
            # RFC 5321 4.2.1: the code of every line of a reply must be the same.
            return _malformed(
                f"the reply code changes from {code} to {int(match[1])} within a reply"
            )
        code = int(match[1])
        texts.append(decode_text(match[3] or b"")[:left])
        left -= len(texts[-1])
    return Reply(code=code, lines=tuple(texts))


def quote(line: bytes) -> str:
    """Return the beginning of a line, quoted for a message."""
    return repr(decode_text(line[:60]))


def _malformed(detail: str) -> Unseen:
    return Unseen(trouble=Trouble.MALFORMED, detail=detail)
