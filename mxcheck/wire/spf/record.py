"""SPF records (RFC 7208 4.5, 4.6.1, 12): which text is one, and its terms."""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from mxcheck.wire.malformed import Malformed, quoted
from mxcheck.wire.spf.macros import Macro, MacroString, parse_macro_string, parse_target
from mxcheck.wire.spf.names import query_name, trimmed
from mxcheck.wire.spf.terms import (
    MAX_IPV4,
    MAX_IPV6,
    QUALIFIERS,
    BadTerm,
    Directive,
    IpNetwork,
    Mechanism,
    Modifier,
    Result,
    SpfRecord,
    Term,
)

VERSION = "v=spf1"
_VERSION = re.compile(r"v=spf1(?: |\Z)", re.IGNORECASE)
_NAME = r"[A-Za-z][A-Za-z0-9_.-]*"
_MODIFIER = re.compile(rf"(?P<name>{_NAME})=(?P<value>.*)", re.DOTALL)
_DIRECTIVE = re.compile(rf"(?P<qualifier>[-+?~]?)(?P<name>{_NAME})(?P<rest>(?:[:/].*)?)", re.DOTALL)
# A domain may contain slashes: what looks like a prefix length at the end is one.
_DUAL_CIDR = re.compile(r"(?P<target>(?::.*?)?)(?:/(?P<four>\d+))?(?://(?P<six>\d+))?", re.DOTALL)
_CIDR = re.compile(r":(?P<address>.*?)(?:/(?P<prefix>\d+))?", re.DOTALL)
_NUMBER = re.compile(r"0|[1-9]\d{0,2}")
_TOP_LABEL = re.compile(
    r"\.(?:[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9]+-[A-Za-z0-9-]*[A-Za-z0-9])\.?\Z"
)
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+", re.ASCII)
_IPV6 = re.compile(r"[0-9A-Fa-f:.]+")
_MISSPELT: Mapping[str, str] = {
    "ip": "ip4",
    "ipv4": "ip4",
    "ipv6": "ip6",
    "prt": "ptr",
    "includes": "include",
    "all.": "all",
    "incl": "include",
    "exist": "exists",
    "redirect": "redirect=",
}


def select_record(texts: Sequence[str]) -> SpfRecord | Malformed | None:
    """Return the one record among the TXT records of a name (RFC 7208 4.5).

    Malformed if there are several; None if there is none.
    """
    records = [text for text in texts if _VERSION.match(text)]
    if len(records) > 1:
        return Malformed(reason=f"{len(records)} records begin with {VERSION}, where one is wanted")
    return parse_record(records[0]) if records else None


def parse_record(text: str) -> SpfRecord:
    """Parse a text that begins with the version; terms are separated by spaces alone."""
    words = [word for word in text[len(VERSION) :].split(" ") if word]
    terms = [_parse_term(word, number) for number, word in enumerate(words, 1)]
    modifiers = [one for one in terms if isinstance(one, Modifier)]
    redirects = [one for one in modifiers if one.name == "redirect"]
    bad = [one for one in terms if isinstance(one, BadTerm)]
    return SpfRecord(
        text=text,
        directives=tuple(one for one in terms if isinstance(one, Directive)),
        redirect=redirects[0] if redirects else None,
        faults=(*bad, *_repeated(terms)),
    )


def _repeated(terms: Sequence[Term]) -> tuple[BadTerm, ...]:
    """Return the second redirect and the second exp: each may be there once (RFC 7208 6)."""
    named = {
        number: one.name
        for number, one in enumerate(terms, 1)
        if isinstance(one, Modifier) and one.name in {"redirect", "exp"}
    }
    names = list(named.values())
    return tuple(
        BadTerm(text=terms[number - 1].text, number=number, reason=f"{name}= is there twice")
        for location, (number, name) in enumerate(named.items())
        if name in names[:location]
    )


def _parse_term(word: str, number: int) -> Term:
    modifier, directive = _MODIFIER.fullmatch(word), _DIRECTIVE.fullmatch(word)
    parsed: Directive | Modifier | Malformed
    if modifier:
        parsed = _parse_modifier(word, modifier["name"].lower(), modifier["value"])
    elif directive:
        result = QUALIFIERS[directive["qualifier"] or "+"]
        parsed = _parse_directive(word, result, directive["name"].lower(), directive["rest"])
    else:
        parsed = Malformed(reason="it is neither a mechanism nor a modifier")
    if isinstance(parsed, Malformed):
        return BadTerm(text=word, number=number, reason=parsed.reason)
    return parsed


def _parse_modifier(word: str, name: str, value: str) -> Modifier | Malformed:
    known = name in {"redirect", "exp"}
    target = _domain_spec(value) if known else parse_macro_string(value)
    if isinstance(target, Malformed):
        return target
    return Modifier(text=word, name=name, target=target)


def _parse_directive(word: str, result: Result, name: str, rest: str) -> Directive | Malformed:
    if name not in set(Mechanism):
        meant = _MISSPELT.get(name) or ("ip4:" if _ADDRESS.match(word) else "")
        hint = f"; did you mean {meant}?" if meant else ""
        return Malformed(reason=f"there is no mechanism {quoted(name)}{hint}")
    mechanism = Mechanism(name)
    return _PARSERS[mechanism](Directive(text=word, result=result, mechanism=mechanism), rest)


def _parse_all(begun: Directive, rest: str) -> Directive | Malformed:
    return Malformed(reason=f"nothing may follow all, got {quoted(rest)}") if rest else begun


def _parse_named(begun: Directive, rest: str) -> Directive | Malformed:
    """Parse the domain after a colon, which only ptr may go without."""
    if not rest and begun.mechanism is Mechanism.PTR:
        return begun
    if not rest.startswith(":"):
        return Malformed(reason=f"wanted a colon and a domain, got {quoted(rest)}")
    return _with_target(begun, rest[1:])


def _parse_addressed(begun: Directive, rest: str) -> Directive | Malformed:
    """Parse a domain and the lengths of both prefixes, all of which may be absent."""
    found = _DUAL_CIDR.fullmatch(rest)
    if found is None:
        return Malformed(reason=f"wanted :domain, /prefix and //prefix, got {quoted(rest)}")
    four, six = _prefix(found["four"], MAX_IPV4), _prefix(found["six"], MAX_IPV6)
    if isinstance(four, Malformed):
        return four
    if isinstance(six, Malformed):
        return six
    begun = replace(begun, prefix4=four, prefix6=six)
    return _with_target(begun, found["target"][1:]) if found["target"] else begun


def _parse_network(begun: Directive, rest: str) -> Directive | Malformed:
    """Parse an address with or without the length of its prefix (RFC 7208 5.6)."""
    found = _CIDR.fullmatch(rest)
    if found is None:
        return Malformed(reason=f"wanted a colon and an address, got {quoted(rest)}")
    of_ip4 = begun.mechanism is Mechanism.IP4
    prefix = _prefix(found["prefix"], MAX_IPV4 if of_ip4 else MAX_IPV6)
    if isinstance(prefix, Malformed):
        return prefix
    address = found["address"]
    try:
        network: IpNetwork = (
            ipaddress.IPv4Network((_plain(address, _ADDRESS), prefix), strict=False)
            if of_ip4
            else ipaddress.IPv6Network((_plain(address, _IPV6), prefix), strict=False)
        )
    except ValueError:
        wanted = f"an IPv{4 if of_ip4 else 6} address, with /prefix or without"
        return Malformed(reason=f"{quoted(address)} is not {wanted}")
    return replace(begun, network=network)


def _plain(address: str, allowed: re.Pattern[str]) -> str:
    """Return the text of an address; ValueError if it has what Python reads, and RFC 7208 not."""
    if not allowed.fullmatch(address):
        raise ValueError(address)
    return address


def _prefix(digits: str | None, longest: int) -> int | Malformed:
    if digits is None:
        return longest
    if not _NUMBER.fullmatch(digits) or int(digits) > longest:
        return Malformed(reason=f"a prefix is 0 to {longest} bits long, got {quoted(digits)}")
    return int(digits)


def _with_target(begun: Directive, text: str) -> Directive | Malformed:
    target = _domain_spec(text)
    return target if isinstance(target, Malformed) else replace(begun, target=target)


def _domain_spec(text: str) -> MacroString | Malformed:
    """Parse the name of a domain, which ends in a macro or in a label with a letter.

    A name without macros that nobody can look up is an error (RFC 7208 4.8 leaves it open).
    """
    if not text:
        return Malformed(reason="wanted a domain, got nothing")
    target = parse_target(text)
    if isinstance(target, Malformed):
        return target
    ends_in_macro = isinstance(target.pieces[-1], Macro) or text.endswith(("%%", "%_", "%-"))
    if not ends_in_macro and not _TOP_LABEL.search(text):
        hint = ": write ip4:" if _ADDRESS.fullmatch(text) else ""
        return Malformed(reason=f"{quoted(text)} is not a full domain name{hint}")
    if not target.letters and not query_name(trimmed(target.expand({}))):
        return Malformed(reason=f"{quoted(text)} has an empty label, or one that is too long")
    return target


_PARSERS: Mapping[Mechanism, Callable[[Directive, str], Directive | Malformed]] = {
    Mechanism.ALL: _parse_all,
    Mechanism.INCLUDE: _parse_named,
    Mechanism.A: _parse_addressed,
    Mechanism.MX: _parse_addressed,
    Mechanism.PTR: _parse_named,
    Mechanism.IP4: _parse_network,
    Mechanism.IP6: _parse_network,
    Mechanism.EXISTS: _parse_named,
}
