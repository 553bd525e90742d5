"""The DMARC record has pct, which receivers ignore.

## Why it matters

With `pct=25` a receiver that follows RFC 7489 applies the policy to a quarter of the mail that
fails; one that follows RFC 9989 ignores the tag, and applies it to all. So the record says two
things. `pct=0` was a test mode, and now the policy is in force in full; `t=y` is the test mode of
RFC 9989.

## Repair

Remove `pct`, and with it `rf` and `ri`, which are gone too. In place of `pct=0` publish `t=y`: it
asks for one level less than the policy says.

    v=DMARC1; p=quarantine; t=y; rua=mailto:dmarc@example.com
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.dmarc import record_of, the_record, where
from mxcheck.rules.remedies.dmarc import publish, rewritten
from mxcheck.wire.dmarc.walk import Discovery
from mxcheck.wire.malformed import quoted

_ALL = "100"


def find(case: DomainCase) -> Discovery | NotApplicable:
    """Find the record that is in force."""
    return the_record(case)


def check(discovery: Discovery, case: DomainCase) -> Pass | Fail:
    """Judge that the record applies to all mail, for old receivers too."""
    del case
    record = record_of(discovery)
    if record.pct is None or record.pct == _ALL:
        return Pass(message=f"the record at {where(discovery)} means the same to all receivers")
    is_test = record.pct.isdigit() and int(record.pct) == 0
    mode = "the test mode of RFC 7489" if is_test else "a share of the mail under RFC 7489"
    new = rewritten(record, p=record.p or "none", **({"t": "y"} if is_test else {}))
    return Fail(
        message=(
            f"the DMARC record at {where(discovery)} has pct={quoted(record.pct)}, {mode}, which"
            " receivers that follow RFC 9989 ignore: they apply the policy in full"
        ),
        remedy=publish(discovery.location, new),
    )


RULE: Rule[DomainCase, Discovery] = Rule(
    id="dmarc-tag-obsolete",
    family=Family.POSTURE,
    scope=Scope.DOMAIN,
    level=Level.WARNING,
    title="the DMARC record has pct, which receivers ignore",
    references=("RFC 9989 A.6", "RFC 9989 4.7"),
    reads=(Item.DMARC,),
    after=("dmarc-missing", "dmarc-invalid"),
    find=find,
    check=check,
)
