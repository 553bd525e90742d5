"""The MTA-STS policy does not list the MX host.

## Why it matters

Senders that hold to a policy in enforce mode never deliver to a host that no `mx` line of it
matches. Where that host is the only one, or the others are down, mail waits and comes back. It is
the classic fault of a new MX, or of a move to another provider.

## Repair

- Add an `mx: mx2.example.com` line for the host to the policy, then change the `id` in the record:
  senders that have the old policy fetch the new one when they see another `id`.
- `*.example.com` stands for exactly one label: it matches `mx1.example.com`, and neither
  `example.com` nor `a.mx1.example.com`.
- When moving: list the new hosts first, wait until the record's TTL has passed, then change the MX
  records, and only later remove the old hosts from the policy.
- Or withdraw the MX record of a host that is not meant to take mail.
"""

from mxcheck.policy import Level
from mxcheck.rules.base import Fail, Family, MxCase, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.mta_sts_evidence import level_under, lists_host, the_applied_policy
from mxcheck.wire.address import parse_address
from mxcheck.wire.mta_sts import Mode, StsPolicy
from mxcheck.wire.tls_rpt import ResultType


def needs(case: MxCase) -> StsPolicy | NotApplicable:
    """The policy that senders apply, for a host that has a name."""
    if parse_address(case.host.name):
        return NotApplicable(message="the MX value is an address", owner="mx-is-address")
    return the_applied_policy(case)


def check(policy: StsPolicy, case: MxCase) -> Pass | Fail:
    """Judge the MX host against the policy's patterns (RFC 8461 4.1)."""
    host, patterns = case.host.name, ", ".join(policy.mx_patterns)
    if lists_host(policy, host):
        return Pass(message=f"the MTA-STS policy lists {host}")
    consequence = (
        f"senders refuse to deliver to it, and keep that policy for {policy.max_age} seconds"
        if policy.mode is Mode.ENFORCE
        else f"senders report it, and will not deliver to it under enforce (max_age"
        f" {policy.max_age} seconds)"
    )
    return Fail(
        message=(
            f"the MTA-STS policy of {case.domain.name} (mode {policy.mode}) does not list the MX"
            f" host {host}, only {patterns}: {consequence}"
        ),
        remedy=(
            f"Add `mx: {host}` to the policy, then change the id in the TXT record"
            f" `_mta-sts.{case.domain.name}`{_before_publishing(case)}."
        ),
        at_most=level_under(policy),
        result_type=ResultType.VALIDATION_FAILURE,
    )


def _before_publishing(case: MxCase) -> str:
    """RFC 8461 5.1, 8.1: senders learn of a new policy once they see another id."""
    if not case.domain.mx.what_ifs:
        return ""
    return ", and publish the MX record only when the TTL of that record has passed"


RULE: Rule[MxCase, StsPolicy] = Rule(
    id="mta-sts-mx-unlisted",
    family=Family.MTA_STS,
    scope=Scope.MX,
    level=Level.ERROR,
    title="the MTA-STS policy does not list the MX host",
    references=("RFC 8461 4.1", "RFC 8461 5"),
    needs=needs,
    check=check,
)
