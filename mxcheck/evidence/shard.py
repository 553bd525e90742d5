"""A shard: the part of a run that one of several machines does."""

from dataclasses import dataclass
from hashlib import sha256

MOST_SHARDS = 1000
"""Shards of one run at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of `count` shards, by its number from 1.

    Each looks up all domains, and visits the MX hosts that are dealt to it.
    """

    number: int
    count: int

    def __str__(self) -> str:
        """Return it as users write it: 1/4."""
        return f"{self.number}/{self.count}"

    @property
    def is_possible(self) -> bool:
        """Return whether there is such a shard."""
        return 1 <= self.number <= self.count <= MOST_SHARDS

    def visits(self, host: str) -> bool:
        """Return whether an MX host (A-labels, lower case) is dealt to this shard."""
        return number_of(host, self.count) == self.number


def number_of(host: str, count: int) -> int:
    """Return the number of the one shard that visits an MX host, from 1.

    It depends on the name alone: shards need not know of each other.
    """
    digest = sha256(host.encode("utf-8", "backslashreplace")).digest()
    return int.from_bytes(digest[:8]) % count + 1
