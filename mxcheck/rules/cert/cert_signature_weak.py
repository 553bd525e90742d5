"""A certificate below the root is signed with MD5 or SHA-1.

## Why it matters

For MD5 and SHA-1 two certificates with the same signature can be made: the signature proves
nothing. No public authority has used them for years, and OpenSSL in its default settings refuses
them: to senders that authenticate the server no mail is delivered.

Every certificate that the server sends is looked at, but for a root, whose own signature nobody
relies on.

## Repair

- Have the certificate issued anew, by an authority that signs with SHA-256 (every public one does;
  with certbot it is the default). For a private authority: `default_md = sha256` in openssl.cnf.
- Where an intermediate is the one: serve the authority's present one. Postfix:
  `smtpd_tls_chain_files`. Exim: `tls_certificate`. OpenSMTPD: `pki … cert`. Exchange: the machine's
  store of intermediate authorities, then restart the transport service.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.sent_chain import the_certificates_below_a_root
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.certificate import CertificateFacts
from mxcheck.wire.software import Software

WEAK = {
    "md5": "MD5",
    "sha1": "SHA-1",
    # What cryptography has no name for, by its object identifier (RFC 8017 A.2.4, RFC 3279 2.2.1).
    "1.2.840.113549.1.1.2": "MD2",
    "1.2.840.113549.1.1.3": "MD4",
}
GENERAL = "Have the certificate issued anew, signed with SHA-256, and reload the MTA."
SETTINGS = {
    Software.POSTFIX: "replace the chain in smtpd_tls_chain_files.",
    Software.EXIM: "replace the chain in tls_certificate.",
    Software.OPENSMTPD: "replace the chain in `pki … cert`.",
    Software.EXCHANGE: "look at the machine's store of intermediate authorities too.",
}


def check(certificates: tuple[CertificateFacts, ...], case: EndpointCase) -> Pass | Fail:
    """Judge the signature on each certificate, the server's own first."""
    for certificate in certificates:
        weak = WEAK.get(certificate.signature)
        if weak and not certificate.self_issued:
            return Fail(
                message=f"{case.where} sends a certificate that is signed with {weak}:"
                f" {certificate.subject or 'without subject'}, by {certificate.issuer}",
                remedy=repair(case, GENERAL, SETTINGS),
            )
    if certificates[0].self_issued:
        return Pass(message=f"{case.where} has a certificate that vouches for itself")
    return Pass(message=f"{case.where} has a certificate signed with {certificates[0].signature}")


RULE = Rule(
    id="cert-signature-weak",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="a certificate below the root is signed with MD5 or SHA-1",
    references=("RFC 9155 2", "RFC 9325 4.5"),
    reads=(Item.VISIT, Item.GIVEN_CHAIN),
    after=("tls-version-old", "tls-handshake-failed"),
    find=the_certificates_below_a_root,
    check=check,
)
