"""Waivers: known failures that the user accepts, for a reason and until a day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One waiver; an empty `domain`, `mx` or `address` narrows nothing.

    `location` is file and line. It is valid until the end of the day `until` (UTC).
    """

    rule: str
    until: dt.date
    reason: str
    domain: str = ""
    mx: str = ""
    address: str = ""
    location: str = ""

    def matches(self, rule: str, subject: Mapping[str, str]) -> bool:
        """Return whether it speaks of this rule and subject.

        Whether it still holds is another matter.

        `subject` has the name of the domain and of each part, by the keys of a waiver.
        """
        wanted = {"domain": self.domain, "mx": self.mx, "address": self.address}
        narrowed = {key: name for key, name in wanted.items() if name}
        return rule == self.rule and narrowed.items() <= subject.items()

    def holds(self, day: dt.date) -> bool:
        """Return whether it has not run out on this day."""
        return day <= self.until


def find_waiver(matching: Sequence[Waiver], day: dt.date) -> Waiver | None:
    """Return the waiver that is valid longest, of those that match one result."""
    holding = [waiver for waiver in matching if waiver.holds(day)]
    return max(holding, key=lambda waiver: waiver.until, default=None)
