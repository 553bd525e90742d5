"""Words from strangers made inert, for the medium that they go to; every report passes here."""

import re

TEXT_LIMIT = 2000
"""Characters of one text that reports show."""

# GitHub takes a line that begins with "::name" for a command, after any white space, and
# "##[name]" anywhere in a line; Azure Pipelines and TeamCity have "##vso[" and "##teamcity[".
_COMMAND = re.compile(r"(?<!\S)::(?=[A-Za-z])|##(?=\w*\[)")


def for_terminal(text: str, limit: int = TEXT_LIMIT) -> str:
    r"""One line for a screen or a CI log, of `limit` characters at most.

    What cannot be printed (controls, terminal escapes, bidi and zero-width marks, line and
    paragraph separators, lone surrogates) stands as an escape such as `\x1b`; what a CI system
    would take for a command gets a backslash in its middle.
    """
    shown = text if text.isprintable() else "".join(map(_show, text))
    defused = _COMMAND.sub(lambda match: rf"{match[0][0]}\{match[0][1]}", shown)
    return _cut(defused, limit)


def for_xml(text: str, limit: int = TEXT_LIMIT) -> str:
    """The same for XML, where line feeds stay; the markup itself is escaped by the XML writer."""
    return "\n".join(for_terminal(line, limit) for line in text.split("\n"))


def for_json(text: str) -> str:
    """The whole text; only lone surrogates become escapes, as strict JSON readers refuse them.

    The JSON writer must escape all that is not ASCII.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _show(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
