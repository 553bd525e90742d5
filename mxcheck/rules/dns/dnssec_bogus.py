"""The MX answer fails DNSSEC validation.

## Why it matters

Senders behind a resolver that validates get no answer at all: mail for the domain waits in their
queues and comes back after days, while senders behind other resolvers deliver as ever. The usual
causes are signatures that expired, a DS record at the parent that belongs to a key that is gone
(after a move to another DNS provider, above all), and name servers that do not agree.

mxcheck takes three answers as proof: SERVFAIL, an answer where checking is disabled (the CD bit),
and SERVFAIL again. From a resolver that does not validate there is no proof either way.

## Repair

Look at the chain of trust, for example with `delv +vtrace example.com MX` or https://dnsviz.net.

- DNS provider: turn DNSSEC off and on again there, and publish the DS record that it then shows.
- Registrar: correct the DS record, or remove it. Without it the zone is unsigned, and is answered.
- BIND: `rndc sign example.com`, with `dnssec-policy` to keep it signed; see `rndc dnssec -status`.
- Knot DNS: `knotc zone-sign example.com`.
- PowerDNS: `pdnsutil show-zone example.com` prints the DS records that belong to its keys.
- NSD serves what it is given: sign the zone again (`ldns-signzone`) and `nsd-control reload`.
"""

from mxcheck.evidence.dns import Absent, Answer, Recheck
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.dnssec import doubt_about, is_bogus
from mxcheck.rules.facts.stages import the_mx_answer
from mxcheck.wire.domain_name import display_domain


def needs(case: DomainCase) -> Answer | Absent | Recheck | Unseen | NotApplicable:
    """The MX answer of a resolver that validates, or what was asked after SERVFAIL."""
    mx, recheck = case.domain.mx, case.domain.mx_recheck
    if isinstance(recheck, Recheck) and is_bogus(mx, recheck):
        return recheck
    if isinstance(mx, Unseen) and mx.trouble is Trouble.SERVFAIL and isinstance(recheck, Unseen):
        return recheck
    answer = the_mx_answer(case)
    if isinstance(answer, NotApplicable):
        return answer
    doubt = doubt_about((answer,), case.evidence.resolvers)
    return NotApplicable(message=f"a bogus answer would not show: {doubt.why}") if doubt else answer


def check(seen: Answer | Absent | Recheck, case: DomainCase) -> Pass | Fail:
    """Judge that validation does not stand between senders and the MX records."""
    name = display_domain(case.domain.name)
    if not isinstance(seen, Recheck):
        state = "is secure" if seen.authenticated_data else "is insecure, and so cannot be bogus"
        return Pass(message=f"the MX answer for {name} {state}")
    hidden = seen.unchecked
    shown = ", ".join(hidden.records) if isinstance(hidden, Answer) else "no MX record"
    return Fail(
        message=(
            f"the MX answer for {name} fails DNSSEC validation: the resolver answers SERVFAIL, with"
            f" checking disabled it shows {shown}, and asked again it answers SERVFAIL; senders"
            " behind a resolver that validates cannot deliver"
        ),
        remedy="Sign the zone again, or correct or remove the DS record at the registrar.",
    )


RULE: Rule[DomainCase, Answer | Absent | Recheck] = Rule(
    id="dnssec-bogus",
    family=Family.DNS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the MX answer fails DNSSEC validation",
    references=("RFC 4035 5.5", "RFC 4033 5"),
    needs=needs,
    check=check,
)
