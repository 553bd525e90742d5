"""The domain has no MX record, so that senders fall back to its own address.

## Why it matters

RFC 5321 lets senders deliver to the A or AAAA record of a domain without MX. That is often a web
server which takes no mail, and some senders and spam filters distrust such domains.

## Repair

Publish an MX record that names the host which takes the mail, even where that is the domain itself
(`example.com. MX 10 example.com.`). A domain that takes no mail publishes a null MX
(`example.com. MX 0 .`).
"""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import Item
from mxcheck.model.policy import Expect, Level
from mxcheck.rules.base import DomainCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.stages import has_addresses, the_mx_answer
from mxcheck.wire.domain_name import display_domain


def check(mx: Answer | Absent, case: DomainCase) -> Pass | Fail | NotApplicable:
    """Judge that the domain names its MX hosts itself."""
    name = display_domain(case.domain.name)
    if isinstance(mx, Answer):
        return Pass(message=f"{name} has an MX record of its own")
    if case.policy.expect is Expect.NO_MAIL:
        return Missing(message="no mail is expected")
    if not any(has_addresses(host) for host in case.domain.hosts):
        return Missing(message=f"{name} has no known address either")
    return Fail(
        message=f"{name} has no MX record: senders fall back to the address of {name} itself",
        remedy=f"Publish an MX record, such as `{case.domain.name}. MX 10 {case.domain.name}.`",
    )


RULE: Rule[DomainCase, Answer | Absent] = Rule(
    id="mx-implicit",
    family=Family.DNS,
    scope=Scope.DOMAIN,
    level=Level.WARNING,
    title="no MX record: senders fall back to the domain's own address",
    references=("RFC 5321 5.1",),
    reads=(Item.MX, Item.NO_HOSTS, Item.OWN_ADDRESSES),
    after=("dnssec-bogus", "mx-missing", "mx-null"),
    find=the_mx_answer,
    check=check,
)
