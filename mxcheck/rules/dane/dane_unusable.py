"""There are TLSA records, but none that senders can use.

## Why it matters

Senders use the usages 2 (a trust anchor) and 3 (the server's own certificate or key), the selectors
0 and 1, and whole values or digests of the right length. What they cannot use they leave aside.
Where that is all there is, they insist on TLS, and authenticate nobody: the record promises what
it does not give, and senders that require DANE do not deliver at all.

Usages 0 and 1, which were made for the web, are the usual case, and digests that were cut short.

A name that is an alias (CNAME) of one that does not exist is a warning: to senders there is no
record, and whoever takes over that name decides which certificates they accept.

## Repair

Publish records of usage 3, selector 1, matching type 1, whatever the mail server is:

- `openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum` gives
  the digest (Postfix: `postfix tls output-server-tlsa`).
- `_25._tcp.mx1.example.com. IN TLSA 3 1 1 <digest>`, at the DNS provider, for each MX host.
- Then remove those that nobody can use.
"""

from mxcheck.evidence.dns import Answer, TlsaLookup
from mxcheck.evidence.items import OF_DANE, Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, MxCase, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.alias import dangling_note, dangling_target
from mxcheck.rules.facts.dane import Tlsa, the_secure_tlsa
from mxcheck.rules.remedies.dane import to_publish
from mxcheck.wire.tls_rpt import ResultType
from mxcheck.wire.tlsa import why_unusable


def find(case: MxCase) -> Tlsa | TlsaLookup | Unseen | Unknown | NotApplicable:
    """Find the records that senders use, or the lookup of an alias that leads to nothing."""
    seen, lookups = the_secure_tlsa(case), case.host.tlsa
    if not isinstance(seen, NotApplicable) or any(isinstance(o.lookup, Answer) for o in lookups):
        return seen
    return next((one for one in lookups if dangling_target(one.lookup)), seen)


def check(tlsa: Tlsa | TlsaLookup, case: MxCase) -> Pass | Fail:
    """Judge that a record is left to which senders hold the server."""
    if isinstance(tlsa, TlsaLookup):
        target = dangling_target(tlsa.lookup)
        danger = "decides which certificates senders accept"
        return Fail(
            message=dangling_note(tlsa.name, target, case.domain.name, danger),
            remedy=f"Let the CNAME record of `{tlsa.name}` lead to TLSA records, or remove it.",
            at_most=Level.WARNING,
        )
    unusable = [f"{one} ({why})" for one in tlsa.published if (why := why_unusable(one))]
    listed = "; ".join(unusable)
    if tlsa.usable:
        aside = f"; senders leave aside: {listed}" if unusable else ""
        return Pass(message=f"senders can use TLSA records at {tlsa.name}{aside}")
    return Fail(
        message=f"senders can use no TLSA record at {tlsa.name}: {listed}",
        remedy=f"Publish {to_publish(case, tlsa)} in their place.",
        result_type=ResultType.TLSA_INVALID,
    )


RULE: Rule[MxCase, Tlsa | TlsaLookup] = Rule(
    id="dane-unusable",
    family=Family.DANE,
    scope=Scope.MX,
    level=Level.ERROR,
    title="no TLSA record can be used",
    references=("RFC 7672 3.1.3", "RFC 7671 5", "RFC 6698 4.1"),
    reads=OF_DANE,
    also_on_failure=(Item.GIVEN_CHAIN,),
    if_gathered=(Item.VISIT,),
    after=("dane-insecure", "dane-lookup-failed", "dane-missing"),
    find=find,
    check=check,
)
