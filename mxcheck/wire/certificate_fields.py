"""A certificate taken apart into its fields (RFC 5280 4.1), byte for byte."""

from dataclasses import dataclass
from itertools import islice

from mxcheck.wire.der import BIT_STRING, INTEGER, SEQUENCE, Element, read_element, read_sequence

_VERSION, _EXTENSIONS = 0xA0, 0xA3
_TAGS = (INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE)
"""serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFields:
    """The fields of a certificate; `signed` is what the signature covers."""

    serial: bytes
    issuer: Element
    validity: Element
    subject: Element
    key_info: Element
    extensions: Element | None
    signed: bytes
    algorithm: Element
    signature: bytes


def parse_fields(certificate: bytes) -> CertificateFields:
    """Take a certificate (DER) apart; ValueError if its structure is not that of RFC 5280 4.1."""
    signed, algorithm, signature, *more = read_sequence(certificate)
    whole = read_element(certificate, SEQUENCE).whole
    if more or whole != certificate or algorithm.tag != SEQUENCE or signature.tag != BIT_STRING:
        raise ValueError("the certificate has not the three parts that it must have")
    serial, _, issuer, validity, subject, key_info, *rest = _to_be_signed(signed)
    return CertificateFields(
        serial=serial.content,
        issuer=issuer,
        validity=validity,
        subject=subject,
        key_info=key_info,
        extensions=next((one for one in rest if one.tag == _EXTENSIONS), None),
        signed=signed.whole,
        algorithm=algorithm,
        signature=signature.content[1:],  # the first byte counts unused bits
    )


def subject_public_key_info(certificate: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo of a DER certificate byte for byte (RFC 5280 4.1.2.7).

    A key that is parsed and encoded again may differ, and so would its digest. ValueError if there
    is none.
    """
    first = next(read_sequence(certificate), None)
    if first is None:
        raise ValueError("the certificate is empty")
    return _to_be_signed(first)[len(_TAGS) - 1].whole


def _to_be_signed(signed: Element) -> list[Element]:
    """Return the fields from the serial number on: those of _TAGS, and what follows them."""
    if signed.tag != SEQUENCE:
        raise ValueError("the certificate has nothing that is signed")
    fields = read_sequence(signed.whole)
    first = next(fields, None)
    found = [first] if first and first.tag != _VERSION else []  # version 1 leaves it out
    found += islice(fields, len(_TAGS) - len(found))
    if [one.tag for one in found] != list(_TAGS):
        raise ValueError("the certificate lacks a field that it must have")
    return [*found, *fields]
