"""The CAA records do not allow the authority that issued the MX host's certificate.

## Why it matters

An authority must look up the CAA records of a name before it certifies it, and refuse if they allow
others only. So the certificate that the MX host presents cannot be renewed: it expires, and then
senders that authenticate the server refuse to deliver.

The rule asks about every name in the certificate that is for the MX host, or at or below the
domain: for its own CAA records, else those of the nearest name above. It knows the CAA domains of
the large public authorities; others are not judged.

## Repair

Add the authority to the CAA records, or have the certificate issued by one that they allow:

- `example.com. CAA 0 issue "letsencrypt.org"` (or what the authority's documentation names); for a
  wildcard `issuewild`, if there are such records. Then try it: `certbot renew --dry-run`.
"""

from mxcheck.evidence.items import OF_CHAINS, Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    Answer,
    Fail,
    Family,
    MxCase,
    NotApplicable,
    Pass,
    Rule,
    Scope,
    Unknown,
)
from mxcheck.rules.facts.caa import Certified, Limit, certified_names, chains_presented, limit_of
from mxcheck.rules.facts.stages import has_addresses, why_no_addresses
from mxcheck.rules.remedies.caa import how_to_allow, why_forbidden

Names = tuple[Certified, ...]


def find(case: MxCase) -> Names | NotApplicable:
    """Return the names in certificates of known authorities that the MX host presents."""
    if not has_addresses(case.host):
        return why_no_addresses(case)
    if not chains_presented(case):
        return NotApplicable(message=f"no certificate of {case.host.name} was seen")
    names = tuple(certified_names(case))
    if names:
        return names
    message = f"{case.host.name} presents no certificate of an authority whose CAA domain is known"
    return NotApplicable(message=message)


def check(names: Names, case: MxCase) -> Answer | Unknown:
    """Judge that the authority of each name is among those that may issue for it."""
    limits = {one.name: limit_of(one.name, case) for one in names}
    for one in names:
        limit = limits[one.name]
        if isinstance(limit, Limit) and not limit.allows(one):
            message = f"the certificate of {case.host.name} {why_forbidden(one, limit)}"
            return Fail(message=message, remedy=how_to_allow(one, limit))
    for limit in limits.values():
        if isinstance(limit, Unseen):
            return Unknown(message=f"the CAA records are not known: {limit.detail}")
    owners = dict.fromkeys(limit.owner for limit in limits.values() if isinstance(limit, Limit))
    if not owners:
        return NotApplicable(message=f"no CAA record limits who may issue for {case.host.name}")
    return Pass(message=f"the CAA records of {', '.join(owners)} allow {names[0].issuer}")


RULE: Rule[MxCase, Names] = Rule(
    id="caa-forbids-issuer",
    family=Family.DNS,
    scope=Scope.MX,
    level=Level.WARNING,
    title="the CAA records do not allow the authority of the certificate",
    references=("RFC 8659 3", "RFC 8659 4"),
    reads=(Item.CAA_SETS, *OF_CHAINS, Item.ADDRESSES, Item.MX),
    after=("mx-unresolvable",),
    find=find,
    check=check,
)
