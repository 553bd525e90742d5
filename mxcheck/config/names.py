"""Lists of domains as users write them."""

import re

_BETWEEN = re.compile(r"[\s,]+")


def split_names(text: str) -> list[str]:
    """Return the names in a text, which are separated by commas, spaces or line ends.

    A URL is one of them, whatever is in it: a part of it could be a password.
    """
    if "://" in text or ("@" in text and ":" in text):
        return [text]
    return [name for name in _BETWEEN.split(text) if name]
