"""The DMARC policy asks receivers to do nothing.

## Why it matters

With `p=none`, or `p=quarantine; t=y`, receivers deliver mail that only pretends to be from the
domain like any other, and send reports. This is how to begin, not how to stay: logos (BIMI) and the
trust of receivers need a policy that is enforced.

RFC 7489 knew `pct=0` for a test; RFC 9989 has `t=y` in its place, which applies one level less than
the policy says: `reject` becomes `quarantine`, `quarantine` becomes `none`. A domain from which
people write to mailing lists should not go on to `p=reject` (RFC 9989 7.4): many lists change
messages, so that these fail.

## Repair

Read the reports for some weeks, until each service that sends for the domain passes with SPF or
DKIM. Then publish the record with `p=quarantine` and without `t=y`. For a subdomain without a
record of its own, `sp=` of the organization decides. A domain that sends no mail
(`expect = "no-mail"`) has no reason to wait: `v=DMARC1; p=reject`.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Expect, Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.dmarc import enforces, policy_shown, record_of, the_record, where
from mxcheck.rules.remedies.dmarc import publish, rewritten
from mxcheck.wire.dmarc.record import Request
from mxcheck.wire.dmarc.walk import Discovery
from mxcheck.wire.domain_name import display_domain


def find(case: DomainCase) -> Discovery | NotApplicable:
    """Find the record that is in force."""
    return the_record(case)


def check(discovery: Discovery, case: DomainCase) -> Pass | Fail:
    """Judge that the policy in force asks for something, and for reject if there is no mail."""
    request, shown = discovery.request(), f"{policy_shown(discovery)} at {where(discovery)}"
    no_mail = case.policy.expect is Expect.NO_MAIL
    if request is Request.REJECT or (enforces(request) and not no_mail):
        return Pass(message=shown)
    name = display_domain(case.domain.name)
    if enforces(request):
        message = f"the policy in force for {name} is {request}, where a domain without mail needs"
        return Fail(message=f"{message} reject ({shown})", remedy=_remedy(discovery, "reject"))
    return Fail(
        message=(
            f"the DMARC policy in force for {name} is none ({shown}): receivers deliver mail that"
            " fails DMARC"
        ),
        remedy=_remedy(discovery, "reject" if no_mail else "quarantine"),
    )


def _remedy(discovery: Discovery, wanted: str) -> str:
    """Return the record with another policy, at the domain itself if it inherits one."""
    kept = {"sp": None, "np": None} if not discovery.is_own else {}
    record = rewritten(record_of(discovery), p=wanted, t=None, psd=None, **kept)
    published = publish(discovery.domain, record)
    if wanted == "reject":
        return published
    return f"Once the reports show that all mail of the domain passes: {published}"


RULE: Rule[DomainCase, Discovery] = Rule(
    id="dmarc-not-enforced",
    family=Family.POSTURE,
    scope=Scope.DOMAIN,
    level=Level.WARNING,
    title="the DMARC policy asks receivers to do nothing",
    references=("RFC 9989 4.7", "RFC 9989 5.1.7", "RFC 9989 7.4", "policy expect"),
    reads=(Item.DMARC,),
    after=("dmarc-missing", "dmarc-invalid"),
    find=find,
    check=check,
)
