"""What `mxcheck doctor` says about one thing."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How much a finding matters to checks from here."""

    GOOD = "ok"
    LIMIT = "limit"  # some results will be unknown, or servers may treat this client worse
    OBSTACLE = "PROBLEM"  # most results will be unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What it is about, what was seen, and what to do, "" if nothing is to be done."""

    about: str
    weight: Weight
    seen: str
    remedy: str = ""
