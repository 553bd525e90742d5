"""A key in the certificate chain is too short.

## Why it matters

RSA keys under 2048 bits and curves under 224 bits can be broken, or soon can; with the key comes
the server's identity. No public authority certifies them any more, and OpenSSL in its default
settings refuses them: to senders that authenticate the server no mail is delivered.

Every certificate that is sent is looked at, but for a root.

## Repair

Make a new key, RSA 2048 or EC P-256, have it certified, and load both:

- certbot: `certbot certonly --key-type ecdsa -d mx1.example.com`.
- Postfix: `smtpd_tls_chain_files = /etc/postfix/tls/key-and-chain.pem`.
- Exim: `tls_privatekey`, `tls_certificate`.
- OpenSMTPD: `pki mx1.example.com cert …`, `pki mx1.example.com key …`.
- Exchange: `New-ExchangeCertificate -KeySize 2048`, `Enable-ExchangeCertificate -Services SMTP`.
- DANE: publish the TLSA record of the new key first.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.sent_chain import the_certificates_below_a_root
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.certificate import CertificateFacts
from mxcheck.wire.software import Software

MINIMUM = {"RSA": 2048, "EC": 224}
OF_ONE_SIZE = frozenset({"Ed25519", "Ed448", "MLDSA44", "MLDSA65", "MLDSA87"})
GENERAL = "Have a certificate issued for a new key, RSA 2048 or EC P-256, and reload the MTA."
SETTINGS = {
    Software.POSTFIX: "put the new key and its chain into smtpd_tls_chain_files.",
    Software.EXIM: "put the new key into tls_privatekey and its chain into tls_certificate.",
    Software.OPENSMTPD: "put the new key into `pki … key` and its chain into `pki … cert`.",
    Software.EXCHANGE: "use New-ExchangeCertificate -GenerateRequest -KeySize 2048.",
}


def the_keys(case: EndpointCase) -> tuple[CertificateFacts, ...] | Unseen | NotApplicable:
    """The certificates, where one has a weak key or every key can be judged."""
    certificates = the_certificates_below_a_root(case)
    if isinstance(certificates, Unseen | NotApplicable) or any(map(fault_of, certificates)):
        return certificates
    for certificate in certificates:
        if _kind(certificate) not in OF_ONE_SIZE | MINIMUM.keys():
            detail = f"{case.where} has a key of a kind that cannot be judged: {certificate.key}"
            return Unseen(trouble=Trouble.MALFORMED, detail=detail)
    return certificates


def check(certificates: tuple[CertificateFacts, ...], case: EndpointCase) -> Pass | Fail:
    """Judge the key of each certificate, the server's own first."""
    for certificate in certificates:
        fault = fault_of(certificate)
        if fault:
            return Fail(
                message=f"{case.where} sends a certificate with a weak key: {fault}"
                f" ({certificate.subject or 'without subject'})",
                remedy=repair(case, GENERAL, SETTINGS),
            )
    return Pass(message=f"{case.where} has the key {certificates[0].key}")


def fault_of(certificate: CertificateFacts) -> str:
    """What is wrong with the key (RFC 9325 4.5), or ""."""
    kind = _kind(certificate)
    if kind == "DSA":
        return "DSA, which TLS 1.3 and most senders do not know"
    wanted = MINIMUM.get(kind, 0)
    return f"{certificate.key}, {wanted} bits are wanted" if certificate.key_bits < wanted else ""


def _kind(certificate: CertificateFacts) -> str:
    return certificate.key.partition(" ")[0]


RULE = Rule(
    id="cert-key-weak",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="a key in the certificate chain is too short",
    references=("RFC 9325 4.5",),
    reads=(Item.VISIT, Item.GIVEN_CHAIN),
    after=("tls-version-old", "tls-handshake-failed"),
    find=the_keys,
    check=check,
)
