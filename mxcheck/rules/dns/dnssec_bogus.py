"""An answer that mail to the domain depends on fails DNSSEC validation.

## Why it matters

Senders behind a resolver that validates get no answer at all. If it is the MX record or an address
of an MX host, their mail waits in the queue and comes back after days, while senders behind other
resolvers deliver. If it is `_mta-sts` or the policy host, they do not find the MTA-STS policy.

The usual causes are signatures that expired, a DS record at the parent that belongs to a key that
is gone (above all after a move to another DNS provider), a DNSKEY set that gets lost because it is
too large for UDP and TCP port 53 is closed, and name servers that disagree.

mxcheck takes three answers as proof: SERVFAIL, an answer when checking is disabled (the CD bit),
and SERVFAIL again. A resolver that does not validate gives no proof either way.

## Repair

Look at the chain of trust first: `delv +vtrace example.com MX` or https://dnsviz.net. An extended
DNS error in the message (RFC 8914) names the cause as the resolver sees it.

- DNS provider: turn DNSSEC off and on again there, and publish the DS record that it then shows.
- Registrar: correct the DS record, or remove it. Without it the zone is unsigned, and is answered.
- Firewall: open port 53 for TCP as well as UDP; `dig +tcp @NAMESERVER example.com DNSKEY` must
  answer.
- BIND: `rndc sign example.com`, with `dnssec-policy` to keep it signed; see `rndc dnssec -status`.
- Knot DNS: `knotc zone-sign example.com`.
- PowerDNS: `pdnsutil show-zone example.com` prints the DS records that belong to its keys.
- NSD serves what it is given: sign the zone again (`ldns-signzone`) and `nsd-control reload`.
"""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import OF_MTA_STS, Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.bogus import Bogus, bogus_answers
from mxcheck.rules.facts.dnssec import doubt_about
from mxcheck.rules.facts.stages import the_mx_answer
from mxcheck.rules.remedies.bogus import bogus_remedy
from mxcheck.wire.domain_name import display_domain


def find(case: DomainCase) -> Answer | Absent | tuple[Bogus, ...] | NotApplicable:
    """Return the answers that fail validation, else the MX answer of a resolver that validates."""
    if bogus := bogus_answers(case.domain):
        return bogus
    answer = the_mx_answer(case)
    if isinstance(answer, NotApplicable):
        return answer
    doubt = doubt_about((answer,), case.run.resolvers)
    return NotApplicable(message=f"a bogus answer would not show: {doubt.why}") if doubt else answer


def check(seen: Answer | Absent | tuple[Bogus, ...], case: DomainCase) -> Pass | Fail:
    """Judge that validation withholds no answer from senders."""
    if not isinstance(seen, tuple):
        state = "is secure" if seen.authenticated_data else "is insecure, and so cannot be bogus"
        name = display_domain(case.domain.name)
        return Pass(message=f"no answer for {name} fails validation: the MX answer {state}")
    first, *others = seen
    also = f"; likewise {', '.join(one.question for one in others)}" if others else ""
    lost = "cannot deliver" if any(one.stops_mail for one in seen) else "find no MTA-STS policy"
    return Fail(
        message=f"{first.question} fails DNSSEC validation: {first.seen.detail}{also}; senders"
        f" behind a resolver that validates {lost}",
        remedy=bogus_remedy(first),
    )


RULE: Rule[DomainCase, Answer | Absent | tuple[Bogus, ...]] = Rule(
    id="dnssec-bogus",
    family=Family.DNS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="an answer that mail depends on fails DNSSEC validation",
    references=("RFC 4035 5.5", "RFC 4033 5", "RFC 8914 4"),
    reads=(Item.MX, Item.NO_HOSTS, Item.ADDRESSES, *OF_MTA_STS, Item.RESOLVERS),
    after=("mx-missing",),
    find=find,
    check=check,
)
