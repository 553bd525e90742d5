"""Only the server's own certificate was sent, without the intermediate that leads to a root.

## Why it matters

Browsers fetch a missing intermediate by themselves, mail servers do not: to them the certificate is
untrusted. Senders that hold to MTA-STS in enforce mode, or to DANE with a trust anchor, refuse to
deliver.

Where a TLSA record authenticates the server (DANE), no other authority is asked, and the rule
passes.

## Repair

Serve the full chain, leaf first, then the intermediates, without the root:

- certbot: `fullchain.pem`, not `cert.pem`. Postfix: `smtpd_tls_chain_files = privkey.pem,
  fullchain.pem`. Exim: `tls_certificate = fullchain.pem`. OpenSMTPD: `pki … cert fullchain.pem`.
- Exchange: import the intermediate into the machine's intermediate store, and restart the transport
  service.
- A private authority: add its root with `--ca-file`, if your senders trust it.
"""

from mxcheck.evidence.items import OF_DANE, OF_MTA_STS, Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.promise import promise_note
from mxcheck.rules.facts.sent_chain import SentChain, the_sent_chain
from mxcheck.rules.facts.under_dane import unless_dane
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.tls_rpt import ResultType
from mxcheck.wire.tlsa import DANE_EE, DANE_TA

REMEDY = (
    "Serve the full chain (certbot's fullchain.pem) and reload the MTA; for a private authority"
    " give its root with --ca-file."
)


def check(chain: SentChain, case: EndpointCase) -> Pass | Fail:
    """Judge that the chain holds what leads to a root."""
    if not chain.is_incomplete:
        return Pass(message=f"{case.where} sends {chain.length} certificates")
    return Fail(
        message=(
            f"{case.where} sends only its own certificate; that of the issuer"
            f" ({chain.leaf.issuer}) is neither sent nor a root of the store."
            f" {promise_note(case, RULE.id)}"
        ),
        remedy=repair(case, REMEDY, CERTIFICATE),
        result_type=ResultType.CERTIFICATE_NOT_TRUSTED,
    )


RULE: Rule[EndpointCase, SentChain] = Rule(
    id="cert-chain-incomplete",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the intermediate certificate is not sent",
    references=("RFC 8446 4.4.2",),
    reads=(Item.VISIT, Item.GIVEN_CHAIN, *OF_DANE),
    also_on_failure=OF_MTA_STS,
    after=("tls-version-old", "tls-handshake-failed"),
    find=the_sent_chain,
    check=unless_dane(check, DANE_EE, DANE_TA),
)
