"""What the resolver answered."""

from dataclasses import dataclass
from enum import StrEnum

from mxcheck.evidence.outcome import NOT_ASKED, Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A record set: names in lower case without the trailing dot, the root as ".".

    `records` are in presentation format (RFC 1035 5.1), `aliases` the CNAME chain that led from
    the name asked to `owner`, `ttl` in seconds that of the zone where a signature tells it, else
    what was left of it; `authenticated_data` the AD bit (RFC 4035 3.2.3) as it came, which is only
    as good as the resolver; `signed` whether signatures (RRSIG) came along. `wildcard` is the name
    from which the records were made (RFC 4592), as a signature or an override tells, else "".
    `overrides` are the overrides that it came from, none where it came from the DNS alone;
    `zone_unseen` is why the live zone was not seen that an override comes into, and so neither bit,
    "" where both are known.
    """

    owner: str
    records: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    ttl: int = 0
    authenticated_data: bool = False
    signed: bool = False
    overrides: tuple[str, ...] = ()
    zone_unseen: str = ""
    wildcard: str = ""


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
    signed: bool = False
    overrides: tuple[str, ...] = ()
    zone_unseen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld(Unseen):
    """An answer that the resolver gives only when checking is disabled (RFC 4035 5.5).

    The resolver answered SERVFAIL, then `unchecked` when the CD bit was set (RFC 4035 3.2.2), then
    SERVFAIL again. `extended_errors` are the codes with which it explains that (RFC 8914 4).
    """

    unchecked: Answer | Absent
    extended_errors: tuple[int, ...] = ()


Lookup = Answer | Absent | Withheld | Unseen


class TrustedBy(StrEnum):
    """What vouches for the AD bit of a resolver: that it validates, and that nobody changed it.

    A resolver on LOOPBACK may be a forwarder, which passes on the AD bit of any other: nothing
    vouches for what that one says, or for the way to it.
    """

    LOOPBACK = "loopback"
    RESOLV_CONF = "resolv.conf"  # its option trust-ad
    TLS = "tls"
    HTTPS = "https"
    FLAG = "flag"  # --trust-ad
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedResolver:
    """A resolver that a run asked, named as users write it, and what it says to `. SOA`.

    The root is signed: a resolver that validates gives its SOA record with the AD bit.
    """

    name: str
    trusted_by: TrustedBy
    root_soa: Lookup = NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsaLookup:
    """The TLSA records below one candidate base domain of an MX host (RFC 7672 2.2.3).

    `name` is what was asked for: `_25._tcp.` and the base domain. `live` is what is published now
    if the records come from an override.
    """

    base: str
    name: str
    lookup: Lookup
    live: Lookup = NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLookup:
    """The TXT records at one name."""

    name: str
    lookup: Lookup


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaLookup:
    """The CAA records at one name, on the way from a certified name up to the root (RFC 8659 3)."""

    name: str
    lookup: Lookup


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardLookup:
    """A name that a PTR record gives, and its addresses of the same family."""

    name: str
    addresses: Lookup


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseDns:
    """The names of an address (RFC 1035 3.5) and where they lead.

    `left_out` are names that were not looked up, because there are too many.
    """

    address: str
    ptr: Lookup = NOT_ASKED
    forward: tuple[ForwardLookup, ...] = ()
    left_out: tuple[str, ...] = ()
