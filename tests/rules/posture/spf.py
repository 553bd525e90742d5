"""Domains in every state of SPF, and what a rule answers about them."""

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_address

from mxcheck.evidence.dns import Absence, Absent, Answer, ForwardLookup, ReverseDns
from mxcheck.judge.causes import answer
from mxcheck.model.policy import Policy
from mxcheck.rules.base import AnyRule, DomainCase, SenderCase
from tests.build import DOMAIN, evidence_of, healthy_domain, trust
from tests.rules.ask import Answered
from tests.spf_zone import TIMEOUT, Zone, lookups_in

SENDER = "203.0.114.77"
MAIL = "mail.example.com"
VENDOR: Zone = {
    "vendor.example": ["TXT v=spf1 include:a.vendor.example include:b.vendor.example ~all"],
    "a.vendor.example": ["TXT v=spf1 ip4:198.51.100.0/25 ip4:198.51.100.128/25 ~all"],
    "b.vendor.example": ["TXT v=spf1 ip6:2001:db8::/32 -all"],
    "lost.example": [TIMEOUT],
    "lost.example.com": [TIMEOUT],
    "all.example": ["TXT v=spf1 +all"],
    "bad.example": ["TXT v=spf1 ip5:192.0.2.1 -all"],
    MAIL: [f"A {SENDER}", "TXT v=spf1 a -all"],
    DOMAIN: [f"MX 10 {MAIL}"],
    **dict.fromkeys(("x.example", "y.example", "z.example"), ()),
}


def ask(rule: AnyRule, records: Iterable[str], policy: Policy | None = None) -> Answered:
    """Ask a rule about a domain with these TXT records, beside the vendors above."""
    zone = {**VENDOR, DOMAIN: [*(f"TXT {one}" for one in records), *VENDOR[DOMAIN]]}
    return ask_in(rule, zone, policy)


def ask_in(rule: AnyRule, zone: Zone, policy: Policy | None = None) -> Answered:
    run = replace(evidence_of(), spf=lookups_in(zone))
    case = DomainCase(run=run, policy=policy or Policy(), trust=trust(), domain=healthy_domain())
    return answer(rule, case)


def ask_sender(
    rule: AnyRule,
    records: Iterable[str],
    sender: str = SENDER,
    *,
    name: str = MAIL,
    zone: Zone | None = None,
    policy: Policy | None = None,
) -> Answered:
    """Ask a rule about a sender that has this name, and the domain with these records."""
    of_domain = [*(f"TXT {one}" for one in records), *VENDOR[DOMAIN]]
    run = replace(
        evidence_of(),
        spf=lookups_in({**VENDOR, DOMAIN: of_domain, **(zone or {})}),
        reverse=(names_of(sender, name),),
    )
    case = SenderCase(
        run=run,
        policy=policy or Policy(senders=(sender,)),
        trust=trust(),
        domain=healthy_domain(),
        sender=sender,
    )
    return answer(rule, case)


def names_of(sender: str, name: str) -> ReverseDns:
    """The names of an address: one that leads back, or none."""
    if not name:
        return ReverseDns(address=sender, ptr=Absent(absence=Absence.NXDOMAIN))
    back = Answer(owner=name, records=(sender,))
    return ReverseDns(
        address=sender,
        ptr=Answer(owner=ip_address(sender).reverse_pointer, records=(name,)),
        forward=(ForwardLookup(name=name, addresses=back),),
    )
