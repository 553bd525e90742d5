"""Waivers: known failures that the user accepts, for a reason and until a day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One waiver; an empty `domain`, `mx` or `address` narrows nothing.

    `location` is file and line. It holds to the end of the day `until` (UTC).
    """

    rule: str
    until: dt.date
    reason: str
    domain: str = ""
    mx: str = ""
    address: str = ""
    location: str = ""

    def matches(self, rule: str, domain: str, mx: str | None, address: str | None) -> bool:
        """Whether it speaks of this rule and subject; whether it still holds is another matter."""
        wanted = (self.rule, self.domain, self.mx, self.address)
        seen = (rule, domain, mx, address)
        return all(not want or want == have for want, have in zip(wanted, seen, strict=True))

    def holds(self, day: dt.date) -> bool:
        """Whether it has not run out on this day."""
        return day <= self.until


def find_waiver(matching: Sequence[Waiver], day: dt.date) -> Waiver | None:
    """Of the waivers that match one result: the one that holds, and longest."""
    holding = [waiver for waiver in matching if waiver.holds(day)]
    return max(holding, key=lambda waiver: waiver.until, default=None)
