"""Why senders that obey an MTA-STS policy refuse a server that it lists (RFC 8461 4.2)."""

from dataclasses import dataclass

from mxcheck.rules.base import EndpointCase, Missing, NotApplicable, Unknown
from mxcheck.rules.facts.sts_policies import Obeyed, lists_host, the_obeyed_policies
from mxcheck.rules.facts.web_pki import Refusal, web_pki_refusals
from mxcheck.wire.mta_sts import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class StsRefusals:
    """The strictest policy by which senders judge a server, and why they refuse it."""

    obeyed: Obeyed
    refusals: tuple[Refusal, ...]


def the_sts_refusals(case: EndpointCase) -> StsRefusals | Unknown | NotApplicable:
    """Return why senders refuse a host that a policy lists."""
    obeyed = the_obeyed_policies(case)
    if not isinstance(obeyed, tuple):
        return obeyed
    listing = [one for one in obeyed if lists_host(one.policy, case.host.name)]
    if not listing:
        return Missing(message="the MTA-STS policy does not list the host")
    strictest = max(listing, key=lambda one: one.policy.mode is Mode.ENFORCE)
    refusals = web_pki_refusals(case)
    if not isinstance(refusals, tuple):
        return refusals
    return StsRefusals(obeyed=strictest, refusals=refusals)
