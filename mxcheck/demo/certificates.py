"""A small certificate factory: roots, intermediates and server certificates, good and bad."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Self, TypedDict, Unpack

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

LIFETIME = timedelta(days=90)
_AUTHORITY_LIFETIME = timedelta(days=3650)


def ec_key(curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    """Make an elliptic-curve key, on P-256 by default."""
    return ec.generate_private_key(curve or ec.SECP256R1())


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """Make an RSA key of `bits` bits (1024 at least); slow above 2048."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


class Leaf(TypedDict, total=False):
    """The contents of a server certificate; the defaults are those of a healthy server.

    names: the SAN, host names and addresses; empty for a certificate without a SAN.
    not_before, not_after: relative to now; by default 60 days are left of 90.
    common_name: by default the first of `names`.
    usages: the extended key usages; empty for none.
    """

    names: Sequence[str]
    not_before: timedelta
    not_after: timedelta
    common_name: str
    key: PrivateKey
    usages: Sequence[x509.ObjectIdentifier]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A server certificate, its key and the intermediates above it, nearest first."""

    certificate: x509.Certificate
    key: PrivateKey
    intermediates: tuple[x509.Certificate, ...] = ()

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The chain as a server sends it: leaf first, without the root."""
        return (self.certificate, *self.intermediates)

    @property
    def chain_pem(self) -> bytes:
        """The same chain in PEM."""
        return b"".join(map(to_pem, self.chain))

    @property
    def der_chain(self) -> tuple[bytes, ...]:
        """The same chain in DER."""
        return tuple(
            certificate.public_bytes(serialization.Encoding.DER) for certificate in self.chain
        )

    @property
    def key_pem(self) -> bytes:
        """The private key in PEM, PKCS #8, not encrypted."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def without_intermediates(self) -> Self:
        """Leave out the intermediates, a common misconfiguration."""
        return replace(self, intermediates=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A certificate authority; `intermediates` are the certificates from itself up to the root."""

    now: datetime
    certificate: x509.Certificate
    key: PrivateKey
    intermediates: tuple[x509.Certificate, ...] = ()

    @classmethod
    def root(cls, now: datetime, name: str = "Demo Root CA") -> Self:
        """Make a self-signed root that is valid for ten years around `now` (UTC)."""
        key, subject = ec_key(), _name(name)
        builder = _authority_builder(subject, key, now, path_length=None)
        certificate = builder.issuer_name(subject).sign(key, hashes.SHA256())
        return cls(now=now, certificate=certificate, key=key)

    @property
    def certificate_pem(self) -> bytes:
        """The authority's own certificate in PEM."""
        return to_pem(self.certificate)

    def issue_intermediate(self, name: str = "Demo Issuing CA") -> Self:
        """Make an authority below this one that issues server certificates only."""
        key = ec_key()
        certificate = self._sign(_authority_builder(_name(name), key, self.now, path_length=0))
        return replace(
            self, certificate=certificate, key=key, intermediates=(certificate, *self.intermediates)
        )

    def issue(self, **leaf: Unpack[Leaf]) -> Issued:
        """Issue a server certificate."""
        key = leaf.get("key") or ec_key()
        certificate = self._sign(_leaf_builder(leaf, key, self.now))
        return Issued(certificate=certificate, key=key, intermediates=self.intermediates)

    def _sign(self, builder: x509.CertificateBuilder) -> x509.Certificate:
        above = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above.value)
        return (
            builder.issuer_name(self.certificate.subject)
            .add_extension(identifier, critical=False)
            .sign(self.key, hashes.SHA256())
        )


def self_signed(now: datetime, **leaf: Unpack[Leaf]) -> Issued:
    """Make a server certificate that is its own issuer."""
    key = leaf.get("key") or ec_key()
    builder = _leaf_builder(leaf, key, now).issuer_name(_leaf_subject(leaf))
    return Issued(certificate=builder.sign(key, hashes.SHA256()), key=key)


def to_pem(certificate: x509.Certificate) -> bytes:
    """Write a certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _leaf_subject(leaf: Leaf) -> x509.Name:
    return _name(leaf.get("common_name") or next(iter(leaf.get("names", ())), "unnamed.example"))


def _builder(
    subject: x509.Name, key: PrivateKey, not_before: datetime, not_after: datetime
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(identifier, critical=False)
    )


def _authority_builder(
    subject: x509.Name, key: PrivateKey, now: datetime, path_length: int | None
) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    return (
        _builder(subject, key, now - _AUTHORITY_LIFETIME / 2, now + _AUTHORITY_LIFETIME / 2)
        .add_extension(constraints, critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
    )


def _leaf_builder(leaf: Leaf, key: PrivateKey, now: datetime) -> x509.CertificateBuilder:
    not_after = leaf.get("not_after", LIFETIME * 2 / 3)
    not_before = leaf.get("not_before", not_after - LIFETIME)
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    builder = (
        _builder(_leaf_subject(leaf), key, now + not_before, now + not_after)
        .add_extension(constraints, critical=True)
        .add_extension(_server_key_usage(key), critical=True)
    )
    if names := [_general_name(name) for name in leaf.get("names", ())]:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if usages := leaf.get("usages", (ExtendedKeyUsageOID.SERVER_AUTH,)):
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    return builder


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _server_key_usage(key: PrivateKey) -> x509.KeyUsage:
    return _key_usage(digital_signature=True, key_encipherment=isinstance(key, rsa.RSAPrivateKey))


def _key_usage(
    *,
    digital_signature: bool = False,
    key_encipherment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_encipherment=key_encipherment,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
