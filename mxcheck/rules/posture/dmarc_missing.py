"""The domain has no DMARC record.

## Why it matters

Anybody can send mail with an address of the domain in From, and receivers have no word from its
owner on what to do with it. Large receivers want a record from everybody who sends them much mail,
and put mail without one into the spam folder, or refuse it.

Receivers look at `_dmarc.` and the domain; if there is no record, they ask one label less, and so
on up to the top-level domain, in at most eight lookups (RFC 9989). Until 2026 they asked a list of
public suffixes (RFC 7489) where an organization begins; that list no longer counts. The record of a
public suffix above the domain (`psd=y`) belongs to the registry, which gets the reports.

## Repair

Begin with a policy that changes nothing, and have the reports sent to a mailbox that is read:

    _dmarc.example.com. TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"

After some weeks the reports show who sends for the domain. Then go on to `p=quarantine`. A domain
that sends no mail begins with `p=reject`.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    DomainCase,
    Fail,
    Family,
    Missing,
    NotApplicable,
    Pass,
    Rule,
    Scope,
    Unknown,
)
from mxcheck.rules.facts.dmarc import faulty_step, policy_shown, the_discovery, where
from mxcheck.rules.remedies.dmarc import first_record, publish
from mxcheck.wire.dmarc.walk import Discovery, record_name
from mxcheck.wire.domain_name import display_domain


def find(case: DomainCase) -> Discovery | Unknown | NotApplicable:
    """Find what the tree walk shows; dmarc-invalid owns what receivers ignore."""
    discovery = the_discovery(case)
    required = RULE.absence_of in case.policy.require
    if isinstance(discovery, Discovery) and not discovery.record and not required:
        faulty = faulty_step(discovery)
        if faulty:
            return Missing(message=f"receivers ignore what is at {record_name(faulty[0].domain)}")
    return discovery


def check(discovery: Discovery, case: DomainCase) -> Pass | Fail:
    """Judge that a record applies to the domain, and that it is of its organization."""
    name = display_domain(case.domain.name)
    remedy = publish(case.domain.name, first_record(case))
    if discovery.record is None:
        asked = ", ".join(record_name(step.domain) for step in discovery.steps)
        return Fail(message=f"{name} has no DMARC record: none at {asked}", remedy=remedy)
    if discovery.is_of_suffix:
        return Fail(
            message=(
                f"{name} has no DMARC record of its own: only {discovery.location} has one, which"
                " is a public suffix (psd=y); its reports go to the registry"
            ),
            remedy=remedy,
        )
    return Pass(message=f"{policy_shown(discovery)} at {where(discovery)}")


RULE: Rule[DomainCase, Discovery] = Rule(
    id="dmarc-missing",
    family=Family.POSTURE,
    scope=Scope.DOMAIN,
    level=Level.WARNING,
    title="the domain has no DMARC record",
    references=("RFC 9989 4.10", "RFC 9989 4.10.1"),
    reads=(Item.DMARC,),
    after=("dmarc-invalid",),
    absence_of="dmarc",
    find=find,
    check=check,
)
