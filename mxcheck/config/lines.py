"""On which line each key of a TOML text stands, which tomllib does not tell."""

import re
import tomllib
from typing import NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys, and indexes into arrays."""

_TOKEN = re.compile(
    r'''
    (?P<string> """(?:\\.|[^\\])*?"{3,5} | \'\'\'.*?\'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*' )
    | (?P<bare> [^\s\[\]{}=,."'#]+ )
    | (?P<mark> [\[\]{}=,.\n] )
    | (?P<skip> \#[^\n]* | [^\S\n]+ )
    ''',
    re.VERBOSE | re.DOTALL,
)
_DEEPEST = 20
"""Steps of a path that are told apart: the paths of a deep text are much longer than the text."""
_VALUE_ENDS = frozenset("\n,]}")


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def find_lines(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table, key and array element of a valid TOML text."""
    return _Scanner(_tokens(text)).scan()


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Return the line of a path, or of the nearest table around it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _tokens(text: str) -> list[_Token]:
    tokens, line = [], 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            tokens.append(_Token(str(match.lastgroup), match.group(), line))
        line += match.group().count("\n")
    return [*tokens, _Token("end", "\n", line)]


class _Scanner:
    """Reads statements; the text is known to be TOML, so that nothing is checked again."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._lines: dict[Path, int] = {}
        self._last_index: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._peek().kind != "end":
            if self._accept("\n"):
                continue
            if self._accept("["):
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._peek()
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _accept(self, mark: str) -> bool:
        token = self._peek()
        found = token.kind == "mark" and token.text == mark
        self._next += found
        return found

    def _header(self) -> Path:
        line = self._peek().line
        is_element = self._accept("[")
        *around, name = self._key()
        while self._accept("]"):
            pass
        path: Path = ()
        for key in around:
            path = _step(path, key)
            self._lines.setdefault(path, line)
            path = self._into_last(path)
        path = _step(path, name)
        self._lines.setdefault(path, line)
        if is_element:
            self._last_index[path] = self._last_index.get(path, -1) + 1
        path = self._into_last(path)
        self._lines[path] = line
        return path

    def _into_last(self, path: Path) -> Path:
        return (*path, self._last_index[path]) if path in self._last_index else path

    def _key(self) -> list[str]:
        keys = [_plain(self._take())]
        while self._accept("."):
            keys.append(_plain(self._take()))
        return keys

    def _pair(self, table: Path) -> None:
        line = self._peek().line
        path = table
        for key in self._key():
            path = _step(path, key)
            self._lines.setdefault(path, line)
        self._accept("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._accept("["):
            self._array(path)
        elif self._accept("{"):
            self._inline_table(path)
        else:
            while self._peek().text not in _VALUE_ENDS:
                self._take()

    def _array(self, path: Path) -> None:
        index = 0
        while not self._accept("]"):
            if self._accept("\n") or self._accept(","):
                continue
            element = _step(path, index)
            self._lines.setdefault(element, self._peek().line)
            self._value(element)
            index += 1

    def _inline_table(self, path: Path) -> None:
        while not self._accept("}"):
            if not (self._accept("\n") or self._accept(",")):
                self._pair(path)


def _step(path: Path, key: str | int) -> Path:
    return (*path, key) if len(path) < _DEEPEST else path


def _plain(token: _Token) -> str:
    if token.kind != "string":
        return token.text
    return str(tomllib.loads(f"key = {token.text}")["key"])
