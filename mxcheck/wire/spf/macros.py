"""Macros in SPF records (RFC 7208 7): `%{d}` is the current domain, `%{i}` the client's address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

from mxcheck.wire.malformed import Malformed, quoted

_EXPAND = re.compile(
    r"%\{(?P<letter>[A-Za-z])(?P<count>\d*)(?P<reverse>[rR]?)(?P<delimiters>[-.+,/_=]*)\}"
)
_ESCAPED: Mapping[str, str] = {"%%": "%", "%_": " ", "%-": "%20"}
_PIECE = re.compile(r"%\{[^}]*\}?|%.?|[^%]+", re.DOTALL)
_VISIBLE = re.compile(r"[\x21-\x7e]*")
_OF_DOMAINS = frozenset("slodiphv")
_OF_TEXTS = _OF_DOMAINS | frozenset("crt")
"""c, r and t are for explanations alone (RFC 7208 7.2)."""
_UNRESERVED = "-._~"  # RFC 3986 2.3
_MOST_PARTS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """One macro: its letter in lower case, and how its value is changed (RFC 7208 7.3).

    `count` is how many parts are kept, 0 for all; `escaped` says that the value is URL-encoded.
    """

    letter: str
    count: int = 0
    reverse: bool = False
    delimiters: str = "."
    escaped: bool = False

    def expand(self, value: str) -> str:
        """Return what the macro becomes."""
        parts = re.split(f"[{re.escape(self.delimiters)}]", value)
        if self.reverse:
            parts.reverse()
        text = ".".join(parts[-self.count :])
        return quote(text, safe=_UNRESERVED) if self.escaped else text


Piece: TypeAlias = str | Macro


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroString:
    """A text with macros, as it is written and in pieces; `%%`, `%_` and `%-` are plain pieces."""

    text: str
    pieces: tuple[Piece, ...]

    @property
    def letters(self) -> frozenset[str]:
        """Return the letters of its macros."""
        return frozenset(one.letter for one in self.pieces if isinstance(one, Macro))

    def expand(self, values: Mapping[str, str]) -> str:
        """Return the text with the value of each letter in place of its macro."""
        return "".join(
            one.expand(values[one.letter]) if isinstance(one, Macro) else one for one in self.pieces
        )


def parse_macro_string(text: str, letters: frozenset[str] = _OF_TEXTS) -> MacroString | Malformed:
    """Parse a text with macros; `letters` are those that it may use."""
    pieces: list[Piece] = []
    for piece in _pieces(text, letters):
        if isinstance(piece, Malformed):
            return piece
        pieces.append(piece)
    return MacroString(text=text, pieces=tuple(pieces))


def parse_target(text: str) -> MacroString | Malformed:
    """Parse a macro-string in the name of a domain, where fewer letters may be used."""
    return parse_macro_string(text, _OF_DOMAINS)


def _pieces(text: str, letters: frozenset[str]) -> Iterator[Piece | Malformed]:
    for found in _PIECE.finditer(text):
        piece = found[0]
        if not piece.startswith("%"):
            yield piece if _VISIBLE.fullmatch(piece) else _no_visible(piece)
        elif piece in _ESCAPED:
            yield _ESCAPED[piece]
        else:
            yield _macro(piece, letters)


def _no_visible(text: str) -> Malformed:
    return Malformed(reason=f"it contains what is not visible ASCII: {quoted(text)}")


def _macro(text: str, letters: frozenset[str]) -> Macro | Malformed:
    found = _EXPAND.fullmatch(text)
    if found is None:
        return Malformed(
            reason=f"{quoted(text)} is not a macro: wanted {{d}} or the like, %, _ or - after %"
        )
    letter = found["letter"].lower()
    if letter not in letters:
        where = "in explanations alone" if letter in _OF_TEXTS else "nowhere"
        return Malformed(reason=f"the macro letter {found['letter']} may be used {where}")
    if found["count"] and not int(found["count"][:4]):
        return Malformed(reason=f"{quoted(text)} keeps no part of its value")
    return Macro(
        letter=letter,
        count=min(int(found["count"][:4] or "0"), _MOST_PARTS),
        reverse=bool(found["reverse"]),
        delimiters=found["delimiters"] or ".",
        escaped=found["letter"].isupper(),
    )
