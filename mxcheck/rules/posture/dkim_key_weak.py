"""The DKIM key is short.

## Why it matters

Receivers take no signature by an RSA key under 1024 bits for valid (RFC 8301), and signers should
use 2048 bits or more: with a key that was factored anybody signs mail as the domain.

## Repair

Make a key of 2048 bits with a new selector, publish it, and let the signer use it. Keep the record
of the old selector for a week, because mail on its way is verified with it. 4096 bits make records
that some DNS providers cannot store, and are not needed.

- OpenDKIM: `opendkim-genkey -b 2048 -s s2 -d example.com`. Rspamd: `rspamadm dkim_keygen -b 2048 -s
  s2 -d example.com`.
- Microsoft 365: `Rotate-DkimSigningConfig -KeySize 2048 -Identity example.com`.
- An Ed25519 key (RFC 8463) is short and strong, but add it beside an RSA key, never in its place:
  many receivers cannot verify it.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, NotApplicable, Pass, Rule, Scope, SelectorCase
from mxcheck.rules.facts.dkim import name_of, the_usable_key
from mxcheck.rules.remedies.dkim import new_key
from mxcheck.wire.dkim_key import RSA, DkimKey

WANTED, AT_LEAST = 2048, 1024  # bits (RFC 8301 3.2)


def find(case: SelectorCase) -> DkimKey | NotApplicable:
    """Find the key of the selector."""
    return the_usable_key(case)


def check(key: DkimKey, case: SelectorCase) -> Pass | Fail:
    """Judge the size of an RSA key."""
    if key.kind != RSA or key.bits >= WANTED:
        return Pass(message=f"{name_of(case)} has a strong key ({key.shown})")
    refused = key.bits < AT_LEAST
    effect = "receivers take no signature by it for valid" if refused else "2048 are wanted"
    return Fail(
        message=f"the DKIM key at {name_of(case)} has {key.bits} bits (RSA): {effect}",
        remedy=new_key(case),
        at_most=Level.ERROR if refused else Level.WARNING,
    )


RULE: Rule[SelectorCase, DkimKey] = Rule(
    id="dkim-key-weak",
    family=Family.POSTURE,
    scope=Scope.SELECTOR,
    level=Level.ERROR,
    title="the DKIM key is short",
    references=("RFC 8301 3.2",),
    reads=(Item.DKIM_KEYS,),
    after=("dkim-key-missing", "dkim-key-invalid"),
    find=find,
    check=check,
)
