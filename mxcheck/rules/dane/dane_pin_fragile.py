"""The TLSA records that match break at an ordinary renewal of the certificate.

## Why it matters

A renewal makes a new certificate, and may come from another intermediate of the same authority. A
record that is about the certificate itself (3 0 x), or about the intermediate of a public authority
(2 0 x, 2 1 x), does not match afterwards, and senders that use DANE stop delivering, often on the
night of an automatic renewal. Public authorities choose among several intermediates without notice:
the records of R10 to R14 and E5 to E9 of one large authority became useless within weeks in 2026.

A record about a key (3 1 x), about a root, or about a private authority passes.

## Repair

Publish a record of the server's key, whatever the mail server is, and keep the key at renewals:

- `_25._tcp.mx1.example.com. IN TLSA 3 1 1 <digest>`; the message prints it.
- certbot: `--reuse-key`. acme.sh: without `--always-force-new-domain-key`. Postfix, Exim,
  OpenSMTPD and Exchange use the key that they are given.
- Or let a script publish the record of the new certificate before it is deployed, two TTLs ahead.
- If it has to be the authority: a record for the root, and the root appended to the chain that the
  server sends; or records for every intermediate that the authority lists as active.
"""

from mxcheck.evidence.items import OF_DANE, Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, MxCase, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.dane import Tlsa, the_secure_tlsa
from mxcheck.rules.facts.dane_pins import Pin, pins_of, why_fragile
from mxcheck.rules.remedies.dane import to_publish

Pins = tuple[tuple[Pin, ...], ...]


def find(case: MxCase) -> tuple[Tlsa, Pins] | Unseen | Unknown | NotApplicable:
    """Return the records that match, for each chain that the host presents."""
    tlsa = the_secure_tlsa(case)
    if not isinstance(tlsa, Tlsa):
        return tlsa
    pins = tuple(each for each in pins_of(case, tlsa) if each)
    if not pins:
        return NotApplicable(message=f"no TLSA record of {case.host.name} was seen to match")
    return tlsa, pins


def check(seen: tuple[Tlsa, Pins], case: MxCase) -> Pass | Fail:
    """Judge that a record that matches outlives an ordinary renewal."""
    tlsa, pins = seen
    for matching in pins:
        fragile = [(pin, why) for pin in matching if (why := why_fragile(pin, case))]
        if len(fragile) == len(matching):
            listed = "; ".join(f"{pin.record} ({why})" for pin, why in fragile)
            return Fail(
                message=f"every TLSA record at {tlsa.name} that matches what {case.host.name}"
                f" presents breaks at an ordinary renewal: {listed}",
                remedy=f"Publish {to_publish(case, tlsa)} beside it, and keep the key at renewals"
                " (certbot: `--reuse-key`).",
            )
    return Pass(message=f"a TLSA record at {tlsa.name} outlives a renewal with the same key")


RULE: Rule[MxCase, tuple[Tlsa, Pins]] = Rule(
    id="dane-pin-fragile",
    family=Family.DANE,
    scope=Scope.MX,
    level=Level.WARNING,
    title="the TLSA records break at an ordinary renewal",
    references=("RFC 7671 5.1", "RFC 7671 5.2"),
    reads=(*OF_DANE, Item.VISIT, Item.GIVEN_CHAIN),
    after=("dane-insecure", "dane-lookup-failed", "dane-missing"),
    find=find,
    check=check,
)
