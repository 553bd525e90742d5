"""Waivers: known failures that the user accepts, for a reason and until a day."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

_NARROWING = ("domain", "mx", "address")


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

    def holds(self, day: dt.date) -> bool:
        """Return whether it has not run out on this day."""
        return day <= self.until


def find_waiver(matching: Sequence[Waiver], day: dt.date) -> Waiver | None:
    """Return the waiver that is valid longest, of those that match one result."""
    holding = [waiver for waiver in matching if waiver.holds(day)]
    return max(holding, key=lambda waiver: waiver.until, default=None)


class Waivers:
    """The waivers of a run, found by what they speak of: there may be thousands of them."""

    def __init__(self, waivers: Iterable[Waiver] = ()) -> None:
        self.all = tuple(waivers)
        self._found: dict[tuple[str, ...], list[int]] = {}
        for number, waiver in enumerate(self.all):
            narrowed = (getattr(waiver, key) for key in _NARROWING)
            self._found.setdefault((waiver.rule, *narrowed), []).append(number)

    def speaking_of(self, rule: str, subject: Mapping[str, str]) -> list[Waiver]:
        """Return those that speak of a rule and a subject, in their order.

        Whether they still hold is another matter. `subject` has the name of the domain and of each
        part, by the keys of a waiver.
        """
        if not self._found:
            return []
        names = product((rule,), *({"", subject.get(key, "")} for key in _NARROWING))
        numbers = (number for name in names for number in self._found.get(name, ()))
        return [self.all[number] for number in sorted(numbers)]
