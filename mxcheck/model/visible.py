"""Tell which characters can be seen: what cannot would let two different texts look the same."""

import re
from functools import lru_cache

# The code points with the Unicode property Default_Ignorable_Code_Point that Python takes for
# printable: joiners, fillers, and variation selectors, which are letters or marks by category.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_NOT_ASCII = re.compile("[^ -~]")


def is_visible(text: str) -> bool:
    """Return whether every character of a text can be seen, spaces included."""
    return text.isprintable() and not _IGNORABLE.search(text)


def visible(text: str) -> str:
    r"""Return a text in which every character that cannot be seen is an escape such as `\x1b`."""
    return text if is_visible(text) else _NOT_ASCII.sub(lambda found: _show(found[0]), text)


@lru_cache(maxsize=1024)
def _show(character: str) -> str:
    if is_visible(character):
        return character
    return character.encode("unicode_escape").decode("ascii")
