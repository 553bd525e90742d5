"""Untrusted words made harmless for the medium that shows them; every report uses this."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from types import MappingProxyType

from mxcheck.model.visible import visible

TEXT_LIMIT = 2000
"""Characters of one text that reports show."""

# GitHub takes a line that begins with "::name" for a command, after any white space, and
# "##[name]" anywhere in a line; Azure Pipelines and TeamCity have "##vso[" and "##teamcity[".
_COMMAND = re.compile(r"(?<!\S)::(?=[A-Za-z])|##(?=\w*\[)")

# What means something to Markdown or HTML, in a line or where one begins or ends; with what turns
# a word into a mention, a reference, an emoji or a formula on GitHub and GitLab.
_MARKUP = re.compile(
    r"[\\`*{}\[\]<>|~&@#$!%^]|(?<![^\W_])_|_(?![^\W_])|:(?=\S)"
    r"|^[-+=: ]|^\d(?=\d*[.)](?: |$))| $",
)
# Where a host, a URL or a number of an issue would be read as a link.
_LINK = re.compile(r"(?=\.[^\W\d_])|(?<=\bwww)(?=\.)|(?<=/)(?=/)|(?<=\bGH)(?=-\d)", re.IGNORECASE)

# What begins a tag or a comment of HTML; `<user@example.com>` does not.
_TAG = re.compile(r"<(?=[!?/]|[A-Za-z][A-Za-z0-9-]*(?:[\s/>]|\Z))")
_INLINE_TABLE = re.compile(r'\b(levels) = \{ ("[a-z0-9-]+") = ("[a-z]+") \}')

# As GitHub's toolkit escapes them: the data of a workflow command, and its properties.
_DATA = MappingProxyType(str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"}))
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def for_terminal(text: str, limit: int = TEXT_LIMIT) -> str:
    r"""Return one line for a screen or a CI log, of `limit` characters at most.

    What cannot be printed (controls, terminal escapes, bidi and zero-width marks, line and
    paragraph separators, lone surrogates) stands as an escape such as `\x1b`; what a CI system
    would take for a command gets a backslash in its middle.
    """
    defused = _COMMAND.sub(lambda match: rf"{match[0][0]}\{match[0][1]}", visible(text))
    return _cut(defused, limit)


def for_xml(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return the same for XML, where line feeds stay.

    The markup itself is escaped by the XML writer.
    """
    return "\n".join(for_terminal(line, limit) for line in text.split("\n"))


def for_json(text: str) -> str:
    """Return the whole text.

    Only lone surrogates become escapes, as strict JSON readers refuse them.

    The JSON writer must escape all that is not ASCII.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def for_markdown(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return one line for GitHub's and GitLab's Markdown, of at most `limit` characters as read.

    It is nothing but text in paragraphs, headings, lists, tables and HTML. What means something
    stands as a character reference, which Markdown and HTML both take for text. `<wbr>` sets it
    apart, for mentions, links and emoji are sought in each run of text after references are read.
    """
    cut = _cut(visible(text), limit)
    marked = _MARKUP.sub(lambda match: f"&#{ord(match[0])};<wbr>", cut)
    return _LINK.sub("<wbr>", marked)


def for_sarif(text: str, limit: int = TEXT_LIMIT) -> str:
    r"""Return one line for a message of SARIF.

    No link, placeholder or markup is in it (2.1.0, 3.11).

    `[text](target)` is a link there, and `{0}` a placeholder: a backslash parts the former, braces
    are doubled (3.11.5). An inline table of ours with one key becomes a dotted key, which TOML
    takes for the same, so that it can be copied.
    """
    dotted = _INLINE_TABLE.sub(r"\1.\2 = \3", for_terminal(text, limit))
    defused = _TAG.sub(r"\\<", dotted.replace("](", r"]\("))
    return defused.replace("{", "{{").replace("}", "}}")


def for_workflow_data(lines: Iterable[str], limit: int) -> str:
    """Lines as the data of a workflow command, of `limit` UTF-16 units at most as written."""
    return _encode("\n".join(map(for_terminal, lines)), _DATA, limit)


def for_workflow_property(text: str, limit: int) -> str:
    """Return one line as a property of a workflow command, of at most `limit` UTF-16 units."""
    return _encode(for_terminal(text), _PROPERTY, limit)


def utf16_units(text: str) -> int:
    """Return the length of a text as .NET counts it, in which GitHub's runner is written."""
    return len(text.encode("utf-16-le")) // 2


def _encode(text: str, table: Mapping[int, str], limit: int) -> str:
    """Translate and cut, but not within the escape of one character."""
    pieces = [character.translate(table) for character in text]
    ends = list(accumulate(map(utf16_units, pieces)))
    if not ends or ends[-1] <= limit:
        return "".join(pieces)
    return "".join(pieces[: bisect_right(ends, limit - 1)]) + "…"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
