"""The MTA-STS policy does not list the MX host.

## Why it matters

Senders that obey a policy in enforce mode never deliver to a host that no `mx` line of it matches.
If that host is the only one, or the others are down, mail waits and comes back. It is the classic
fault of a new MX, or of a move to another provider.

## Repair

- Add an `mx: mx2.example.com` line for the host to the policy, then change the `id` in the record:
  senders that have the old policy fetch the new one when they see another `id`.
- `*.example.com` matches exactly one label: `mx1.example.com`, but neither `example.com` nor
  `a.mx1.example.com`.
- When you move: list the new hosts first, wait until the record's TTL has passed, then change the
  MX records, and only later remove the old hosts from the policy.
- Or withdraw the MX record of a host that is not meant to take mail.

A change that removes the record, or that brings another policy under the same `id`, is judged by
the live policy too: senders that have it keep it for its `max_age`. To give up MTA-STS, publish
`mode: none` under a new `id` first, and withdraw record and policy after that time.
"""

from mxcheck.evidence.dns import Absent
from mxcheck.evidence.items import OF_MTA_STS, Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    Fail,
    Family,
    MxCase,
    NotApplicable,
    Pass,
    Rule,
    Scope,
    Unknown,
)
from mxcheck.rules.facts.addresses import is_gone
from mxcheck.rules.facts.stages import why_nameless, why_no_addresses
from mxcheck.rules.facts.sts_policies import Obeyed, level_under, lists_host, the_obeyed_policies
from mxcheck.rules.remedies.mta_sts import what_senders_do, what_to_publish
from mxcheck.wire.mta_sts import Mode
from mxcheck.wire.tls_rpt import ResultType


def find(case: MxCase) -> tuple[Obeyed, ...] | Unknown | NotApplicable:
    """Find the policies that senders obey, for a host that has a name and may have an address."""
    if nameless := why_nameless(case.host):
        return nameless
    absent = isinstance(case.host.ipv4, Absent) and isinstance(case.host.ipv6, Absent)
    if absent or is_gone(case.host):
        return why_no_addresses(case)
    return the_obeyed_policies(case)


def check(obeyed: tuple[Obeyed, ...], case: MxCase) -> Pass | Fail:
    """Judge the MX host by the patterns of each policy (RFC 8461 4.1)."""
    host = case.host.name
    lacking = [one for one in obeyed if not lists_host(one.policy, host)]
    if not lacking:
        return Pass(message=f"the MTA-STS policy lists {host}")
    lacks = min(lacking, key=lambda one: one.policy.mode is not Mode.ENFORCE)
    patterns = ", ".join(lacks.policy.mx_patterns)
    return Fail(
        message=(
            f"{lacks.named(case.domain.name)} does not list the MX host {host}, only {patterns}:"
            f" {what_senders_do(lacks)}"
        ),
        remedy=what_to_publish(lacks, case, another=not all(one.is_remembered for one in obeyed)),
        at_most=level_under(lacks.policy),
        result_type=ResultType.VALIDATION_FAILURE,
    )


RULE: Rule[MxCase, tuple[Obeyed, ...]] = Rule(
    id="mta-sts-mx-unlisted",
    family=Family.MTA_STS,
    scope=Scope.MX,
    level=Level.ERROR,
    title="the MTA-STS policy does not list the MX host",
    references=("RFC 8461 4.1", "RFC 8461 5", "RFC 8461 8.3"),
    reads=(*OF_MTA_STS, Item.MX, Item.ADDRESSES),
    after=("mx-is-address", "mx-name-invalid", "mx-unresolvable", "mta-sts-policy-invalid"),
    find=find,
    check=check,
)
