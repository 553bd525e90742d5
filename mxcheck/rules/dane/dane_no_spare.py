"""There is no second TLSA record that allows a change of key.

## Why it matters

Caches keep a TLSA record for its TTL. Who changes the key of the server and its only record at once
is refused by senders that still have the old record. A second record, of the key that comes next or
of the authority, lets the key change at any time, also in an emergency (RFC 7671 8.1).

Off unless asked for.

## Repair

- Make the next key now (`openssl genpkey`), publish its record beside the current one, and keep it
  for the next renewal. In the next round do the same.
- Or publish a record of the authority too (2 1 1 of its root), and send the root with the chain.
- The records of one usage and selector need the same matching type: of several digests only the
  strongest counts.
"""

from mxcheck.evidence.items import OF_DANE, Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, MxCase, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.dane import Tlsa, the_secure_tlsa
from mxcheck.rules.facts.dane_near import listed
from mxcheck.rules.facts.mx_chains import chains_presented
from mxcheck.wire.tlsa import DANE_TA, TlsaRecord, matches

ENOUGH = 2


def find(case: MxCase) -> Tlsa | Unseen | Unknown | NotApplicable:
    """Return the records, unless it was not seen which of them is in use."""
    tlsa = the_secure_tlsa(case)
    if not isinstance(tlsa, Tlsa):
        return tlsa
    if len(tlsa.usable) >= ENOUGH and not chains_presented(case, tlsa.base):
        message = f"which of the TLSA records at {tlsa.name} is in use was not seen"
        return Unknown(message=message, remedy="Let the check reach the server.")
    return tlsa


def check(tlsa: Tlsa, case: MxCase) -> Pass | Fail:
    """Judge that one of at least two records is not about the key in use."""
    usable = tlsa.usable
    spare = [record for record in usable if _is_spare(record, tlsa, case)]
    if len(usable) >= ENOUGH and spare:
        return Pass(message=f"the key can change: {listed(spare)} at {tlsa.name} allows it")
    return Fail(
        message=f"no second TLSA record at {tlsa.name} allows a change of key: usable is"
        f" {listed(usable) or 'none'}",
        remedy=f"Publish the record (3 1 x) of the key that comes next at `{tlsa.line_owner}.`, two"
        " TTLs before that key is used.",
    )


def _is_spare(record: TlsaRecord, tlsa: Tlsa, case: MxCase) -> bool:
    """Return whether a record may match another key than those in use."""
    in_use = (chain[0] for chain in chains_presented(case, tlsa.base))
    return record.usage == DANE_TA or not any(matches(record, leaf) for leaf in in_use)


RULE: Rule[MxCase, Tlsa] = Rule(
    id="dane-no-spare",
    family=Family.DANE,
    scope=Scope.MX,
    level=Level.OFF,
    title="no second TLSA record allows a change of key",
    references=("RFC 7671 8.1",),
    reads=(*OF_DANE, Item.VISIT, Item.GIVEN_CHAIN),
    after=("dane-insecure", "dane-lookup-failed", "dane-missing"),
    find=find,
    check=check,
)
