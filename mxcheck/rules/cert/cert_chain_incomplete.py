"""A certificate is missing between the server's own and a root.

## Why it matters

Browsers fetch a missing intermediate by themselves, mail servers do not: to them the certificate is
untrusted. Senders that enforce an MTA-STS policy, or use DANE with a trust anchor, refuse to
deliver.

The chain may break off anywhere: after the server's own certificate, or after one intermediate if
the authority has two. The rule names the issuer whose certificate is neither sent nor in the trust
store. A chain that ends in a root outside the store is `cert-untrusted`.

If a TLSA record authenticates the server (DANE), senders ask no other authority, and the rule
passes.

## Repair

Serve the full chain, leaf first, then the intermediates, without the root.

- certbot: `fullchain.pem`, not `cert.pem`.
- A private authority: add its root with `--ca-file`, if your senders trust it.
"""

from mxcheck.evidence.items import OF_CHAINS, OF_DANE, OF_MTA_STS, Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.promise import promise_note
from mxcheck.rules.facts.sent_chain import Chains, PresentedChain, chains_of, each_chain
from mxcheck.rules.facts.under_dane import unless_dane
from mxcheck.rules.remedies.incomplete import broken_off
from mxcheck.rules.remedies.misleading import without_misleading
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.rules.trust import Untrusted, Unverified
from mxcheck.wire.software import Software
from mxcheck.wire.tls_rpt import ResultType
from mxcheck.wire.tlsa import DANE_EE, DANE_TA

REMEDY = (
    "Serve the full chain (certbot's fullchain.pem) and reload the MTA; for a private authority"
    " give its root with --ca-file."
)


def check(chain: PresentedChain, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge that the issuer of every certificate on the path is sent or in the store."""
    trust = chain.trust(case)
    if isinstance(trust, Unverified):
        return Unknown(message=trust.reason)
    if not isinstance(trust, Untrusted) or not trust.missing_issuer:
        return Pass(message=f"no certificate is missing from the chain of {case.where}")
    remedy = without_misleading(chain, trust, case) or REMEDY
    return Fail(
        message=(f"{case.where} {broken_off(chain, trust)}. {promise_note(chain, case, RULE.id)}"),
        remedy=repair(case, remedy, RULE.settings),
        result_type=ResultType.CERTIFICATE_NOT_TRUSTED,
    )


RULE: Rule[EndpointCase, Chains] = Rule(
    id="cert-chain-incomplete",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the intermediate certificate is not sent",
    references=("RFC 8446 4.4.2",),
    reads=(*OF_CHAINS, *OF_DANE, Item.BASE_CHAINS),
    also_on_failure=OF_MTA_STS,
    after=("tls-version-old", "tls-handshake-failed"),
    find=chains_of,
    check=each_chain(unless_dane(check, DANE_EE, DANE_TA)),
    settings=CERTIFICATE
    | {
        Software.EXCHANGE: "import the intermediate into the machine's store of intermediate"
        " authorities, then restart the transport service.",
    },
)
