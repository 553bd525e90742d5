"""Lines for the screen: spans of text with a style, escaped when made, fitted to a width."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from mxcheck.report.escape import for_terminal

WIDTH = 80
"""Columns of a line if no terminal says how many it has."""


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


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text that is wrapped; the first line begins with `lead`, the others with spaces."""

    text: str
    lead: str = ""
    style: Style = Style.PLAIN
    hang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Spans side by side behind `lead`; what does not fit goes to lines that begin with `hang`."""

    lead: Line = ()
    parts: tuple[Span, ...] = ()
    between: str = " · "
    hang: str = ""


Block: TypeAlias = Line | Paragraph | Row


def lay_out(blocks: Iterable[Block], width: int) -> Iterator[Line]:
    """Yield the lines of blocks; none is longer than `width` unless a word is."""
    for block in blocks:
        match block:
            case Paragraph():
                yield from _wrapped(block, width)
            case Row():
                yield from _joined(block, width)
            case _:
                yield block


def _wrapped(paragraph: Paragraph, width: int) -> Iterator[Line]:
    lead = paragraph.lead
    hang = " " * len(lead) if paragraph.hang is None else paragraph.hang
    pieces = _pieces(paragraph.text, width - max(len(lead), len(hang)))
    for number, piece in enumerate(pieces):
        yield (Span(hang if number else lead), Span(piece, paragraph.style))


def _joined(row: Row, width: int) -> Iterator[Line]:
    line, between = list(row.lead), ""
    used = sum(len(span.text) for span in line)
    for part in row.parts:
        if used + len(between) + len(part.text) > width:
            if used > len(row.hang):
                yield tuple(line)
                line = [Span(row.hang)]
            *above, last = _pieces(part.text, width - len(row.hang)) or [""]
            for piece in above:
                yield (*line, Span(piece, part.style))
                line = [Span(row.hang)]
            line.append(Span(last, part.style))
            used = len(row.hang) + len(last)
        else:
            line += [Span(between), part]
            used += len(between) + len(part.text)
        between = row.between
    if line:
        yield tuple(line)


def _pieces(text: str, width: int) -> list[str]:
    """Return a text in lines of so many columns; words stay whole."""
    return textwrap.wrap(
        for_terminal(text), max(width, 1), break_long_words=False, break_on_hyphens=False
    )


def plain(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the text of each line, without styles."""
    for line in lines:
        yield f"{''.join(span.text for span in line).rstrip()}\n"
