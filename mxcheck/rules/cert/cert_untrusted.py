"""The certificate is self-signed, or leads to a root that is not trusted.

## Why it matters

Senders that hold to MTA-STS in enforce mode refuse to deliver to a server whose certificate they
cannot trace to a root that they trust. Without MTA-STS or DANE most senders deliver all the same,
since they do not authenticate anyone.

The verdict is OpenSSL's own, over the Mozilla roots and those added with `--ca-file`: the same that
Postfix, Exim and most other senders come to.

Where a TLSA record authenticates the server (DANE), no other authority is asked, and the rule
passes.

## Repair

- Have a certificate issued by a public authority, for example with certbot, and serve it with its
  intermediates (Postfix: `smtpd_tls_chain_files`; Exim: `tls_certificate`; OpenSMTPD: `pki`;
  Exchange: `Enable-ExchangeCertificate -Services SMTP`).
- Or publish a TLSA record for it in a signed zone (DANE), which needs no authority.
- A private authority that your senders trust: add its root with `--ca-file`.
"""

from mxcheck.evidence.items import OF_DANE, OF_MTA_STS, Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.promise import promise_note
from mxcheck.rules.facts.sent_chain import SentChain, the_sent_chain
from mxcheck.rules.facts.under_dane import unless_dane
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.rules.trust import Trusted
from mxcheck.wire.tls_rpt import ResultType
from mxcheck.wire.tlsa import DANE_EE, DANE_TA

REMEDY = (
    "Serve a certificate of a public authority (for example with certbot) with its intermediates;"
    " for a private authority give its root with --ca-file."
)


def check(chain: SentChain, case: EndpointCase) -> Pass | Fail | NotApplicable:
    """Judge that the chain leads to a trusted root, for a TLS server."""
    if chain.is_incomplete:
        message = "the intermediate certificate is not sent"
        return Missing(message=message)
    if not isinstance(chain.trust, Trusted):
        self_signed = chain.length == 1 and chain.leaf.self_issued
        kind = "is self-signed" if self_signed else "does not lead to a trusted root"
        subject = chain.trust.subject or "a certificate without subject"
        return _fail(case, f"{kind}: {chain.trust.reason}, at {subject}")
    if not chain.leaf.for_servers:
        return _fail(case, "is not meant for TLS servers (its extended key usage lacks serverAuth)")
    return Pass(message=f"the certificate of {case.where} leads to a trusted root")


def _fail(case: EndpointCase, fault: str) -> Fail:
    return Fail(
        message=f"the certificate of {case.where} {fault}. {promise_note(case, RULE.id)}",
        remedy=repair(case, REMEDY, CERTIFICATE),
        result_type=ResultType.CERTIFICATE_NOT_TRUSTED,
    )


RULE: Rule[EndpointCase, SentChain] = Rule(
    id="cert-untrusted",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the certificate is self-signed or its root is not trusted",
    references=("RFC 5280 6", "RFC 8461 4.2"),
    reads=(Item.VISIT, Item.GIVEN_CHAIN, *OF_DANE),
    also_on_failure=OF_MTA_STS,
    after=("tls-version-old", "tls-handshake-failed", "cert-chain-incomplete"),
    find=the_sent_chain,
    check=unless_dane(check, DANE_EE, DANE_TA),
)
