"""How an attempt that showed nothing is written down: never as None, never as False."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What kept the probe from seeing what it asked for."""

    TIMEOUT = "timeout"
    REFUSED = "refused"  # TCP: connection refused
    RESET = "reset"  # TCP: connection reset by peer
    CLOSED = "closed"  # the peer closed the connection where a reply was due
    HOST_UNREACHABLE = "host-unreachable"  # connect(): EHOSTUNREACH, a router says so
    NO_ROUTE = "no-route"  # connect(): this machine has no way to that address family
    OWN_LIMIT = "own-limit"  # this machine has no room for a connection, or forbids it
    WAY_OUT = "way-out"  # the way out (--via) does not tell why there is no connection
    WAY_BROKEN = "way-broken"  # the way out (--via) ended during the run
    NETWORK = "network"  # any other error of the operating system's network calls
    MALFORMED = "malformed"  # bytes that are not what the protocol calls for
    FLOOD = "flood"  # more bytes or lines than any honest server sends
    DRIP = "drip"  # bytes kept coming, too slowly ever to finish in time
    HANDSHAKE = "handshake"  # TLS: the handshake ended in an alert or an error
    CERTIFICATE = "certificate"  # TLS: a certificate that must be trusted was not
    TURNED_AWAY = "turned-away"  # SMTP: a further connection was refused by a reply
    SERVFAIL = "servfail"
    BOGUS = "bogus"  # DNS: SERVFAIL, but an answer when checking is disabled, and SERVFAIL again
    DNS_REFUSED = "dns-refused"
    DNS_ERROR = "dns-error"  # any other rcode than an answer has (FORMERR, NOTIMP)
    NOT_AUTHORITATIVE = "not-authoritative"  # DNS: a name server answers without the AA bit
    ALIAS_CHAIN = "alias-chain"  # DNS: CNAME records in a circle, or too many of them
    RESOLVER = "resolver"  # no resolver could be talked to
    NO_ADDRESS = "no-address"  # the host has no address in that family
    NOT_PUBLIC = "not-public"  # the address is reserved, and was not connected to
    EXCLUDED = "excluded"  # the user left this address family out
    NOT_ASKED = "not-asked"  # nothing called for it, or an earlier stage ended the visit
    GIVEN_UP = "given-up"  # outbound port 25 is closed here, so it was not tried any further
    BUDGET = "budget"  # the limits that keep the visit light did not allow it
    DEADLINE = "deadline"  # the deadline of the run came first, or of a host or a domain in it
    INTERRUPTED = "interrupted"  # the run was interrupted


OUR_OWN = frozenset(
    {
        Trouble.NOT_ASKED,
        Trouble.GIVEN_UP,
        Trouble.BUDGET,
        Trouble.DEADLINE,
        Trouble.INTERRUPTED,
        Trouble.OWN_LIMIT,
        Trouble.WAY_OUT,
        Trouble.WAY_BROKEN,
    },
)
"""Troubles that say nothing about the server: the probe itself did not look."""

NOT_TRIED = OUR_OWN - {Trouble.WAY_OUT}
"""Those of them that do not even come from an attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """An attempt that showed nothing: the trouble, and its detail in plain words.

    `overrides` are the overrides that led to it, none where it was the live world alone.
    """

    trouble: Trouble
    detail: str
    overrides: tuple[str, ...] = ()


NOT_ASKED = Unseen(trouble=Trouble.NOT_ASKED, detail="it was not asked")
