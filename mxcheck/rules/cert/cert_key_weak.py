"""A key in the certificate chain is too short.

## Why it matters

RSA keys under 2048 bits and curves under 224 bits can be broken, or soon can; with the key comes
the server's identity. No public authority certifies them any more, and OpenSSL in the settings of
many systems refuses them: senders that authenticate the server then deliver no mail.

Every certificate is examined by which senders get from the server's own to a root. One that is sent
beside them is a warning at most, since no sender needs it.

## Repair

Make a new key, RSA 2048 or EC P-256, have it certified, and load both.

- certbot: `certbot certonly --key-type ecdsa -d mx1.example.com`.
- DANE: publish the TLSA record of the new key first.
"""

from mxcheck.evidence.items import OF_CHAINS
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.key_size import fault_of, is_known
from mxcheck.rules.facts.sent_chain import (
    Chains,
    PresentedChain,
    beside_path,
    chains_of,
    each_chain,
    path_of,
)
from mxcheck.rules.remedies.repair import repair
from mxcheck.rules.remedies.useless import useless
from mxcheck.wire.certificate import CertificateFacts
from mxcheck.wire.software import Software

GENERAL = "Have a certificate issued for a new key, RSA 2048 or EC P-256, and reload the MTA."


def check(chain: PresentedChain, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge the key of each certificate on the path, then of those beside it."""
    path = path_of(chain, case)
    if isinstance(path, Unseen):
        return Unknown(message=path.detail)
    for certificate in path:
        if fault_of(certificate):
            message = f"{case.where} sends a certificate with a weak key: {_fault(certificate)}"
            return Fail(message=message, remedy=repair(case, GENERAL, RULE.settings))
    for certificate in path:
        if not is_known(certificate):
            message = f"{case.where} has a key of a kind that cannot be judged: {certificate.key}"
            return Unknown(message=message)
    for certificate in beside_path(chain, case):
        if fault_of(certificate):
            return useless(case, f"has a weak key: {_fault(certificate)}")
    return Pass(message=f"{case.where} has the key {path[0].key}")


def _fault(certificate: CertificateFacts) -> str:
    return f"{fault_of(certificate)} ({certificate.subject or 'without subject'})"


RULE: Rule[EndpointCase, Chains] = Rule(
    id="cert-key-weak",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="a key in the certificate chain is too short",
    references=("RFC 9325 4.5",),
    reads=OF_CHAINS,
    after=("tls-version-old", "tls-handshake-failed"),
    find=chains_of,
    check=each_chain(check),
    settings={
        Software.POSTFIX: "put the new key and its chain into `smtpd_tls_chain_files`.",
        Software.EXIM: "put the new key into `tls_privatekey` and its chain into"
        " `tls_certificate`.",
        Software.OPENSMTPD: "put the new key into `pki … key` and its chain into `pki … cert`.",
        Software.EXCHANGE: "run `New-ExchangeCertificate -GenerateRequest -KeySize 2048`, then"
        " `Enable-ExchangeCertificate -Services SMTP`.",
    },
)
