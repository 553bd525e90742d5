"""The certificate is self-signed, or leads to a root that is not trusted.

## Why it matters

Senders that enforce an MTA-STS policy refuse to deliver to a server whose certificate they cannot
trace to a root that they trust. Without MTA-STS or DANE most senders deliver all the same, since
they do not authenticate anyone.

The verdict is that of OpenSSL for a TLS server (`openssl verify -purpose sslserver`), over the
Mozilla roots and those added with `--ca-file`: the same that Postfix, Exim and most other senders
reach. So the certificate must be for TLS servers: its key usage must allow digitalSignature,
keyEncipherment or keyAgreement, and an extended key usage, its own or that of an authority above
it, must contain serverAuth.

If a TLSA record authenticates the server (DANE), senders ask no other authority, and the rule
passes.

## Repair

- Have a certificate issued by a public authority, for example with certbot, and serve it with its
  intermediates.
- Or publish a TLSA record for it in a signed zone (DANE), which needs no authority.
- A private authority that your senders trust: add its root with `--ca-file`.
"""

from mxcheck.evidence.items import OF_CHAINS, OF_DANE, OF_MTA_STS, Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    Answer,
    EndpointCase,
    Fail,
    Family,
    Missing,
    Pass,
    Rule,
    Scope,
    Unknown,
)
from mxcheck.rules.facts.promise import promise_note
from mxcheck.rules.facts.sent_chain import Chains, PresentedChain, chains_of, each_chain
from mxcheck.rules.facts.under_dane import unless_dane
from mxcheck.rules.remedies.misleading import without_misleading
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.rules.remedies.untrusted import fault_of, untrusted_remedy
from mxcheck.rules.trust import Trusted, Unverified
from mxcheck.wire.tls_rpt import ResultType
from mxcheck.wire.tlsa import DANE_EE, DANE_TA


def check(chain: PresentedChain, case: EndpointCase) -> Answer | Unknown:
    """Judge that the chain leads to a trusted root, for a TLS server."""
    trust = chain.trust(case)
    if isinstance(trust, Trusted):
        return Pass(message=f"the certificate of {case.where} leads to a trusted root")
    if isinstance(trust, Unverified):
        return Unknown(message=trust.reason)
    if trust.missing_issuer:
        return Missing(message=f"the certificate of {trust.missing_issuer} is not sent")
    remedy = without_misleading(chain, trust, case) or untrusted_remedy(trust, case.host.name)
    return Fail(
        message=(
            f"the certificate of {case.where} {fault_of(trust)}: {trust.reason},"
            f" at {trust.subject}. {promise_note(chain, case, RULE.id)}"
        ),
        remedy=repair(case, remedy, RULE.settings),
        result_type=ResultType.CERTIFICATE_NOT_TRUSTED,
    )


RULE: Rule[EndpointCase, Chains] = Rule(
    id="cert-untrusted",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the certificate is self-signed or its root is not trusted",
    references=("RFC 5280 6", "RFC 8461 4.2"),
    reads=(*OF_CHAINS, *OF_DANE, Item.BASE_CHAINS),
    also_on_failure=OF_MTA_STS,
    after=("tls-version-old", "tls-handshake-failed", "cert-chain-incomplete"),
    find=chains_of,
    check=each_chain(unless_dane(check, DANE_EE, DANE_TA)),
    settings=CERTIFICATE,
)
