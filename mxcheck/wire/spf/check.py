"""Evaluate the SPF record of a domain for one client: check_host of RFC 7208 4."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.spf.client import Client
from mxcheck.wire.spf.macros import MacroString
from mxcheck.wire.spf.names import is_at_or_below, query_name, trimmed
from mxcheck.wire.spf.record import select_record
from mxcheck.wire.spf.terms import Directive, Mechanism, Modifier, Result, SpfRecord
from mxcheck.wire.txt import texts_of

MAX_LOOKUPS = 10
MAX_VOIDS = 2
MAX_MX = 10
MAX_PTR = 10
"""The limits of RFC 7208 4.6.4: terms that look up, void lookups, names of one mx and one ptr."""

LookupOf: TypeAlias = Callable[[str, str], Lookup]
"""Returns what was answered to a name (in presentation format, lower case) and a type."""

_UNKNOWN_NAME = "unknown"  # RFC 7208 7.3: what %{p} is without a validated name


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The result for a client; `domain` is the one whose record decided, by `term` if by one.

    `reason` is why there is an error or no record, `unseen` the lookup that failed.
    """

    result: Result
    domain: str
    term: str = ""
    reason: str = ""
    unseen: Unseen | None = None


def check_host(client: Client, lookup_of: LookupOf) -> Evaluation:
    """Return the result for the domain of the client's sender (RFC 7208 4.1)."""
    domain = trimmed(client.domain)
    if "." not in domain or not query_name(domain):
        reason = "it is not a full domain name"  # RFC 7208 4.3
        return Evaluation(result=Result.NONE, domain=domain, reason=reason)
    return _Check(client=client, lookup_of=lookup_of).evaluate(domain)


@dataclass(slots=True, kw_only=True)
class _Check:
    """One check under way: what it has counted, over all the records that it reads."""

    client: Client
    lookup_of: LookupOf
    lookups: int = 0
    voids: int = 0
    validated: tuple[str, ...] | None = field(default=None)

    def evaluate(self, domain: str) -> Evaluation:
        """Return the result of the record of a domain (RFC 7208 4.4, 4.5)."""
        lookup = self.lookup_of(query_name(domain), "TXT") if query_name(domain) else None
        if isinstance(lookup, Unseen):
            return _temporary(domain, "", lookup)
        found = select_record(texts_of(lookup)) if lookup else None
        match found:
            case None:
                reason = "it has no SPF record"
                return Evaluation(result=Result.NONE, domain=domain, reason=reason)
            case Malformed():
                return _permanent(domain, "", found.reason)
            case SpfRecord(faults=()):
                return self._apply(found, domain)
            case SpfRecord():
                return _permanent(domain, found.faults[0].text, found.faults[0].reason)

    def _apply(self, record: SpfRecord, domain: str) -> Evaluation:
        """Take the terms from left to right; the first that matches decides (RFC 7208 4.6.2)."""
        for directive in record.directives:
            told = self._try(directive, domain)
            if told:
                return told
        if record.redirect:
            return self._redirected(record.redirect, domain)
        return Evaluation(result=Result.NEUTRAL, domain=domain)  # RFC 7208 4.7

    def _try(self, directive: Directive, domain: str) -> Evaluation | None:
        """Return what a directive tells: None if it does not match."""
        if directive.looks_up and (exceeded := self._count(directive.text, domain)):
            return exceeded
        if directive.mechanism is Mechanism.INCLUDE:
            return self._included(directive, domain)
        matched = _MATCHERS[directive.mechanism](self, directive, domain)
        if isinstance(matched, Evaluation):
            return matched
        if matched:
            return Evaluation(result=directive.result, domain=domain, term=directive.text)
        return None

    def _count(self, term: str, domain: str) -> Evaluation | None:
        """Count a term that looks something up, and return the error if there are too many."""
        self.lookups += 1
        if self.lookups <= MAX_LOOKUPS:
            return None
        return _permanent(domain, term, f"more than {MAX_LOOKUPS} terms look something up")

    def _included(self, directive: Directive, domain: str) -> Evaluation | None:
        """Return what an include tells: it matches if its target passes (RFC 7208 5.2)."""
        inner = self.evaluate(self._target(directive.target, domain))
        match inner.result:
            case Result.PASS if directive.result is Result.PASS:
                return inner
            case Result.PASS:
                return Evaluation(result=directive.result, domain=domain, term=directive.text)
            case Result.TEMPERROR | Result.PERMERROR:
                return inner
            case Result.NONE:
                return _permanent(domain, directive.text, f"{inner.domain} has no SPF record")
            case _:
                return None

    def _redirected(self, redirect: Modifier, domain: str) -> Evaluation:
        """Return the result of the record that takes the place of this one (RFC 7208 6.1)."""
        if exceeded := self._count(redirect.text, domain):
            return exceeded
        inner = self.evaluate(self._target(redirect.target, domain))
        if inner.result is Result.NONE:
            return _permanent(domain, redirect.text, f"{inner.domain} has no SPF record")
        return inner

    def matches_address(self, directive: Directive, domain: str) -> bool | Evaluation:
        """Return whether the target has an address of the client's network (RFC 7208 5.3)."""
        name = query_name(self._target(directive.target, domain))
        records = self._ask(name, self.client.rdtype, directive, domain)
        return records if isinstance(records, Evaluation) else self._covers(records, directive)

    def matches_mx(self, directive: Directive, domain: str) -> bool | Evaluation:
        """Return whether an MX host of the target has one (RFC 7208 5.4)."""
        name = query_name(self._target(directive.target, domain))
        records = self._ask(name, "MX", directive, domain)
        if isinstance(records, Evaluation):
            return records
        if len(records) > MAX_MX:
            return _permanent(domain, directive.text, f"{name} has more than {MAX_MX} MX records")
        for host in mx_names(records):
            lookup = self.lookup_of(host, self.client.rdtype)
            if isinstance(lookup, Unseen):
                return _temporary(domain, directive.text, lookup)
            if isinstance(lookup, Answer) and self._covers(lookup.records, directive):
                return True
        return False

    def matches_existence(self, directive: Directive, domain: str) -> bool | Evaluation:
        """Return whether the target has an A record, whatever it is (RFC 7208 5.7)."""
        name = query_name(self._target(directive.target, domain))
        records = self._ask(name, "A", directive, domain)
        return records if isinstance(records, Evaluation) else bool(records)

    def matches_name(self, directive: Directive, domain: str) -> bool | Evaluation:
        """Return whether a validated name of the client is the target or below it (RFC 7208 5.5).

        A lookup that fails is not an error here.
        """
        if not isinstance(self.lookup_of(self.client.reverse_name, "PTR"), Unseen):
            records = self._ask(self.client.reverse_name, "PTR", directive, domain)
            if isinstance(records, Evaluation):
                return records
        target = query_name(self._target(directive.target, domain))
        return any(is_at_or_below(name, target) for name in self._validated_names())

    def matches_network(self, directive: Directive, _domain: str) -> bool:
        """Return whether the client is in the network; others never match (RFC 7208 5.6)."""
        return directive.network is not None and self.client.address in directive.network

    def matches_all(self, _directive: Directive, _domain: str) -> bool:
        """Return that everybody matches (RFC 7208 5.1)."""
        return True

    def _ask(
        self, name: str, rdtype: str, directive: Directive, domain: str
    ) -> tuple[str, ...] | Evaluation:
        """Return the records of the target of a term; the error if that, or one more void, is one.

        A name that nobody can look up has none (RFC 7208 4.8 leaves it open).
        """
        if not name:
            return ()
        lookup = self.lookup_of(name, rdtype)
        if isinstance(lookup, Unseen):
            return _temporary(domain, directive.text, lookup)
        if isinstance(lookup, Answer) and lookup.records:
            return lookup.records
        self.voids += 1
        if self.voids > MAX_VOIDS:
            reason = f"more than {MAX_VOIDS} terms look up what does not exist"
            return _permanent(domain, directive.text, reason)
        return ()

    def _covers(self, addresses: tuple[str, ...], directive: Directive) -> bool:
        of_ip4 = isinstance(self.client.address, ipaddress.IPv4Address)
        prefix = directive.prefix4 if of_ip4 else directive.prefix6
        return any(
            self.client.address in ipaddress.ip_network((one, prefix), strict=False)
            for one in addresses
        )

    def _target(self, target: MacroString | None, domain: str) -> str:
        """Return the domain that a term is about, its own if it names none (RFC 7208 4.8)."""
        if target is None:
            return domain
        values = self.client.values(domain)
        if "p" in target.letters:
            values = {**values, "p": self._name_for(domain)}
        return trimmed(target.expand(values))

    def _name_for(self, domain: str) -> str:
        """Return the validated name for %{p}: the domain, one below it, or any (RFC 7208 7.3)."""
        names = self._validated_names()
        below = [name for name in names if is_at_or_below(name, domain)]
        return domain if domain in names else next(iter((*below, *names)), _UNKNOWN_NAME)

    def _validated_names(self) -> tuple[str, ...]:
        """Return the names of the client that have its address."""
        if self.validated is None:
            lookup = self.lookup_of(self.client.reverse_name, "PTR")
            names = lookup.records[:MAX_PTR] if isinstance(lookup, Answer) else ()
            self.validated = tuple(name for name in names if self._has_address(name))
        return self.validated

    def _has_address(self, name: str) -> bool:
        lookup = self.lookup_of(name, self.client.rdtype)
        records = lookup.records if isinstance(lookup, Answer) else ()
        return any(ipaddress.ip_address(one) == self.client.address for one in records)


_MATCHERS: Mapping[Mechanism, Callable[[_Check, Directive, str], bool | Evaluation]] = {
    Mechanism.ALL: _Check.matches_all,
    Mechanism.A: _Check.matches_address,
    Mechanism.MX: _Check.matches_mx,
    Mechanism.PTR: _Check.matches_name,
    Mechanism.IP4: _Check.matches_network,
    Mechanism.IP6: _Check.matches_network,
    Mechanism.EXISTS: _Check.matches_existence,
}


def mx_names(records: tuple[str, ...]) -> tuple[str, ...]:
    """Return the hosts of MX records, without the root of a null MX (RFC 7505)."""
    hosts = (record.partition(" ")[2] for record in records)
    return tuple(host for host in hosts if host not in {"", "."})


def _temporary(domain: str, term: str, unseen: Unseen) -> Evaluation:
    return Evaluation(
        result=Result.TEMPERROR, domain=domain, term=term, reason=unseen.detail, unseen=unseen
    )


def _permanent(domain: str, term: str, reason: str) -> Evaluation:
    return Evaluation(result=Result.PERMERROR, domain=domain, term=term, reason=reason)
