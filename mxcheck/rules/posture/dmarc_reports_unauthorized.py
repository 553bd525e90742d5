"""DMARC reports go to a host that does not permit them.

## Why it matters

Reports to an address outside the organization are sent only if its host agrees by a record of its
own; else anybody could have a mailbox of others flooded. Without that record receivers send
nothing there, and nobody tells the domain: no reports looks like no trouble.

The hosts in `rua=` are compared by organizational domain, which the tree walk finds (RFC 9990); a
list of public suffixes no longer decides. Size limits such as `!10m` are ignored now.

## Repair

Whoever runs the host publishes one record for the domain, or one with `*` for all of them:

    example.com._report._dmarc.reports.example.net. TXT "v=DMARC1"

A service for reports does so once the domain is registered with it: see its instructions, or ask
it. Otherwise send the reports to a mailbox in the domain itself.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.dmarc import record_of, the_record
from mxcheck.rules.facts.dmarc_reports import Permission, permissions_of
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.dmarc.reports import permission_record
from mxcheck.wire.dmarc.walk import Discovery


def find(case: DomainCase) -> Discovery | NotApplicable:
    """Find the record, if it is of the organization and asks for reports."""
    discovery = the_record(case)
    if isinstance(discovery, NotApplicable):
        return discovery
    if discovery.is_of_suffix:
        return NotApplicable(message="the record is that of a public suffix")
    if not record_of(discovery).rua:
        return NotApplicable(message="the DMARC record asks for no reports (it has no rua=)")
    return discovery


def check(discovery: Discovery, case: DomainCase) -> Pass | Fail | Unknown:
    """Judge that each host outside the organization permits the reports."""
    asked = permissions_of(discovery, case)
    refused = [one for one in asked if one.fault]
    if refused:
        return _refused(discovery, refused)
    unseen = next((one.unseen for one in asked if one.unseen), None)
    if unseen:
        message = f"whether reports may go to all of rua= is not known: {unseen.detail}"
        return Unknown(message=message, remedy=lookup_remedy(unseen))
    listed = ", ".join(one.host for one in asked)
    permitted = f"{listed} permits them" if asked else "they stay in the organization"
    return Pass(message=f"DMARC reports are sent: {permitted}")


def _refused(discovery: Discovery, refused: list[Permission]) -> Fail:
    listed = "; ".join(f"{one.host} ({one.fault})" for one in refused)
    records = " ".join(
        f"`{permission_record(discovery.location, one.host)}`" for one in refused if one.name
    )
    return Fail(
        message=f"receivers send no DMARC reports about {discovery.location} to {listed}",
        remedy=(
            f"Whoever runs the host publishes {records}; a service does so for its customers."
            if records
            else "Send the reports to a host with a shorter name."
        ),
    )


RULE: Rule[DomainCase, Discovery] = Rule(
    id="dmarc-reports-unauthorized",
    family=Family.POSTURE,
    scope=Scope.DOMAIN,
    level=Level.WARNING,
    title="DMARC reports go to a host that does not permit them",
    references=("RFC 9990 4", "RFC 9989 4.7"),
    reads=(Item.DMARC, Item.DMARC_REPORTS),
    after=("dmarc-missing", "dmarc-invalid"),
    find=find,
    check=check,
)
