"""How messages quote what the user wrote, and what they suggest in its place."""

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from mxcheck.model.visible import is_visible

_LONGEST = 80
_WORD = re.compile(r"\S+")
# A query may hold a key; of a URL without its scheme no more than "name=" tells that it is one.
_PAIR = re.compile(r"[\w.~%-]+=")
_BEHIND = "\"');:,."
_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|JWT|_KEY|AUTH(?!OR)", re.IGNORECASE)
_SHORTEST_SECRET = 6


def quote(value: object) -> str:
    """Return a value as a message shows it: on one line, harmless on a terminal, not too long."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = _mask(str(value))
    if isinstance(value, str) or not is_visible(text):
        text = json.dumps(text, ensure_ascii=not is_visible(text))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def mask_userinfo(text: str) -> str:
    """Return a text whose URLs show no user and password, and no query (RFC 3986 3.2.1, 3.4)."""
    return _WORD.sub(lambda word: _mask(word[0]), text)


def mask_environment(text: str, environ: Mapping[str, str]) -> str:
    """Return a text without the values of variables named like secrets, such as GITHUB_TOKEN."""
    secrets = {value for name, value in environ.items() if _SECRET_NAME.search(name)}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***") if len(secret) >= _SHORTEST_SECRET else text
    return text


def _mask(text: str) -> str:
    return _mask_query(_mask_user(text))


def _mask_query(text: str) -> str:
    """Return a URL, or what is left of one without its scheme, with `…` for the query."""
    before, mark, query = text.partition("?")
    if not (mark and ("://" in before or _PAIR.match(query))):
        return text
    return f"{before}?…{query[len(query.rstrip(_BEHIND)) :]}" if query.strip(_BEHIND) else text


def _mask_user(text: str) -> str:
    """Return the same with `***` for the userinfo.

    Up to the last "@": a password that is not encoded may hold others, and slashes.
    """
    before, at, after = text.rpartition("@")
    scheme, slashes, _ = before.partition("://")
    if slashes:
        return f"{scheme}://***@{after}"
    quotes = before[: len(before) - len(before.lstrip("\"'"))]
    return f"{quotes}***@{after}" if at and ":" in before else text


def did_you_mean(word: object, choices: Iterable[str]) -> str:
    """Return the end of a message: `; did you mean "x"?`, or nothing if no choice is similar."""
    return _suggestion(str(word), tuple(choices))


@lru_cache(maxsize=1000)  # a file may repeat one fault on every line
def _suggestion(word: str, choices: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word, choices, n=1)
    return f"; did you mean {quote(near[0])}?" if near else ""
