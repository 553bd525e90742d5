"""OpenSSL's own verdict on a chain under TLSA records: the library that Postfix and Exim ask."""

import ctypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache

from mxcheck.wire.tlsa import TlsaRecord
from tests.openssl import NO_PARTIAL_WILDCARDS, Owner, dates, library

_NO_NAMES_UNDER_USAGE_3 = 1  # DANE_FLAG_NO_DANE_EE_NAMECHECKS, as RFC 7672 3.1.1 wants it


class Verdict(Enum):
    """What senders make of a server; UNUSABLE if they can use none of the records."""

    AUTHENTICATED = "authenticated"
    REFUSED = "refused"
    UNUSABLE = "unusable"

    def __str__(self) -> str:
        """Return it as the summary of a run shows it."""
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict; `is_top_valid` says that the moment is within the dates of the path's last one."""

    verdict: Verdict
    is_top_valid: bool = True


def judge(
    records: Iterable[TlsaRecord], chain: Sequence[bytes], names: Sequence[str], at: datetime
) -> Judged:
    """Return what a client that follows TLSA records makes of a server of one of these names."""
    with Owner() as owner:
        session = owner.own(library().SSL_new(_context()), "SSL_free")
        if not _add_records(session, records, names[0]):
            return Judged(verdict=Verdict.UNUSABLE)
        leaf, sent = _read(tuple(chain))
        store = owner.own(library().X509_STORE_new(), "X509_STORE_free")
        verifier = owner.own(library().X509_STORE_CTX_new(), "X509_STORE_CTX_free")
        assert library().X509_STORE_CTX_init(verifier, store, leaf, sent) == 1
        _set_parameters(verifier, names, at)
        dane = ctypes.c_void_p(library().SSL_get0_dane(session))
        library().X509_STORE_CTX_set0_dane(verifier, dane)
        good = library().X509_verify_cert(verifier) == 1
        verdict = Verdict.AUTHENTICATED if good else Verdict.REFUSED
        return Judged(verdict=verdict, is_top_valid=_is_top_valid(verifier, at))


@cache
def _context() -> ctypes.c_void_p:
    """Return what all sessions are made from; it is never freed."""
    method = ctypes.c_void_p(library().TLS_client_method())
    context = ctypes.c_void_p(library().SSL_CTX_new(method))
    assert library().SSL_CTX_dane_enable(context) == 1
    return context


@cache
def _read(chain: tuple[bytes, ...]) -> tuple[ctypes.c_void_p, ctypes.c_void_p]:
    """Return the leaf of a chain, and all that was sent; they are never freed."""
    owner = Owner()
    certificates = [one for der in chain if (one := owner.certificate(der))]
    assert len(certificates) == len(chain)
    sent = owner.stack(certificates)
    owner.pop_all()
    return certificates[0], sent


def _add_records(session: ctypes.c_void_p, records: Iterable[TlsaRecord], base: str) -> int:
    """Return how many of the records can be used."""
    assert library().SSL_dane_enable(session, base.encode()) > 0
    library().SSL_dane_set_flags(session, ctypes.c_ulong(_NO_NAMES_UNDER_USAGE_3))
    added = [_add_record(session, record) for record in records]
    library().ERR_clear_error()
    return sum(added)


def _add_record(session: ctypes.c_void_p, record: TlsaRecord) -> bool:
    numbers = (record.usage, record.selector, record.matching_type)
    data, size = record.data, ctypes.c_size_t(len(record.data))
    added: int = library().SSL_dane_tlsa_add(session, *map(ctypes.c_uint8, numbers), data, size)
    # Of no data at all OpenSSL says that memory is short.
    assert added in {0, 1} or not data
    return added == 1


def _set_parameters(verifier: ctypes.c_void_p, names: Sequence[str], at: datetime) -> None:
    assert library().X509_STORE_CTX_set_default(verifier, b"ssl_server") == 1
    parameters = ctypes.c_void_p(library().X509_STORE_CTX_get0_param(verifier))
    library().X509_VERIFY_PARAM_set_time(parameters, ctypes.c_int64(int(at.timestamp())))
    # Another rule checks the sizes of keys.
    library().X509_VERIFY_PARAM_set_auth_level(parameters, 0)
    library().X509_VERIFY_PARAM_set_hostflags(parameters, ctypes.c_uint(NO_PARTIAL_WILDCARDS))
    for name in names:
        assert library().X509_VERIFY_PARAM_add1_host(parameters, name.encode(), 0) == 1


def _is_top_valid(verifier: ctypes.c_void_p, at: datetime) -> bool:
    path = ctypes.c_void_p(library().X509_STORE_CTX_get0_chain(verifier))
    size = library().OPENSSL_sk_num(path)
    if size < 1:
        return True
    top = ctypes.c_void_p(library().OPENSSL_sk_value(path, ctypes.c_int(size - 1)))
    begins, ends = dates(top)
    return begins <= at < ends
