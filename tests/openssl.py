"""The yardstick for certificates: what the machine's own OpenSSL says, called directly."""

import ctypes
import ctypes.util
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

_POINTERS = (
    *("d2i_X509", "OPENSSL_sk_new_null", "X509_STORE_new", "X509_STORE_CTX_new"),
    *("X509_STORE_CTX_get0_param", "X509_get0_notBefore", "X509_get0_notAfter"),
    *("X509_STORE_CTX_get0_chain", "OPENSSL_sk_value"),
    *("TLS_client_method", "SSL_CTX_new", "SSL_new", "SSL_get0_dane"),
)
_SSL_SERVER = 2  # X509_PURPOSE_SSL_SERVER
NO_PARTIAL_WILDCARDS = 4  # X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, as Postfix and Exim set it


@cache
def library() -> ctypes.CDLL:
    """Return the system's libssl, through which the libcrypto that it uses is called too."""
    path = ctypes.util.find_library("ssl")
    assert path, "libssl is not installed"
    library = ctypes.CDLL(path)
    for function in _POINTERS:
        getattr(library, function).restype = ctypes.c_void_p
    library.OpenSSL_version.restype = ctypes.c_char_p
    return library


def version() -> str:
    """Return the name of the library, like "OpenSSL 3.0.19 27 Jan 2026"."""
    text = library().OpenSSL_version(0)
    assert isinstance(text, bytes)
    return text.decode()


class Owner(ExitStack):
    """Frees what OpenSSL allocated."""

    def own(self, made: int | None, free: str) -> ctypes.c_void_p:
        """Take over a pointer, which the function named `free` frees."""
        assert made, free
        pointer = ctypes.c_void_p(made)
        self.callback(getattr(library(), free), pointer)
        return pointer

    def certificate(self, der: bytes) -> ctypes.c_void_p | None:
        """Return a certificate as OpenSSL reads it, None if it does not."""
        made = _d2i(der)
        return self.own(made, "X509_free") if made else None

    def stack(self, certificates: Sequence[ctypes.c_void_p]) -> ctypes.c_void_p:
        """Return certificates as OpenSSL takes several."""
        stack = self.own(library().OPENSSL_sk_new_null(), "OPENSSL_sk_free")
        for certificate in certificates:
            library().OPENSSL_sk_push(stack, certificate)
        return stack


def _d2i(der: bytes) -> Any:  # noqa: ANN401 - an address
    start = ctypes.c_char_p(der)
    return library().d2i_X509(None, ctypes.byref(start), ctypes.c_long(len(der)))


def verification_error(
    chain: Sequence[bytes], roots: Sequence[bytes], at: datetime, *, purpose: int = _SSL_SERVER
) -> int | None:
    """Return OpenSSL's verdict on a chain (DER, leaf first): 0 if it trusts it, else the error.

    None if it cannot read a certificate. As `openssl verify -purpose sslserver` does, with roots
    (DER) that are trusted, and at security level 0.
    """
    with Owner() as owner:
        read = [owner.certificate(der) for der in chain]
        sent = [one for one in read if one is not None]
        store = _store_of(tuple(roots))
        if len(sent) < len(read) or store is None:
            return None
        verifier = owner.own(library().X509_STORE_CTX_new(), "X509_STORE_CTX_free")
        rest = owner.stack(sent[1:])
        assert library().X509_STORE_CTX_init(verifier, store, sent[0], rest) == 1
        parameters = ctypes.c_void_p(library().X509_STORE_CTX_get0_param(verifier))
        library().X509_VERIFY_PARAM_set_purpose(parameters, purpose)
        library().X509_VERIFY_PARAM_set_time(parameters, ctypes.c_int64(int(at.timestamp())))
        library().X509_VERIFY_PARAM_set_auth_level(parameters, 0)
        good = library().X509_verify_cert(verifier) == 1
        error = int(library().X509_STORE_CTX_get_error(verifier))
        assert good is (error == 0)
        return error


@lru_cache(maxsize=8)
def _store_of(roots: tuple[bytes, ...]) -> ctypes.c_void_p | None:
    """Return a store that trusts these roots (DER), None if one cannot be read; it is never freed.

    A store counts those who use it: it takes over nothing, and outlives every verification.
    """
    read = [_d2i(der) for der in roots]
    if not all(read):
        return None
    store = ctypes.c_void_p(library().X509_STORE_new())
    for root in read:
        assert library().X509_STORE_add_cert(store, ctypes.c_void_p(root)) == 1
    return store


def trusts(chain: Sequence[bytes], roots: Sequence[bytes], at: datetime) -> bool:
    """Return whether a client of a TLS server trusts a chain (DER, leaf first)."""
    return verification_error(chain, roots, at) == 0


def is_for_host(certificate: bytes, host: str, flags: int = NO_PARTIAL_WILDCARDS) -> bool:
    """Return whether X509_check_host says that a certificate (DER) is for a host."""
    with Owner() as owner:
        read = owner.certificate(certificate)
        assert read is not None
        name = host.encode()
        found = library().X509_check_host(
            read, name, ctypes.c_size_t(len(name)), ctypes.c_uint(flags), None
        )
        assert found in {0, 1}, found
        return bool(found)


def can_read(certificate: bytes) -> bool:
    """Return whether OpenSSL reads a certificate (DER), and nothing is left of it."""
    made = _d2i(certificate)
    if not made:
        return False
    pointer = ctypes.c_void_p(made)
    size = library().i2d_X509(pointer, None)
    library().X509_free(pointer)
    return int(size) == len(certificate)


class _Tm(ctypes.Structure):
    """`struct tm` of C; the fields behind `year` are not read."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("sec", "min", "hour", "mday", "mon", "year")),
        ("rest", ctypes.c_char * 64),
    )


def dates_of(certificate: bytes) -> tuple[datetime, datetime]:
    """Return notBefore and notAfter of a certificate (DER)."""
    with Owner() as owner:
        read = owner.certificate(certificate)
        assert read is not None
        return dates(read)


def dates(certificate: ctypes.c_void_p) -> tuple[datetime, datetime]:
    """Return notBefore and notAfter of a certificate that was read."""
    return (
        _moment(library().X509_get0_notBefore(certificate)),
        _moment(library().X509_get0_notAfter(certificate)),
    )


def _moment(date: int) -> datetime:
    tm = _Tm()
    assert library().ASN1_TIME_to_tm(ctypes.c_void_p(date), ctypes.byref(tm)) == 1
    return datetime(tm.year + 1900, tm.mon + 1, tm.mday, tm.hour, tm.min, tm.sec, tzinfo=UTC)
