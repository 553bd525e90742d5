"""The DKIM key record cannot be used to verify a signature.

## Why it matters

Receivers treat a signature whose key they cannot read like no signature. The usual accidents: a key
that was cut off where a zone file allows 255 characters, quotes or line breaks inside it, two
records after a change, a record that revokes the key (an empty `p=`) while the signer still uses
it, `h=sha1`, which RFC 8301 forbids, or an Ed25519 key with its frame around it (RFC 8463 wants the
32 bytes alone).

## Repair

Let `SELECTOR._domainkey.example.com` have one TXT record with the key that the signer uses:

    s1._domainkey.example.com. TXT ( "v=DKIM1; k=rsa; p=MIIBIjANBgkq…" "…IDAQAB" )

`v=DKIM1` comes first if it is there at all. `p=` of an RSA key is what is between the lines of
`openssl pkey -in KEY -pubout`; of an Ed25519 key it is
`openssl pkey -in KEY -pubout -outform DER | tail -c 32 | base64`.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, NotApplicable, Pass, Rule, Scope, SelectorCase
from mxcheck.rules.facts.dkim import name_of, the_key
from mxcheck.rules.remedies.dkim import new_key
from mxcheck.wire.dkim_key import DkimKey
from mxcheck.wire.malformed import Malformed


def find(case: SelectorCase) -> DkimKey | Malformed | NotApplicable:
    """Find the key of the selector."""
    return the_key(case)


def check(found: DkimKey | Malformed, case: SelectorCase) -> Pass | Fail:
    """Judge that signatures can be verified with the record."""
    name = name_of(case)
    if isinstance(found, Malformed):
        return Fail(
            message=f"receivers cannot use the DKIM key at {name}: {found.reason}",
            remedy=(
                f"Let `{name}` have one TXT record, `v=DKIM1; k=rsa; p=…`, with the public key that"
                " the signer uses (`openssl pkey -in KEY -pubout` prints it), in strings of at most"
                " 255 characters each."
            ),
        )
    if found.is_revoked:
        return Fail(
            message=f"the DKIM key at {name} is revoked (its p= is empty)",
            remedy=(
                f"If the selector {case.selector} is out of use, remove it from `dkim_selectors`."
                f" {new_key(case)}"
            ),
        )
    return Pass(message=f"{name} has a key that receivers can read ({found.shown})")


RULE: Rule[SelectorCase, DkimKey | Malformed] = Rule(
    id="dkim-key-invalid",
    family=Family.POSTURE,
    scope=Scope.SELECTOR,
    level=Level.ERROR,
    title="the DKIM key record cannot be used to verify a signature",
    references=("RFC 6376 3.6.1", "RFC 6376 3.6.2.2", "RFC 8301 3.1", "RFC 8463 4.2"),
    reads=(Item.DKIM_KEYS,),
    after=("dkim-key-missing",),
    find=find,
    check=check,
)
