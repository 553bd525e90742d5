"""The way up from a server's certificate through others, as OpenSSL finds it (RFC 5280 6.1)."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mxcheck.wire.certificate import UNREADABLE

ExtensionT = TypeVar("ExtensionT", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """A certificate as it came, and as cryptography reads it, which is not all of it at once."""

    der: bytes
    certificate: x509.Certificate
    subject: x509.Name
    issuer: x509.Name
    not_before: datetime
    not_after: datetime


def certificate_path(
    leaf: bytes, others: Sequence[bytes], at: datetime
) -> Iterator[tuple[bytes, ...]]:
    """Every beginning of the path (DER) from a leaf upwards, the longer ones last.

    The first of the others that fits as an issuer and is valid at that moment is taken, else the
    one that is valid the longest; OpenSSL never turns back to try another.
    """
    first = _load(leaf)
    path = [first] if first else []  # what cannot be read leads nowhere
    left = [one for der in others if (one := _load(der))]
    while path:
        yield tuple(one.der for one in path)
        issuer = _issuer_of(path[-1], left, at)
        if issuer is None:
            return
        left.remove(issuer)
        path.append(issuer)


def _issuer_of(top: _Loaded, among: Sequence[_Loaded], at: datetime) -> _Loaded | None:
    if _fits(top, top):
        return None
    fitting = [one for one in among if _fits(one, top)]
    valid = [one for one in fitting if one.not_before <= at < one.not_after]
    longest = max(fitting, key=lambda one: one.not_after, default=None)
    return valid[0] if valid else longest


def is_signed_by(certificate: bytes, public_key_info: bytes) -> bool:
    """Whether a key (DER, RFC 5280 4.1.2.7) made the signature on a certificate (DER)."""
    loaded = _load(certificate)
    try:
        return loaded is not None and _verify(loaded.certificate, public_key_info)
    except (InvalidSignature, UnsupportedAlgorithm, *UNREADABLE):
        return False


def _verify(certificate: x509.Certificate, public_key_info: bytes) -> bool:
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    how, digest = certificate.signature_algorithm_parameters, certificate.signature_hash_algorithm
    match load_der_public_key(public_key_info), how:
        case rsa.RSAPublicKey() as key, padding.PKCS1v15() | padding.PSS() if digest:
            key.verify(signature, signed, how, digest)
        case ec.EllipticCurvePublicKey() as key, ec.ECDSA():
            key.verify(signature, signed, how)
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey() as key, None:
            key.verify(signature, signed)
        case _:
            return False
    return True


def _load(der: bytes) -> _Loaded | None:
    try:
        with warnings.catch_warnings():
            # A certificate may be odd and still be what the server presents.
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(der)
            return _Loaded(
                der=der,
                certificate=certificate,
                subject=certificate.subject,
                issuer=certificate.issuer,
                not_before=certificate.not_valid_before_utc,
                not_after=certificate.not_valid_after_utc,
            )
    except UNREADABLE:
        return None


def _fits(issuer: _Loaded, subject: _Loaded) -> bool:
    """Whether names and key identifiers say that one issued the other (RFC 5280 4.2.1.1)."""
    if issuer.subject != subject.issuer:
        return False
    said = _extension(subject.certificate, x509.AuthorityKeyIdentifier)
    if said is None:
        return True
    own = _extension(issuer.certificate, x509.SubjectKeyIdentifier)
    if said.key_identifier and own and own.digest != said.key_identifier:
        return False
    serial = said.authority_cert_serial_number
    return serial is None or serial == issuer.certificate.serial_number


def _extension(certificate: x509.Certificate, kind: type[ExtensionT]) -> ExtensionT | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, *UNREADABLE):
        return None
