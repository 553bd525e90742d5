"""Facts of thousands of certificates, odd ones among them, beside what others read of them."""

import warnings
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.certificate import UNREADABLE, CertificateFacts, parse_certificate
from tests import openssl
from tests.vectors.tally import Record, Tally, folder_of


def certificates(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file in a suite that OpenSSL reads as a certificate, in DER."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            for number, der in enumerate(_ders(content)):
                if openssl.can_read(der):
                    yield f"{path.relative_to(folder)} {number}", der


def _ders(content: bytes) -> Iterator[bytes]:
    if b"-----BEGIN CERTIFICATE-----" not in content:
        yield content
        return
    with warnings.catch_warnings(action="ignore"):
        try:
            for one in x509.load_pem_x509_certificates(content):
                yield one.public_bytes(Encoding.DER)
        except (ValueError, x509.InvalidVersion):
            return


def test_what_openssl_reads_has_facts(record_property: Record) -> None:
    tally, dates = Tally(), Tally()
    for name, der in certificates(folder_of("cryptography")):
        facts = parse_certificate(der)
        tally.compare(name, isinstance(facts, CertificateFacts), theirs=True)
        if isinstance(facts, CertificateFacts):
            ours = facts.not_before, facts.not_after
            dates.compare(name, ours, openssl.dates_of(der))
    tally.check(record_property, "cryptography's certificates, facts")
    dates.check(record_property, "cryptography's certificates, dates")


def test_what_cryptography_reads_is_the_same(record_property: Record) -> None:
    tally = Tally()
    for name, der in certificates(folder_of("cryptography")):
        facts = parse_certificate(der)
        assert isinstance(facts, CertificateFacts)
        try:
            with warnings.catch_warnings(action="ignore"):
                theirs = _read(x509.load_der_x509_certificate(der))
        except UNREADABLE:
            tally.not_run += 1
            continue
        names = () if isinstance(facts.dns_names, Unseen) else facts.dns_names
        ours = (facts.subject, facts.issuer, names, facts.is_authority)
        tally.compare(name, ours, theirs)
    tally.check(record_property, "cryptography's certificates, names")


def _read(certificate: x509.Certificate) -> tuple[str, str, tuple[str, ...], bool | None]:
    found = certificate.extensions
    try:
        san = found.get_extension_for_class(x509.SubjectAlternativeName).value
        names = tuple(name.lower() for name in san.get_values_for_type(x509.DNSName))
    except x509.ExtensionNotFound:
        names = ()
    try:
        authority = found.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        authority = None
    subject, issuer = certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string()
    return subject, issuer, names, authority
