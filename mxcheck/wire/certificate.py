"""X.509 certificates (RFC 5280): the facts that rules and reports speak of."""

import hashlib
import warnings
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mxcheck.evidence.outcome import Trouble, Unseen

UNREADABLE = (
    ValueError,
    TypeError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography raises over a certificate that a server may nevertheless present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """One certificate; names as RFC 4514 strings, dates in UTC, `key` like "EC secp256r1".

    `key_bits` is the size of an RSA, EC or DSA key, 0 for other kinds; `signature` is the hash that
    the issuer signed, or the algorithm's object identifier where it has none or is not known.

    `dns_names` are the SAN's dNSNames in lower case, `common_names` the subject's CNs;
    `for_servers` is False where an extended key usage leaves out TLS servers.
    """

    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    dns_names: tuple[str, ...]
    common_names: tuple[str, ...]
    key: str
    key_bits: int
    signature: str
    sha256: str
    for_servers: bool

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer are the same (RFC 5280 3.2)."""
        return self.subject == self.issuer


def load_pem(data: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file, odd ones too; ValueError where one cannot be read."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return x509.load_pem_x509_certificates(data)
    except UNREADABLE as error:
        raise ValueError(f"it holds no PEM certificate that can be read: {error}") from error


def parse_certificate(der: bytes) -> CertificateFacts | Unseen:
    """The facts of a DER certificate, or Unseen with MALFORMED where it cannot be read."""
    try:
        # A certificate may be odd and still be what the server presents.
        with warnings.catch_warnings(action="ignore"):
            return _facts(x509.load_der_x509_certificate(der), der)
    except UNREADABLE as error:
        detail = f"the certificate cannot be read: {error}"
        return Unseen(trouble=Trouble.MALFORMED, detail=detail)


def _facts(certificate: x509.Certificate, der: bytes) -> CertificateFacts:
    common_names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return CertificateFacts(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        dns_names=_dns_names(certificate),
        common_names=tuple(str(name.value) for name in common_names),
        key=_key(certificate),
        key_bits=_key_bits(certificate),
        signature=_signature(certificate),
        sha256=hashlib.sha256(der).hexdigest(),
        for_servers=_for_servers(certificate),
    )


def _dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        san = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    return tuple(name.lower() for name in san.value.get_values_for_type(x509.DNSName))


def _for_servers(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    wanted = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    return any(oid in usage for oid in wanted)


def _key(certificate: x509.Certificate) -> str:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return "unreadable"
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
        case ec.EllipticCurvePublicKey():
            return f"EC {key.curve.name}"
        case _:
            return type(key).__name__.removesuffix("PublicKey")


def _key_bits(certificate: x509.Certificate) -> int:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return 0
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey | dsa.DSAPublicKey):
        return key.key_size
    return 0


def _signature(certificate: x509.Certificate) -> str:
    try:
        algorithm = certificate.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return certificate.signature_algorithm_oid.dotted_string
    return algorithm.name if algorithm else certificate.signature_algorithm_oid.dotted_string
