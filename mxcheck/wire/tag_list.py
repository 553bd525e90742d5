"""Tag lists (RFC 6376 3.2): `v=DMARC1; p=none`, as DMARC, BIMI and DKIM keys use them."""

import re
from dataclasses import dataclass

from mxcheck.wire.malformed import quoted

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SPACE = " \t\r\n"
_OUTSIDE = re.compile(r"[^\x20-\x7e\t\r\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagList:
    """The tags in their order, and what cannot be read or repeats one, in words."""

    tags: tuple[tuple[str, str], ...]
    faults: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the tags."""
        return tuple(name for name, _ in self.tags)

    def get(self, name: str) -> str | None:
        """Return the value of the first tag of that name, None if there is none."""
        return next((value for found, value in self.tags if found == name), None)


def parse_tag_list(text: str, *, fold_names: bool = False) -> TagList:
    """Parse a tag list; with `fold_names` the case of names does not count."""
    tags: list[tuple[str, str]] = []
    faults = []
    *parts, last = text.split(";")
    for part in [*parts, last] if last.strip(_SPACE) else parts:
        written, equals, value = (piece.strip(_SPACE) for piece in part.partition("="))
        name = written.lower() if fold_names else written
        if not equals or not _NAME.fullmatch(name):
            faults.append(f"wanted name=value between semicolons, got {quoted(part.strip(_SPACE))}")
        elif name in {found for found, _ in tags}:
            faults.append(f"the tag {name} is there more than once")
        elif _OUTSIDE.search(value):
            faults.append(f"the value of {name} contains what it may not: {quoted(value)}")
        else:
            tags.append((name, value))
    return TagList(tags=tuple(tags), faults=tuple(faults))
