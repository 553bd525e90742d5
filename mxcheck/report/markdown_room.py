"""Room in a text of limited size: blocks take their share of it, the most important ones first."""

from collections.abc import Iterable
from dataclasses import dataclass

from mxcheck.report.escape import utf16_units

_GAP = len("\n\n")


@dataclass(slots=True)
class Room:
    """The characters that are left, as GitHub counts them, which is in UTF-16 units at most."""

    left: int

    def take(self, block: str) -> bool:
        """Reserve space for a block; return False if it does not fit."""
        size = utf16_units(block) + _GAP
        if size > self.left:
            return False
        self.left -= size
        return True

    def those_that_fit(self, blocks: Iterable[str]) -> list[str]:
        """Reserve space for each block that fits, and return those blocks."""
        return [block for block in blocks if self.take(block)]
