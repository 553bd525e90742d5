"""What is wrong with a line of saved evidence, and where in the line."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mxcheck.model.quoting import quote

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

NOT_WHOLE = "the evidence is not whole"
_UNKNOWN_KEY = "unexpected_keyword_argument"
_NO_JSON = "json_invalid"
_CUT = f"{NOT_WHOLE}: it breaks off within this line"
_BEGINNING = re.compile(r'\{\s*("\w*"?)?')
_COLUMN = re.compile(r" at line 1 column (\d+)$")


class EvidenceError(Exception):
    """The text is not evidence that can be read; the message says why, with the line."""


def describe_faults(faults: Sequence["ErrorDetails"], number: int) -> str:
    """Return the fault of a line that matters most, with its place."""
    # If several shapes are possible, each of them has its faults: the one that came farthest into
    # the text is meant.
    fault = max(faults, key=lambda fault: len(fault["loc"]))
    place, message = _place(fault["loc"]), fault["msg"]
    at = f"line {number}: {place}: " if place else f"line {number}: "
    if fault["type"] == _NO_JSON:
        return f"{at}{_describe_no_json(message)}"
    if fault["type"] == _UNKNOWN_KEY:
        return f"{at}unknown key; was this saved by a later mxcheck?"
    return f"{at}{message[:1].lower()}{message[1:]}"


def describe_unknown_line(text: str, keys: Iterable[str]) -> str:
    """Return what is wrong with a line that begins with none of the keys."""
    if text.strip() == "{" and text.endswith("\n"):
        return (
            "this is one JSON document, as earlier versions of mxcheck saved evidence: gather it"
            " again, or judge it with the mxcheck that saved it"
        )
    if _BEGINNING.fullmatch(text):
        return _CUT
    return f"a line of saved evidence begins with one of the keys {', '.join(keys)}"


def _describe_no_json(message: str) -> str:
    """Return what is wrong with a line that is not JSON; to the parser it is the whole text."""
    reason = message.removeprefix("Invalid JSON: ")
    if reason.startswith("EOF "):
        return _CUT
    return "this is not JSON: " + _COLUMN.sub(r" at column \1", reason)


def _place(path: Sequence[str | int]) -> str:
    """Return a path as people write it, `visit.tls.chain[0]`, without the names of the shapes."""
    place = ""
    for part in path:
        if isinstance(part, int):
            place += f"[{part}]"
        elif not part[:1].isupper():
            place += f".{part if part.isidentifier() else quote(part)}"
    return place.removeprefix(".")
