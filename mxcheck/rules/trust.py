"""Whether a chain leads to a trusted root: the verdict of OpenSSL, which most senders use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TypeAlias

import certifi
from OpenSSL import crypto

from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from mxcheck.wire.certificate_path import has_issuer, longest_path
from mxcheck.wire.certificate_purpose import why_not_for_servers

# X509_V_ERR_* of OpenSSL's x509_vfy.h.
_EXPIRED = 10
INVALID_PURPOSE = 26
_UNABLE_TO_GET_ISSUER = frozenset({2, 20, 21})
_ERRORS_IN_DATES = {
    13: "format error in certificate's notBefore field",
    14: "format error in certificate's notAfter field",
}

_UNREADABLE = "a certificate that cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """The chain leads to a root of the store, by this path (DER, leaf first, with the root)."""

    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untrusted:
    """The chain leads to no root of the store.

    `code` and `reason` are OpenSSL's, about the certificate `subject`; `of_leaf` says that this is
    the server's own. `path` (DER, leaf first) is how far the sent certificates lead, and
    `missing_issuer` the issuer of its last one if that is neither sent nor in the store.
    """

    code: int
    reason: str
    subject: str
    of_leaf: bool
    path: tuple[bytes, ...]
    missing_issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """OpenSSL cannot read a certificate of the chain, as `reason` says."""

    reason: str


Trust: TypeAlias = Trusted | Untrusted | Unverified


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustStore:
    """The Mozilla roots, and those that the user added (PEM)."""

    added: bytes = b""

    def verify(self, chain: tuple[bytes, ...], at: datetime) -> Trust:
        """Verify a chain (DER, leaf first) as an OpenSSL client of a TLS server does (RFC 5280 6).

        It is verified at `at`, or at the nearest moment at which the leaf itself is valid: other
        rules judge the dates of the leaf.
        """
        return _verify(self.added, chain, _moment_of_leaf(chain[0], at))

    @property
    def roots(self) -> tuple[bytes, ...]:
        """Return the roots (DER)."""
        return _root_ders(self.added)


def _moment_of_leaf(leaf: bytes, at: datetime) -> datetime:
    facts = parse_certificate(leaf)
    if isinstance(facts, Unseen):
        return at
    if not isinstance(facts.not_before, Unseen):
        at = max(at, facts.not_before)
    if not isinstance(facts.not_after, Unseen):
        # To OpenSSL a certificate has expired at the very second of its notAfter.
        at = min(at, facts.not_after - timedelta(seconds=1))
    return at


@lru_cache(maxsize=1024)
def _verify(added: bytes, chain: tuple[bytes, ...], at: datetime) -> Trust:
    return _verify_in(_store(added, at), chain, at, _root_ders(added))


def verify_by_anchor(path: tuple[bytes, ...], at: datetime) -> Trust:
    """Verify a path (DER, leaf first) whose last certificate is trusted whatever issued it."""
    store = crypto.X509Store()
    store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
    store.set_time(at.astimezone(UTC))
    try:
        store.add_cert(_load(path[-1]))
    except crypto.Error:
        return _unread(path, at)
    verified = _verify_in(store, path[:-1] or path, at, path[-1:])
    return _expired_by(verified.path, at) or verified if isinstance(verified, Trusted) else verified


def _expired_by(path: tuple[bytes, ...], at: datetime) -> Untrusted | None:
    """Return the verdict of OpenSSL 3 at the very second of notAfter, valid to OpenSSL 4."""
    for depth, facts in enumerate(map(parse_certificate, path)):
        ends = facts if isinstance(facts, Unseen) else facts.not_after
        if not isinstance(ends, Unseen) and ends <= at:
            return Untrusted(
                code=_EXPIRED,
                reason="certificate has expired",
                subject=_subject(facts),
                of_leaf=depth == 0,
                path=path,
            )
    return None


def _verify_in(
    store: crypto.X509Store, chain: tuple[bytes, ...], at: datetime, anchors: Sequence[bytes]
) -> Trust:
    """Verify a chain (DER, leaf first) by a store, which contains these anchors (DER)."""
    try:
        leaf, *rest = map(_load, chain)
        verified = crypto.X509StoreContext(store, leaf, rest).get_verified_chain()
        path = tuple(map(_dump, verified))
    except crypto.X509StoreContextError as error:
        return _untrusted(error, chain, at, anchors)
    except crypto.Error:
        return _unread(chain, at)
    return _for_servers(path)


def _for_servers(path: tuple[bytes, ...]) -> Trust:
    """Check the purpose of each certificate: pyOpenSSL sets none, and senders do."""
    for depth, der in zip(count(), path, strict=False):
        facts = parse_certificate(der)
        why_not = "" if isinstance(facts, Unseen) else why_not_for_servers(facts, above=depth > 0)
        if why_not:
            return Untrusted(
                code=INVALID_PURPOSE,
                reason=f"unsuitable certificate purpose, {why_not}",
                subject=_subject(facts),
                of_leaf=depth == 0,
                path=path,
            )
    return Trusted(path=path)


def _untrusted(
    error: crypto.X509StoreContextError,
    chain: tuple[bytes, ...],
    at: datetime,
    anchors: Sequence[bytes],
) -> Untrusted:
    (code, depth, reason), top = error.errors, _facts(error.certificate)
    path, missing = longest_path(chain, at), ""
    if code in _UNABLE_TO_GET_ISSUER and isinstance(top, CertificateFacts):
        path = path[: depth + 1]
        others = [der for der in chain if der not in path]
        if has_issuer(top, (*others, *anchors)):
            reason = f"{reason}, although one is there: OpenSSL cannot read an extension"
        elif not top.self_issued:
            missing = top.issuer
    return Untrusted(
        code=code,
        reason=reason,
        subject=_subject(top),
        of_leaf=depth == 0,
        path=path,
        missing_issuer=missing,
    )


def _unread(chain: tuple[bytes, ...], at: datetime) -> Untrusted | Unverified:
    """Return the verdict of OpenSSL 3 on a date that OpenSSL 4 does not even read."""
    path = longest_path(chain, at)
    for depth, facts in enumerate(map(parse_certificate, path)):
        code = 0 if isinstance(facts, Unseen) else _error_in_dates(facts)
        if code:
            reason, subject = _ERRORS_IN_DATES[code], _subject(facts)
            return Untrusted(
                code=code, reason=reason, subject=subject, of_leaf=depth == 0, path=path
            )
    return Unverified(reason=f"the chain contains {_UNREADABLE}")


def _error_in_dates(facts: CertificateFacts) -> int:
    if isinstance(facts.not_before, Unseen):
        return 13
    return 14 if isinstance(facts.not_after, Unseen) else 0


def _facts(certificate: crypto.X509) -> CertificateFacts | Unseen:
    try:
        return parse_certificate(_dump(certificate))
    except crypto.Error:
        return parse_certificate(b"")


def _subject(facts: CertificateFacts | Unseen) -> str:
    if isinstance(facts, Unseen):
        return _UNREADABLE
    return facts.subject or "a certificate without subject"


def _load(der: bytes) -> crypto.X509:
    return crypto.load_certificate(crypto.FILETYPE_ASN1, der)


def _dump(certificate: crypto.X509) -> bytes:
    return crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)


@lru_cache(maxsize=32)
def _store(added: bytes, at: datetime) -> crypto.X509Store:
    """Return a store for one moment: OpenSSL uses only the first time that a store is given."""
    store = crypto.X509Store()
    for root in _roots(added):
        store.add_cert(root)
    store.set_time(at.astimezone(UTC))
    return store


@lru_cache(maxsize=8)
def _root_ders(added: bytes) -> tuple[bytes, ...]:
    return tuple(map(_dump, _roots(added)))


@lru_cache(maxsize=8)
def _roots(added: bytes) -> tuple[crypto.X509, ...]:
    return (*_mozilla_roots(), *_load_pem(added))


@lru_cache(maxsize=1)
def _mozilla_roots() -> tuple[crypto.X509, ...]:
    return _load_pem(Path(certifi.where()).read_bytes())


def _load_pem(bundle: bytes) -> tuple[crypto.X509, ...]:
    return tuple(crypto.load_certificate(crypto.FILETYPE_PEM, pem) for pem in _split_pem(bundle))


def _split_pem(bundle: bytes) -> list[bytes]:
    end = b"-----END CERTIFICATE-----"
    return [part + end for part in bundle.split(end)[:-1]]
