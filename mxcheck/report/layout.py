"""Lines for the screen: wrapped spans of text with a style, escaped when they are made."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from mxcheck.report.escape import for_terminal

WIDTH = 80


class Style(StrEnum):
    """The style of a span: a colour on a terminal, nothing in a pipe."""

    PLAIN = ""
    STRONG = "bold"
    FAINT = "dim"
    GOOD = "green"
    BAD = "bold red"
    UNCLEAR = "bold yellow"
    MILD = "yellow"


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one style, without control characters."""

    text: str
    style: Style = Style.PLAIN

    def __post_init__(self) -> None:
        """Escape control characters."""
        object.__setattr__(self, "text", for_terminal(self.text))


Line: TypeAlias = tuple[Span, ...]

EMPTY: Line = ()


def wrap(text: str, lead: str, style: Style = Style.PLAIN, hang: str = "") -> Iterator[Line]:
    """Wrap a text into lines; the first begins with `lead`, the others with `hang` or spaces."""
    rest = hang or " " * len(lead)
    pieces = textwrap.wrap(
        for_terminal(text),
        WIDTH - len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
    for number, piece in enumerate(pieces):
        yield (Span(rest if number else lead), Span(piece, style))


def join(parts: Iterable[Span], lead: str, between: str = " · ") -> Iterator[Line]:
    """Put spans side by side; begin a new line when the next one does not fit."""
    line: list[Span] = []
    used = 0
    for part in parts:
        if line and used + len(between) + len(part.text) > WIDTH:
            yield tuple(line)
            line = []
        line += [Span(between)] if line else [Span(lead)]
        line.append(part)
        used = sum(len(span.text) for span in line)
    if line:
        yield tuple(line)


def plain(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the text of each line, without styles."""
    for line in lines:
        yield f"{''.join(span.text for span in line).rstrip()}\n"
