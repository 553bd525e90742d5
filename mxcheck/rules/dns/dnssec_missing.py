"""The MX answer is not protected by DNSSEC.

## Why it matters

Whoever can forge DNS answers on the way to a sender's resolver can name an MX host of their own,
and is given the mail. DNSSEC prevents that, and is what DANE builds on: without it senders that use
DANE cannot trust the host names of the MX records (RFC 7672 2.2.1).

Whether an answer is secure is told by a resolver that validates. Without one that can be trusted
(over HTTPS or TLS, `options trust-ad` in resolv.conf, `--trust-ad`) this is unknown.

## Repair

Have the zone signed, and the DS record published in the zone above it.

- DNS provider and registrar in one: DNSSEC is a switch there. Else copy the DS record (or the
  DNSKEY) that the provider shows to the registrar.
- BIND: `dnssec-policy default;` in the zone; `dnssec-dsfromkey` prints the DS record.
- Knot DNS: `dnssec-signing: on`. PowerDNS: `pdnsutil secure-zone example.com`.
- NSD serves zones that are signed elsewhere, for example by OpenDNSSEC or `ldns-signzone`.

Watch the signatures afterwards: expired ones are worse than none (`dnssec-bogus`).
"""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.dnssec import Security, doubt_about, security_of
from mxcheck.rules.facts.stages import the_mx_answer
from mxcheck.wire.domain_name import display_domain


def find(case: DomainCase) -> Answer | Absent | Unknown | NotApplicable:
    """Return the MX answer of a resolver that is believed on DNSSEC."""
    mx = the_mx_answer(case)
    doubt = None if isinstance(mx, NotApplicable) else doubt_about((mx,), case.run.resolvers)
    if not doubt:
        return mx
    name = display_domain(case.domain.name)
    return Unknown(
        message=f"whether the MX answer for {name} is secure is not known: {doubt.why}",
        remedy=doubt.remedy,
    )


def check(mx: Answer | Absent, case: DomainCase) -> Pass | Fail:
    """Judge that the answer is secure."""
    name = display_domain(case.domain.name)
    if security_of(mx, case.run.resolvers) is Security.SECURE:
        return Pass(message=f"the MX answer for {name} is DNSSEC-secure")
    return Fail(
        message=f"the MX answer for {name} is not DNSSEC-secure: it could be forged",
        remedy="Have the zone signed at the DNS provider, and its DS record published.",
    )


RULE: Rule[DomainCase, Answer | Absent] = Rule(
    id="dnssec-missing",
    family=Family.DNS,
    scope=Scope.DOMAIN,
    level=Level.OFF,
    title="the MX answer is not protected by DNSSEC",
    references=("RFC 4035 4.3", "RFC 4033 5"),
    reads=(Item.MX, Item.NO_HOSTS, Item.RESOLVERS),
    after=("dnssec-bogus", "mx-missing"),
    absence_of="dnssec",
    find=find,
    check=check,
)
