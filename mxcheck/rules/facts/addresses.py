"""Whether an MX host has addresses, as far as its lookups tell."""

from mxcheck.evidence.dns import Absence, Absent, Lookup
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.rules.base import Fail, Missing, MxCase, NotApplicable, Unknown
from mxcheck.rules.facts.dnssec import is_bogus
from mxcheck.rules.facts.stages import has_addresses, is_implicit, why_nameless
from mxcheck.rules.remedies.lookup import lookup_remedy


def the_looked_up_host(case: MxCase) -> MxHost | Unknown | NotApplicable:
    """Return the host, unless it has no valid name or a lookup failed."""
    host = case.host
    if nameless := why_nameless(host):
        return nameless
    if is_implicit(case) and not has_addresses(host):
        return Missing(message="there is no MX record")
    for record, lookup, without in (("A", host.ipv4, "-6"), ("AAAA", host.ipv6, "-4")):
        if is_bogus(lookup):
            message = f"the {record} answer for {host.name} fails DNSSEC validation"
            return Missing(message=message)
        if isinstance(lookup, Unseen) and not _is_needless(lookup, host):
            or_not = f" Where no {record} is wanted of it, {without} leaves that family out."
            return Unknown(
                message=f"the {record} lookup for {host.name} failed: {lookup.detail}",
                remedy=lookup_remedy(lookup) + (or_not if has_addresses(host) else ""),
            )
    if host.left_out:
        return Unknown(
            message=f"{host.name} has more addresses than are looked at, so that these were not:"
            f" {', '.join(host.left_out)}",
            remedy="Raise --max-addresses.",
        )
    return host


def is_gone(host: MxHost) -> bool:
    """Return whether the name is known not to exist, and so has no address of either family."""
    lookups = (host.ipv4, host.ipv6)
    return not has_addresses(host) and any(
        isinstance(one, Absent) and one.absence is Absence.NXDOMAIN for one in lookups
    )


def _is_needless(failed: Unseen, host: MxHost) -> bool:
    """Return whether a failed lookup is of a family that was left out, and could tell no more."""
    return failed.trouble is Trouble.EXCLUDED and (has_addresses(host) or is_gone(host))


def dangling_alias(host: MxHost, lookup: Absent, case: MxCase) -> Fail:
    """Return what is wrong with an alias that leads to no address."""
    target, domain = lookup.aliases[-1], case.domain.name
    takeover = ""
    if lookup.absence is Absence.NXDOMAIN and not f".{target}".endswith(f".{domain}"):
        takeover = f"; whoever obtains the name {target} receives the mail for {domain}"
    way = ", then ".join(lookup.aliases)
    return Fail(
        message=f"the MX host {host.name} is an alias (CNAME) of {way}, which"
        f" {describe_lack(lookup)}: senders cannot reach it{takeover}",
        remedy=f"Remove the CNAME record of {host.name}, and the MX record unless the host is to"
        " have addresses of its own, or name in the MX record a host that exists.",
    )


def describe_lack(lookup: Lookup) -> str:
    """Return what an MX host lacks, by the answer to one of its lookups."""
    missing = isinstance(lookup, Absent) and lookup.absence is Absence.NXDOMAIN
    return "does not exist in DNS (NXDOMAIN)" if missing else "has no A and no AAAA record"
