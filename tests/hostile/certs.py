"""Certificates as no honest authority makes them."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from mxcheck.demo.certificates import PrivateKey, ec_key, to_pem
from mxcheck.demo.smtp_script import Tls
from tests.hostile.world import BAD_ISSUED, BAD_MX, ISSUER

NOW = datetime.now(UTC)
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def signed(
    subject: x509.Name,
    issuer: x509.Name,
    key: PublicKey,
    signer: PrivateKey,
    *extensions: x509.ExtensionType,
) -> x509.Certificate:
    """A certificate with these extensions alone."""
    builder = x509.CertificateBuilder(
        issuer, subject, key, x509.random_serial_number(), NOW - timedelta(1), NOW + timedelta(30)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(signer, hashes.SHA256())


def leaf(subject: x509.Name, *extensions: x509.ExtensionType) -> Tls:
    """A server with the key of an honest one, and a certificate of this kind."""
    key = BAD_ISSUED.key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    above = ISSUER.certificate.subject
    return serving(signed(subject, above, key.public_key(), ISSUER.key, *extensions))


def serving(certificate: x509.Certificate, *above: x509.Certificate) -> Tls:
    """A server that shows this chain, with the key of an honest one."""
    chain = b"".join(map(to_pem, (certificate, *above)))
    return Tls(chain_pem=chain, key_pem=BAD_ISSUED.key_pem)


def chain_of(count: int) -> Tls:
    """The honest chain, and its issuer's certificate so often that there are `count`."""
    above = BAD_ISSUED.intermediates
    return serving(BAD_ISSUED.certificate, *above * (count - 1))


def many_names(count: int) -> Tls:
    """A certificate with so many names, none of which is the host's."""
    names = [x509.DNSName(f"{number}.example") for number in range(count)]
    return leaf(name("many"), x509.SubjectAlternativeName(names))


def weird_subject() -> Tls:
    """Return a leaf with a subject of 70,000 characters, with controls and markup among them."""
    text = "\x1b]0;\u202e::error::\x00\n<script>\U0001d54f" * 2500
    subject = x509.Name([x509.NameAttribute(NameOID.UNSTRUCTURED_NAME, text), *name("weird")])
    return leaf(subject, x509.SubjectAlternativeName([x509.DNSName(BAD_MX)]))


def broken_extension() -> Tls:
    """An issuer whose basic constraints are not DER."""
    garbage = x509.UnrecognizedExtension(ExtensionOID.BASIC_CONSTRAINTS, b"\x30\x84\xff")
    subject, key = ISSUER.certificate.subject, ISSUER.key.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return serving(BAD_ISSUED.certificate, signed(subject, name("B"), key, ISSUER.key, garbage))


@cache
def giant_key() -> rsa.RSAPrivateKey:
    """An RSA key of 15,636 bits: the largest of two Mersenne primes that OpenSSL takes."""
    p, q, e = 2**4423 - 1, 2**11213 - 1, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def giant_rsa() -> Tls:
    issued = ISSUER.issue(names=(BAD_MX,), key=giant_key())
    return Tls(chain_pem=issued.chain_pem, key_pem=issued.key_pem)


def too_giant_rsa() -> tuple[bytes, ...]:
    """A chain (DER) whose leaf has an RSA key of 65,536 bits, which OpenSSL refuses to use."""
    key = rsa.RSAPublicNumbers(65537, 2**65535 + 1).public_key()
    certificate = signed(name(BAD_MX), ISSUER.certificate.subject, key, ISSUER.key)
    return (certificate.public_bytes(Encoding.DER),)


def circling(count: int) -> Tls:
    """Above an honest leaf: A issued by B, B issued by A, and so on, each another certificate."""
    names = (ISSUER.certificate.subject, name("B"))
    keys = (ec_key(), ec_key())
    above = (
        signed(names[here], names[1 - here], keys[here].public_key(), keys[1 - here])
        for here in (number % 2 for number in range(count))
    )
    return serving(BAD_ISSUED.certificate, *above)
