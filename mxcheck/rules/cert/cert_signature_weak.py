"""A certificate below the root is signed with MD5 or SHA-1.

## Why it matters

With MD5 and SHA-1 two certificates can be made that share one signature: the signature proves
nothing. No public authority has used them for years, and OpenSSL in its default settings refuses
them: senders that authenticate the server then deliver no mail.

Every certificate is examined by which senders get from the server's own to a root, but for the
root, whose own signature nobody relies on. One that is sent beside them, such as an old
cross-certificate, is a warning at most: no sender needs it.

## Repair

- Have the certificate issued anew, by an authority that signs with SHA-256 (every public one does;
  with certbot it is the default). For a private authority: `default_md = sha256` in openssl.cnf.
- An intermediate: serve the authority's present one.
"""

from mxcheck.evidence.items import OF_CHAINS
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.broken_digest import fault_of, relied_on
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

GENERAL = "Have the certificate issued anew, signed with SHA-256, and reload the MTA."


def check(chain: PresentedChain, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge the signature on each certificate below the root, then on those beside the path."""
    path = path_of(chain, case)
    if isinstance(path, Unseen):
        return Unknown(message=path.detail)
    needed = relied_on(path)
    for certificate in needed:
        if fault_of(certificate):
            message = f"{case.where} sends a certificate that is {_signed(certificate)}"
            return Fail(message=message, remedy=repair(case, GENERAL, RULE.settings))
    for certificate in beside_path(chain, case):
        if fault_of(certificate):
            return useless(case, f"is {_signed(certificate)}")
    if not needed:
        return Pass(message=f"{case.where} has a self-issued certificate")
    return Pass(message=f"{case.where} has a certificate signed with {path[0].signature}")


def _signed(certificate: CertificateFacts) -> str:
    subject = certificate.subject or "without subject"
    return f"signed with {fault_of(certificate)}: {subject}, by {certificate.issuer}"


RULE: Rule[EndpointCase, Chains] = Rule(
    id="cert-signature-weak",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="a certificate below the root is signed with MD5 or SHA-1",
    references=("RFC 9155 2", "RFC 9325 4.5"),
    reads=OF_CHAINS,
    after=("tls-version-old", "tls-handshake-failed"),
    find=chains_of,
    check=each_chain(check),
    settings={
        Software.POSTFIX: "replace the chain in `smtpd_tls_chain_files`.",
        Software.EXIM: "replace the chain in `tls_certificate`.",
        Software.OPENSMTPD: "replace the chain in `pki … cert`.",
        Software.EXCHANGE: "replace an intermediate in the machine's store of intermediate"
        " authorities, then restart the transport service.",
    },
)
