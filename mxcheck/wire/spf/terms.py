"""The terms of an SPF record: mechanisms with a qualifier, and modifiers (RFC 7208 4.6.1)."""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from mxcheck.wire.spf.macros import MacroString

MAX_IPV4 = 32
MAX_IPV6 = 128

IpNetwork: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class Result(StrEnum):
    """What a check tells (RFC 7208 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


QUALIFIERS = {
    "+": Result.PASS,
    "-": Result.FAIL,
    "~": Result.SOFTFAIL,
    "?": Result.NEUTRAL,
}
"""What is told if a mechanism matches, by its qualifier (RFC 7208 4.6.2)."""


class Mechanism(StrEnum):
    """The mechanisms of RFC 7208 5."""

    ALL = "all"
    INCLUDE = "include"
    A = "a"
    MX = "mx"
    PTR = "ptr"
    IP4 = "ip4"
    IP6 = "ip6"
    EXISTS = "exists"


LOOKING_UP = frozenset(Mechanism) - {Mechanism.ALL, Mechanism.IP4, Mechanism.IP6}
"""Those that count towards the limit, as redirect does (RFC 7208 4.6.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """A mechanism and what is told if it matches; `target` is None for the current domain.

    `network` is that of ip4 and ip6. `prefix4` and `prefix6` are those of a and mx.
    """

    text: str
    result: Result
    mechanism: Mechanism
    target: MacroString | None = None
    network: IpNetwork | None = None
    prefix4: int = MAX_IPV4
    prefix6: int = MAX_IPV6

    @property
    def looks_up(self) -> bool:
        """Return whether the term counts towards the limit of lookups."""
        return self.mechanism in LOOKING_UP


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    """A modifier; its name in lower case."""

    text: str
    name: str
    target: MacroString


@dataclass(frozen=True, slots=True, kw_only=True)
class BadTerm:
    """A term that does not follow the grammar: its text, its place (from 1), and why."""

    text: str
    number: int
    reason: str


Term: TypeAlias = Directive | Modifier | BadTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfRecord:
    """One record: the text, its directives in their order, and its modifiers.

    `faults` are the terms because of which receivers take the whole record for an error.
    """

    text: str
    directives: tuple[Directive, ...] = ()
    redirect: Modifier | None = None
    faults: tuple[BadTerm, ...] = ()

    @property
    def all(self) -> Directive | None:
        """Return the first all, after which nothing counts (RFC 7208 5.1)."""
        return next((one for one in self.directives if one.mechanism is Mechanism.ALL), None)
