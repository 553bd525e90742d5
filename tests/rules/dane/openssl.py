"""OpenSSL's own verdict on a chain under TLSA records: the library that Postfix and Exim ask."""

import ctypes
import ctypes.util
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from typing import Any

from mxcheck.wire.tlsa import TlsaRecord

POINTERS = {
    "ssl": ("TLS_client_method", "SSL_CTX_new", "SSL_new", "SSL_get0_dane"),
    "crypto": (
        *("d2i_X509", "OPENSSL_sk_new_null", "X509_STORE_new"),
        *("X509_STORE_CTX_new", "X509_STORE_CTX_get0_param"),
    ),
}


@cache
def _library(name: str) -> ctypes.CDLL:
    path = ctypes.util.find_library(name)
    assert path, f"lib{name} is not installed"
    library = ctypes.CDLL(path)
    for function in POINTERS[name]:
        getattr(library, function).restype = ctypes.c_void_p
    return library


def openssl_authenticates(
    records: Iterable[TlsaRecord], chain: Sequence[bytes], names: Sequence[str], at: datetime
) -> bool:
    """Return whether a client that uses TLSA records accepts a server for one of these names."""
    ssl, crypto = _library("ssl"), _library("crypto")
    with ExitStack() as stack:

        def owned(library: ctypes.CDLL, made: int | None, free: str) -> ctypes.c_void_p:
            assert made, free
            pointer = ctypes.c_void_p(made)
            stack.callback(getattr(library, free), pointer)
            return pointer

        context = owned(
            ssl, ssl.SSL_CTX_new(ctypes.c_void_p(ssl.TLS_client_method())), "SSL_CTX_free"
        )
        assert ssl.SSL_CTX_dane_enable(context) == 1
        session = owned(ssl, ssl.SSL_new(context), "SSL_free")
        _add_records(session, records, names[0])
        certificates = [owned(crypto, _certificate(der), "X509_free") for der in chain]
        sent = owned(crypto, crypto.OPENSSL_sk_new_null(), "OPENSSL_sk_free")
        for certificate in certificates:
            crypto.OPENSSL_sk_push(sent, certificate)
        store = owned(crypto, crypto.X509_STORE_new(), "X509_STORE_free")
        verifier = owned(crypto, crypto.X509_STORE_CTX_new(), "X509_STORE_CTX_free")
        assert crypto.X509_STORE_CTX_init(verifier, store, certificates[0], sent) == 1
        _set_parameters(verifier, names, at)
        crypto.X509_STORE_CTX_set0_dane(verifier, ctypes.c_void_p(ssl.SSL_get0_dane(session)))
        return bool(crypto.X509_verify_cert(verifier) == 1)


def _add_records(session: ctypes.c_void_p, records: Iterable[TlsaRecord], base: str) -> None:
    ssl = _library("ssl")
    assert ssl.SSL_dane_enable(session, base.encode()) > 0
    # DANE_FLAG_NO_DANE_EE_NAMECHECKS, as RFC 7672 3.1.1 wants it.
    ssl.SSL_dane_set_flags(session, ctypes.c_ulong(1))
    for record in records:
        numbers = (record.usage, record.selector, record.matching_type)
        data, size = record.data, ctypes.c_size_t(len(record.data))
        added = ssl.SSL_dane_tlsa_add(session, *map(ctypes.c_uint8, numbers), data, size)
        assert added >= 0


def _certificate(der: bytes) -> Any:  # noqa: ANN401 - an address
    start = ctypes.c_char_p(der)
    return _library("crypto").d2i_X509(None, ctypes.byref(start), ctypes.c_long(len(der)))


def _set_parameters(verifier: ctypes.c_void_p, names: Sequence[str], at: datetime) -> None:
    crypto = _library("crypto")
    assert crypto.X509_STORE_CTX_set_default(verifier, b"ssl_server") == 1
    parameters = ctypes.c_void_p(crypto.X509_STORE_CTX_get0_param(verifier))
    crypto.X509_VERIFY_PARAM_set_time(parameters, ctypes.c_int64(int(at.timestamp())))
    # Another rule checks the sizes of keys.
    crypto.X509_VERIFY_PARAM_set_auth_level(parameters, 0)
    for name in names:
        assert crypto.X509_VERIFY_PARAM_add1_host(parameters, name.encode(), 0) == 1
