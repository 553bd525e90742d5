"""What is wrong with a line of saved evidence, and where in the line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mxcheck.model.quoting import quote

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_UNKNOWN_KEY = "unexpected_keyword_argument"


class EvidenceError(Exception):
    """The text is not evidence that can be read; the message says why, with the line."""


def describe_faults(faults: Sequence["ErrorDetails"], number: int) -> str:
    """Return the fault of a line that matters most, with its place."""
    # If several shapes are possible, each of them has its faults: the one that came farthest into
    # the text is meant.
    fault = max(faults, key=lambda fault: len(fault["loc"]))
    place, message = _place(fault["loc"]), fault["msg"]
    at = f"line {number}: {place}: " if place else f"line {number}: "
    if fault["type"] == _UNKNOWN_KEY:
        return f"{at}unknown key; was this saved by a later mxcheck?"
    return f"{at}{message[:1].lower()}{message[1:]}"


def _place(path: Sequence[str | int]) -> str:
    """Return a path as people write it, `visit.tls.chain[0]`, without the names of the shapes."""
    place = ""
    for part in path:
        if isinstance(part, int):
            place += f"[{part}]"
        elif not part[:1].isupper():
            place += f".{part if part.isidentifier() else quote(part)}"
    return place.removeprefix(".")
