"""Certificates made anew from another: the same name and key, but otherwise signed or worded."""

from collections.abc import Collection
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from mxcheck.demo.certificates import Authority


def reissue(
    certificate: x509.Certificate,
    by: Authority,
    *words: x509.ExtensionType,
    without: Collection[type[x509.ExtensionType]] = (),
    age: timedelta = timedelta(),
) -> x509.Certificate:
    """Sign the name and key of a certificate again, `age` ago, with words in place of its own."""
    above = by.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above.value)
    kept = [
        (one.value, one.critical)
        for one in certificate.extensions
        if not isinstance(one.value, x509.AuthorityKeyIdentifier)
    ]
    left_out = {*map(type, words), *without}
    said = [one for one in (*kept, (identifier, False)) if type(one[0]) not in left_out]
    builder = (
        x509.CertificateBuilder()
        .subject_name(certificate.subject)
        .issuer_name(by.certificate.subject)
        .public_key(certificate.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(certificate.not_valid_before_utc - age)
        .not_valid_after(certificate.not_valid_after_utc - age)
    )
    for word, critical in (*said, *((word, True) for word in words)):
        builder = builder.add_extension(word, critical=critical)
    return builder.sign(by.key, hashes.SHA256())
