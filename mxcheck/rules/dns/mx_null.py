"""A null MX where mail is expected, one beside another MX, or none where no mail is expected.

## Why it matters

`MX 0 .` says that a domain takes no mail: senders return everything at once, without trying any
server. Beside other MX records it is an error that senders treat differently. And a parked domain
without it makes senders try its address for days, and lets others use it as a return address.

## Repair

Remove the null MX at the DNS provider where the domain takes mail. Where it takes none, make
`example.com. MX 0 .` its only MX record, and set `expect = "no-mail"` in the policy.
"""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import Item
from mxcheck.model.policy import Expect, Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.stages import the_mx_answer
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.mx import NULL_MX, parse_mx


def check(mx: Answer | Absent, case: DomainCase) -> Pass | Fail | NotApplicable:
    """Judge the null MX, or its absence, against what the policy expects of the domain."""
    name = display_domain(case.domain.name)
    exchanges = tuple(parse_mx(mx)) if isinstance(mx, Answer) else ()
    others = [exchange for exchange in exchanges if exchange != NULL_MX]
    mail_expected = case.policy.expect is Expect.MAIL
    if NULL_MX in exchanges and others:
        return Fail(
            message=f"{name} has a null MX (`MX 0 .`) beside the MX {', '.join(others)}",
            remedy="Remove the null MX if the domain takes mail, else all the other MX records.",
        )
    if NULL_MX in exchanges and mail_expected:
        return Fail(
            message=f"{name} has a null MX (`MX 0 .`): senders refuse all mail for it at once",
            remedy='Publish real MX records, or set expect = "no-mail" for this domain.',
        )
    if NULL_MX not in exchanges and not mail_expected:
        return Fail(
            message=f"{name} has no null MX, though the policy expects it to take no mail",
            remedy=f"Publish `{case.domain.name}. MX 0 .` as the only MX record.",
        )
    return Pass(message=f"{name} has {'no' if mail_expected else 'a'} null MX, as expected")


RULE: Rule[DomainCase, Answer | Absent] = Rule(
    id="mx-null",
    family=Family.DNS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="a null MX where mail is expected, or none where no mail is expected",
    references=("RFC 7505 3", "RFC 7505 4"),
    reads=(Item.MX, Item.NO_HOSTS),
    after=("dnssec-bogus", "mx-missing"),
    find=the_mx_answer,
    check=check,
)
