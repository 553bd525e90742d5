"""The server does not present what its TLSA records promise.

## Why it matters

Senders that use DANE (Postfix, Exim, Exchange Online and more) do not deliver to a server that no
TLSA record authenticates, nor in clear to one without STARTTLS: mail waits in their queues and
comes back after days. MTA-STS does not excuse it. The usual cause is a certificate renewed with a
new key, while DNS still holds the record of the old one.

A record of usage 3 must match the server's own certificate or key; names and dates do not count. A
record of usage 2 must match an authority whose certificate the server sends along, and then names
and dates count.

## Repair

Publish the record of the key in use, or go back to the key of the record:

- certbot: `--reuse-key` keeps the key when it renews. `postfix tls output-server-tlsa` prints the
  record where Postfix runs.
- Before a change of key: publish the record of the new key beside the old one, wait two TTLs,
  change the key, and only then remove the old record.
- Usage 2: send the authority's certificate too, root included (`fullchain.pem` lacks it); or use 3.
- Several addresses: see that every server behind the name has the same key, or a record each.
- A server without STARTTLS: let it offer TLS, with the key of the record.
"""

from functools import partial

from mxcheck.evidence.items import OF_CHAINS, OF_DANE, Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import Answer, EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.dane import Tlsa
from mxcheck.rules.facts.dane_match import Matched, Presented, WithoutTls, match_of, the_presented
from mxcheck.rules.facts.sent_chain import PresentedChain, each_chain
from mxcheck.rules.remedies.dane import mismatch_remedy, mismatch_seen
from mxcheck.rules.remedies.mta_settings import STARTTLS
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.tls_rpt import ResultType

REMEDY = "Offer STARTTLS, or remove the TLSA records until the server does."


def check(seen: Presented | WithoutTls, case: EndpointCase) -> Answer | Unknown:
    """Judge that a record authenticates the server, whichever certificate it presents."""
    if isinstance(seen, WithoutTls):
        return Fail(
            message=f"the TLSA records at {seen.tlsa.name} promise TLS, but at {case.where}"
            f" {seen.why}: senders that use DANE do not deliver",
            remedy=repair(case, REMEDY, RULE.settings),
            result_type=ResultType.STARTTLS_NOT_SUPPORTED,
        )
    return each_chain(partial(_check_chain, seen.tlsa))(seen.chains, case)


def _check_chain(tlsa: Tlsa, chain: PresentedChain, case: EndpointCase) -> Pass | Fail | Unknown:
    match = match_of(case, tlsa, chain.certificates)
    if isinstance(match, Matched):
        presents = "will present" if case.host.chain else "presents"
        return Pass(message=f"{case.where} {presents} what the TLSA record {match.record} promises")
    # A record of usage 3 may match what cannot be read; without a match there is no advice to give.
    if isinstance(chain.leaf, Unseen):
        return Unknown(message=chain.leaf.detail)
    return Fail(
        message=mismatch_seen(case, tlsa, chain, match),
        remedy=mismatch_remedy(case, tlsa, chain, match),
        result_type=match.result_type,
    )


RULE: Rule[EndpointCase, Presented | WithoutTls] = Rule(
    id="dane-mismatch",
    family=Family.DANE,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the server does not match its TLSA records",
    references=("RFC 7672 2.2", "RFC 7672 3.1", "RFC 7672 3.2"),
    reads=(*OF_DANE, *OF_CHAINS, Item.BASE_CHAINS, Item.EGRESS),
    after=("dane-unusable", "tls-version-old", "tls-handshake-failed"),
    find=the_presented,
    check=check,
    settings=STARTTLS,
)
