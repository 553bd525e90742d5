"""Limits on a TOML text, checked before tomllib reads it: the text may be untrusted."""

import re

MAX_CONFIG_FILE = 1024 * 1024
"""Bytes of a config file."""
MAX_KEY_PARTS = 20
"""Parts of a dotted key or a header: for each of them tomllib keeps all those before it."""

# Every form of a part matches wherever it begins, closed or not, and without going back: the scan
# takes time in proportion to the text, whatever the text is.
_PART = r"""(?:
    \"{3} [^"\\]*+ (?: (?: \\. | "(?!"") ) [^"\\]*+ )*+ (?: "{3,5} | \\?\Z )
    | '{3} [^']*+ (?: '(?!'') [^']*+ )*+ (?: '{3,5} | \Z )
    | " [^"\\\n]*+ (?: \\[^\n] [^"\\\n]*+ )*+ (?: " | \\?(?=\n|\Z) )
    | ' [^'\n]*+ '?
    | [A-Za-z0-9_-]++
)"""
_ONE_PART = re.compile(_PART, re.VERBOSE | re.DOTALL)
_KEY = re.compile(
    rf"(?P<key> {_PART} (?: [ \t]*+ \. [ \t]*+ {_PART} )*+ ) | \#[^\n]*+", re.VERBOSE | re.DOTALL
)


def line_of_long_key(text: str) -> int | None:
    """Return the line (from 1) of the first key of too many parts, None where there is none.

    Text in a string or a comment is not a key, but a string may be a part of one.
    """
    for match in _KEY.finditer(text):
        key = match["key"] or ""
        # Each part has a character at least, and a dot before the next.
        if len(key) > 2 * MAX_KEY_PARTS and len(_ONE_PART.findall(key)) > MAX_KEY_PARTS:
            return text.count("\n", 0, match.start()) + 1
    return None
