"""What the resolver answered."""

from dataclasses import dataclass
from enum import StrEnum

from mxcheck.evidence.outcome import Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A record set: names in lower case without the trailing dot, the root as ".".

    `records` are in presentation format (RFC 1035 5.1), `aliases` the CNAME chain that led from
    the name asked to `owner`, `ttl` in seconds, `authenticated_data` the AD bit (RFC 4035 3.2.3)
    as it came, which is only as good as the resolver.
    """

    owner: str
    records: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    ttl: int = 0
    authenticated_data: bool = False


class Absence(StrEnum):
    """Why there is no record: the name does not exist, or it has none of that type."""

    NXDOMAIN = "nxdomain"
    NODATA = "nodata"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """An authoritative "there is none" (RFC 2308 2)."""

    absence: Absence
    aliases: tuple[str, ...] = ()
    authenticated_data: bool = False


Lookup = Answer | Absent | Unseen
