"""The path up from a server's certificate through others, as OpenSSL builds it (RFC 5280 6.1)."""

import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.certificate import UNREADABLE, CertificateFacts, parse_certificate
from mxcheck.wire.public_key import NO_KEY, load_public_key

_NEVER = datetime.min.replace(tzinfo=UTC)


def certificate_path(
    leaf: bytes, others: Sequence[bytes], at: datetime
) -> Iterator[tuple[bytes, ...]]:
    """Yield every beginning of the path (DER) from a leaf upwards, the longer ones last.

    The first of the others that fits as an issuer and is valid at that moment is taken, else the
    one that is valid the longest; OpenSSL never turns back to try another.
    """
    facts = parse_certificate(leaf)
    path, left = [leaf], list(others)
    while isinstance(facts, CertificateFacts):  # a certificate that cannot be read leads nowhere
        yield tuple(path)
        issuer = _issuer_of(facts, left, at)
        if issuer is None:
            return
        left.remove(issuer)
        path.append(issuer)
        facts = parse_certificate(issuer)


def longest_path(chain: Sequence[bytes], at: datetime) -> tuple[bytes, ...]:
    """Return how far a chain (DER, leaf first) leads: the leaf at least."""
    return max(certificate_path(chain[0], chain[1:], at), key=len, default=tuple(chain[:1]))


def has_issuer(certificate: CertificateFacts, among: Sequence[bytes]) -> bool:
    """Return whether one of these certificates (DER) may have issued another one."""
    return any(_may_be_issuer(facts, certificate) for _, facts in _readable(among))


def _may_be_issuer(issuer: CertificateFacts, subject: CertificateFacts) -> bool:
    if isinstance(subject.authority_key, Unseen) or isinstance(issuer.key_id, Unseen):
        return issuer.subject_name == subject.issuer_name
    return is_issuer(issuer, subject)


def _issuer_of(top: CertificateFacts, among: Sequence[bytes], at: datetime) -> bytes | None:
    if is_issuer(top, top):
        return None
    fitting = [(der, facts) for der, facts in _readable(among) if is_issuer(facts, top)]
    valid = [der for der, facts in fitting if _is_valid(facts, at)]
    if valid:
        return valid[0]
    longest = max(fitting, key=lambda one: _end_of(one[1]), default=None)
    return longest[0] if longest else None


def _readable(among: Sequence[bytes]) -> Iterator[tuple[bytes, CertificateFacts]]:
    for der in among:
        facts = parse_certificate(der)
        if isinstance(facts, CertificateFacts):
            yield der, facts


def _is_valid(facts: CertificateFacts, at: datetime) -> bool:
    begins, ends = facts.not_before, facts.not_after
    return not isinstance(begins, Unseen) and not isinstance(ends, Unseen) and begins <= at < ends


def _end_of(facts: CertificateFacts) -> datetime:
    return _NEVER if isinstance(facts.not_after, Unseen) else facts.not_after


def is_issuer(issuer: CertificateFacts, subject: CertificateFacts) -> bool:
    """Return whether names, keys and their identifiers say that one issued the other.

    RFC 5280 4.2.1.1; that the signature is by a key of that kind is what OpenSSL 3 asks too.
    """
    if issuer.subject_name != subject.issuer_name:
        return False
    if subject.signature_key != issuer.key.partition(" ")[0]:
        return False
    said, own = subject.authority_key, issuer.key_id
    if isinstance(said, Unseen) or isinstance(own, Unseen):
        return False
    if said is None:
        return True
    return (
        (said.key_id is None or own is None or said.key_id == own)
        and (said.serial is None or said.serial == issuer.serial)
        and (said.issuer is None or said.issuer == issuer.issuer_name)
    )


def is_signed_by(certificate: bytes, public_key_info: bytes) -> bool:
    """Return whether a key (DER, RFC 5280 4.1.2.7) signed a certificate (DER)."""
    try:
        with warnings.catch_warnings(action="ignore"):
            loaded = x509.load_der_x509_certificate(certificate)
        return _verify(loaded, public_key_info)
    except (InvalidSignature, *NO_KEY, *UNREADABLE):
        return False


def _verify(certificate: x509.Certificate, public_key_info: bytes) -> bool:
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    how, digest = certificate.signature_algorithm_parameters, certificate.signature_hash_algorithm
    match load_public_key(public_key_info), how:
        case rsa.RSAPublicKey() as key, padding.PKCS1v15() | padding.PSS() if digest:
            key.verify(signature, signed, how, digest)
        case ec.EllipticCurvePublicKey() as key, ec.ECDSA():
            key.verify(signature, signed, how)
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey() as key, None:
            key.verify(signature, signed)
        case _:
            return False
    return True
