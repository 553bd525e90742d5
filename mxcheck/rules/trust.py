"""Whether a chain leads to a root that is trusted: OpenSSL's own answer, as senders get it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import certifi
from OpenSSL import crypto

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.wire.certificate import CertificateFacts, parse_certificate

# X509_V_ERR_* of OpenSSL's x509_vfy.h.
_UNABLE_TO_GET_ISSUER_CERT_LOCALLY = 20
_UNABLE_TO_VERIFY_LEAF_SIGNATURE = 21

_UNREADABLE = "a certificate that cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """The chain leads to a root of the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untrusted:
    """The chain does not; `reason` in OpenSSL's words, about the certificate `subject`.

    `issuer_lacking` says that the chain broke off for want of an issuer.
    """

    reason: str
    subject: str
    issuer_lacking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustStore:
    """The Mozilla roots, and those that the user added (PEM)."""

    added: bytes = b""

    def verify(self, chain: tuple[bytes, ...], at: datetime) -> Trusted | Untrusted:
        """Verify a chain (DER, leaf first) as an OpenSSL client does (RFC 5280 6).

        Judged at `at`, or at the nearest moment at which the leaf itself is valid: its own dates
        are the matter of the rules about dates.
        """
        return _verify(self.added, chain, _moment_of_leaf(chain[0], at))


def _moment_of_leaf(leaf: bytes, at: datetime) -> datetime:
    facts = parse_certificate(leaf)
    if isinstance(facts, Unseen):
        return at
    # OpenSSL takes a certificate for expired at the very second of its notAfter.
    return min(max(at, facts.not_before), facts.not_after - timedelta(seconds=1))


@lru_cache(maxsize=1024)
def _verify(added: bytes, chain: tuple[bytes, ...], at: datetime) -> Trusted | Untrusted:
    return _verify_in(_store(added, at), chain)


def verify_by_anchor(path: tuple[bytes, ...], at: datetime) -> Trusted | Untrusted:
    """Verify a path (DER, leaf first) whose last certificate is trusted as it stands."""
    store = crypto.X509Store()
    store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
    store.set_time(at.astimezone(UTC))
    try:
        store.add_cert(crypto.load_certificate(crypto.FILETYPE_ASN1, path[-1]))
    except crypto.Error:
        return Untrusted(reason=_UNREADABLE, subject=_UNREADABLE, issuer_lacking=False)
    return _verify_in(store, path[:-1] or path)


def _verify_in(store: crypto.X509Store, chain: tuple[bytes, ...]) -> Trusted | Untrusted:
    """Verify a chain (DER, leaf first) by what a store trusts."""
    try:
        leaf, *rest = [crypto.load_certificate(crypto.FILETYPE_ASN1, der) for der in chain]
        _, *above = crypto.X509StoreContext(store, leaf, rest).get_verified_chain()
    except crypto.X509StoreContextError as error:
        return Untrusted(
            reason=str(error.args[0]),
            subject=_subject(error.certificate),
            issuer_lacking=error.errors[0]
            in {_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, _UNABLE_TO_VERIFY_LEAF_SIGNATURE},
        )
    except crypto.Error:
        return Untrusted(reason=_UNREADABLE, subject=_UNREADABLE, issuer_lacking=False)
    # pyOpenSSL sets no purpose, as TLS clients do: the leaf's is a matter of the rules.
    for authority in above:
        facts = _facts(authority)
        if not isinstance(facts, Unseen) and not facts.for_servers:
            reason = "unsuitable certificate purpose"
            return Untrusted(reason=reason, subject=facts.subject, issuer_lacking=False)
    return Trusted()


def _facts(certificate: crypto.X509) -> CertificateFacts | Unseen:
    try:
        der = crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)
    except crypto.Error as error:
        return Unseen(trouble=Trouble.MALFORMED, detail=str(error))
    return parse_certificate(der)


def _subject(certificate: crypto.X509) -> str:
    facts = _facts(certificate)
    return _UNREADABLE if isinstance(facts, Unseen) else facts.subject


@lru_cache(maxsize=32)
def _store(added: bytes, at: datetime) -> crypto.X509Store:
    """A store for one moment: OpenSSL heeds only the first time that a store is given."""
    store = crypto.X509Store()
    for root in _roots(added):
        store.add_cert(root)
    store.set_time(at.astimezone(UTC))
    return store


@lru_cache(maxsize=8)
def _roots(added: bytes) -> tuple[crypto.X509, ...]:
    bundle = Path(certifi.where()).read_bytes() + added
    return tuple(crypto.load_certificate(crypto.FILETYPE_PEM, pem) for pem in _split_pem(bundle))


def _split_pem(bundle: bytes) -> list[bytes]:
    end = b"-----END CERTIFICATE-----"
    return [part + end for part in bundle.split(end)[:-1]]
