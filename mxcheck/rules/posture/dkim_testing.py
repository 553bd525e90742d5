"""The DKIM key says that the domain is only testing.

## Why it matters

With the flag `y` in `t=` receivers must not treat mail with a signature of this key differently
from mail without one: some ignore a signature that passes, so that it does not count for DMARC. The
flag is in many examples, and stays after the test is over.

## Repair

Publish the same record without `t=y` (with `t=s` alone if it says `t=y:s`). The key, the selector
and the signer stay as they are.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, NotApplicable, Pass, Rule, Scope, SelectorCase
from mxcheck.rules.facts.dkim import name_of, the_usable_key
from mxcheck.wire.dkim_key import DkimKey


def find(case: SelectorCase) -> DkimKey | NotApplicable:
    """Find the key of the selector."""
    return the_usable_key(case)


def check(key: DkimKey, case: SelectorCase) -> Pass | Fail:
    """Judge that the record has not the flag for tests."""
    name = name_of(case)
    if not key.testing:
        return Pass(message=f"the key at {name} is not for tests")
    return Fail(
        message=(
            f"the DKIM key at {name} says that the domain is testing (t=y): receivers may ignore"
            " what is signed with it"
        ),
        remedy=f"Once signing works, publish at `{name}`: `{key.text_without_testing}`.",
    )


RULE: Rule[SelectorCase, DkimKey] = Rule(
    id="dkim-testing",
    family=Family.POSTURE,
    scope=Scope.SELECTOR,
    level=Level.WARNING,
    title="the DKIM key says that the domain is only testing",
    references=("RFC 6376 3.6.1",),
    reads=(Item.DKIM_KEYS,),
    after=("dkim-key-missing", "dkim-key-invalid"),
    find=find,
    check=check,
)
