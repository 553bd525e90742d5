"""A chain of a public suite, judged by mxcheck and by OpenSSL."""

import ssl
from dataclasses import dataclass
from datetime import datetime

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.trust import Trusted, TrustStore
from mxcheck.wire.certificate import parse_certificate
from mxcheck.wire.host_match import matches_host
from tests import openssl

_NEVER_CHECK_SUBJECT = 0x20  # X509_CHECK_FLAG_NEVER_CHECK_SUBJECT: a CN does not count (RFC 9525 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainCase:
    """A chain and the roots that are trusted (DER), at a moment."""

    chain: tuple[bytes, ...]
    roots: tuple[bytes, ...]
    at: datetime

    def ours(self) -> bool:
        """Return whether the rules trust the chain and find it valid at the moment."""
        added = "".join(map(ssl.DER_cert_to_PEM_cert, self.roots)).encode()
        trusted = isinstance(TrustStore(added=added).verify(self.chain, self.at), Trusted)
        return trusted and self._is_valid()

    def _is_valid(self) -> bool:
        leaf = parse_certificate(self.chain[0])
        if isinstance(leaf, Unseen):
            return False
        begins, ends = leaf.not_before, leaf.not_after
        if isinstance(begins, Unseen) or isinstance(ends, Unseen):
            return False
        return begins <= self.at <= ends

    def theirs(self) -> bool:
        """Return whether OpenSSL trusts the chain for a TLS server."""
        return openssl.trusts(self.chain, self.roots, self.at)


def is_for_host(certificate: bytes, host: str) -> tuple[bool, bool]:
    """Return whether a certificate is for a host, to the rules and to OpenSSL."""
    leaf = parse_certificate(certificate)
    names = () if isinstance(leaf, Unseen) or isinstance(leaf.dns_names, Unseen) else leaf.dns_names
    flags = openssl.NO_PARTIAL_WILDCARDS | _NEVER_CHECK_SUBJECT
    theirs = openssl.is_for_host(certificate, host, flags)
    return any(matches_host(name, host) for name in names), theirs
