"""X.509 certificates (RFC 5280): the facts that rules and reports speak of, read one by one.

A server may present a certificate that is odd in one place. What can be read of it is read: the
structure must be that of RFC 5280 4.1, and every field in it is a fact or Unseen by itself.
"""

import hashlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.wire import certificate_extensions as ext
from mxcheck.wire.certificate_extensions import Extensions, parse_extensions
from mxcheck.wire.certificate_fields import CertificateFields, parse_fields
from mxcheck.wire.der import Element, read_sequence
from mxcheck.wire.distinguished_name import Comparable, DistinguishedName, parse_name
from mxcheck.wire.public_key import NO_KEY, load_public_key
from mxcheck.wire.signature_algorithm import SignatureAlgorithm, parse_signature_algorithm

UNREADABLE = (
    ValueError,
    TypeError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography raises over a certificate that a server may nevertheless present."""

_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_YEARS = {_UTC_TIME: 2, _GENERALIZED_TIME: 4}  # digits of the year
_AFTER_YEAR = len("MMDDHHMMSSZ")
_CENTURY = 50  # a UTCTime from 50 on is of the twentieth century (RFC 5280 4.1.2.5.1)

FactT = TypeVar("FactT")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUsages:
    """What a certificate allows its key to do; None says that the extension is absent.

    `extended` contains object identifiers, `key` and `netscape` the first eight bits of theirs.
    """

    extended: tuple[str, ...] | None = None
    key: int | None = None
    netscape: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """One certificate; names as RFC 4514 strings, dates in UTC, `key` like "EC secp256r1".

    `key_bits` is the size of an RSA, EC or DSA key, 0 for other kinds; `signature` is the hash that
    the issuer signed, or the algorithm's object identifier if it has none or is not known, and
    `signature_key` the kind of the issuer's key, like "RSA", "" if that is not known.

    `dns_names` are the SAN's dNSNames in lower case, `common_names` the subject's CNs;
    `subject_name` and `issuer_name` are what is compared of the names, and with `serial`, `key_id`
    and `authority_key` say which certificate issued another one (RFC 5280 4.2.1.1).
    """

    subject: str
    issuer: str
    issuer_organizations: tuple[str, ...]
    not_before: datetime | Unseen
    not_after: datetime | Unseen
    dns_names: tuple[str, ...] | Unseen
    common_names: tuple[str, ...]
    key: str
    key_bits: int
    signature: str
    signature_key: str
    sha256: str
    is_authority: bool | Unseen | None
    usages: KeyUsages | Unseen
    subject_name: Comparable
    issuer_name: Comparable
    serial: bytes
    key_id: bytes | Unseen | None
    authority_key: ext.AuthorityKey | Unseen | None

    @property
    def self_issued(self) -> bool:
        """Return whether subject and issuer are the same (RFC 5280 3.2)."""
        return self.subject_name == self.issuer_name

    @property
    def unread(self) -> Unseen | None:
        """Return why a date or the names cannot be read, None if they can."""
        facts = (self.not_before, self.not_after, self.dns_names)
        return next((fact for fact in facts if isinstance(fact, Unseen)), None)


def load_pem(data: bytes) -> list[x509.Certificate]:
    """Return the certificates of a PEM file, odd ones too; ValueError if one cannot be read."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return x509.load_pem_x509_certificates(data)
    except UNREADABLE as error:
        raise ValueError(f"it contains no PEM certificate that can be read: {error}") from error


@lru_cache(maxsize=2048)
def parse_certificate(der: bytes) -> CertificateFacts | Unseen:
    """Parse a certificate (DER); Unseen with MALFORMED if it is not built like one."""
    try:
        return _facts(parse_fields(der), hashlib.sha256(der).hexdigest())
    except ValueError as error:
        return _unseen(f"the certificate cannot be read: {error}")


def _facts(fields: CertificateFields, sha256: str) -> CertificateFacts:
    subject, issuer = _name(fields.subject), _name(fields.issuer)
    key, key_bits = _key(fields.key_info.whole)
    signature = _signature(fields.algorithm)
    certified = _readable("the extensions", lambda: _extensions(fields))
    return CertificateFacts(
        subject=subject.text,
        issuer=issuer.text,
        issuer_organizations=issuer.organizations,
        not_before=_readable("notBefore", lambda: _moment(fields, 0)),
        not_after=_readable("notAfter", lambda: _moment(fields, 1)),
        dns_names=_read(certified, "the SAN", ext.dns_names),
        common_names=subject.common_names,
        key=key,
        key_bits=key_bits,
        signature=signature.hash_name,
        signature_key=signature.key,
        sha256=sha256,
        is_authority=_read(certified, "the basic constraints", ext.is_authority),
        usages=_read(certified, "the key usages", _usages),
        subject_name=subject.comparable,
        issuer_name=issuer.comparable,
        serial=fields.serial,
        key_id=_read(certified, "the subject key identifier", ext.key_id),
        authority_key=_read(certified, "the authority key identifier", ext.authority_key),
    )


def _readable(what: str, read: Callable[[], FactT]) -> FactT | Unseen:
    """Return what can be read, or Unseen with MALFORMED."""
    try:
        return read()
    except ValueError as error:
        return _unseen(f"{what} of the certificate cannot be read: {error}")


def _read(
    extensions: Extensions | Unseen, what: str, read: Callable[[Extensions], FactT]
) -> FactT | Unseen:
    if isinstance(extensions, Unseen):
        return extensions
    return _readable(what, lambda: read(extensions))


def _unseen(detail: str) -> Unseen:
    return Unseen(trouble=Trouble.MALFORMED, detail=detail)


def _name(element: Element) -> DistinguishedName:
    try:
        return parse_name(element)
    except ValueError:
        raw = ((element.whole.hex(),),)
        text = "a name that cannot be read"
        return DistinguishedName(text=text, common_names=(), organizations=(), comparable=raw)


def _moment(fields: CertificateFields, number: int) -> datetime:
    """Parse notBefore (0) or notAfter (1), in one of the two forms of RFC 5280 4.1.2.5."""
    dates = tuple(read_sequence(fields.validity.whole))
    if len(dates) <= number or dates[number].tag not in _YEARS:
        raise ValueError("it is not a date")
    text, digits = dates[number].content, _YEARS[dates[number].tag]
    if len(text) != digits + _AFTER_YEAR or not text.endswith(b"Z") or not text[:-1].isdigit():
        raise ValueError(f"{text.decode('ascii', errors='backslashreplace')} is not a date")
    year, rest = int(text[:digits]), text[digits:-1]
    if digits == _YEARS[_UTC_TIME]:
        year += 1900 if year >= _CENTURY else 2000
    month, day, hour, minute, second = (int(rest[n : n + 2]) for n in range(0, len(rest), 2))
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _extensions(fields: CertificateFields) -> Extensions:
    return parse_extensions(fields.extensions) if fields.extensions else ()


def _usages(extensions: Extensions) -> KeyUsages:
    return KeyUsages(
        extended=ext.extended_key_usages(extensions),
        key=ext.key_usage(extensions),
        netscape=ext.netscape_cert_type(extensions),
    )


def _key(key_info: bytes) -> tuple[str, int]:
    """Return what kind of key it is, with its size or curve, and its bits."""
    try:
        key = load_public_key(key_info)
    except NO_KEY:
        return "unreadable", 0
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}", key.key_size
        case ec.EllipticCurvePublicKey():
            return f"EC {key.curve.name}", key.key_size
        case dsa.DSAPublicKey():
            return "DSA", key.key_size
        case _:
            return type(key).__name__.removesuffix("PublicKey"), 0


def _signature(algorithm: Element) -> SignatureAlgorithm:
    try:
        return parse_signature_algorithm(algorithm)
    except ValueError:
        return SignatureAlgorithm(hash_name="unreadable", key="")
