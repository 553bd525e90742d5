"""Chains that are odd, put together by hand from certificates that all have a part in them."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Unpack

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from mxcheck.demo.certificates import Authority, Issued, Leaf, self_signed
from tests.real.certs import Authorities, Recipe
from tests.real.dane.reissue import reissue
from tests.rules import weak as weakly

Part = Callable[[Authorities], x509.Certificate]

LONG_AGO = timedelta(days=7300)  # longer than any authority lasts
CERTIFICATES_ONLY = x509.KeyUsage(
    digital_signature=True,
    key_encipherment=False,
    key_cert_sign=False,
    crl_sign=False,
    content_commitment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)
NOT_AN_AUTHORITY = x509.BasicConstraints(ca=False, path_length=None)
ELSEWHERE_ONLY = x509.NameConstraints([x509.DNSName("elsewhere.test")], None)
CLIENTS_ONLY = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])


def issuing(authorities: Authorities) -> x509.Certificate:
    return authorities.untrusted_issuing.certificate


def root(authorities: Authorities) -> x509.Certificate:
    return authorities.untrusted_root.certificate


def bystander(authorities: Authorities) -> x509.Certificate:
    return authorities.issuing.certificate


def foreign_root(authorities: Authorities) -> x509.Certificate:
    return _foreign(authorities).certificate


@cache
def _foreign(authorities: Authorities) -> Authority:
    return Authority.root(authorities.root.now, "Foreign Root CA")


def cross_signed(authorities: Authorities) -> x509.Certificate:
    """The issuing authority, by grace of a foreign root."""
    return reissue(authorities.untrusted_issuing.certificate, _foreign(authorities))


def issuing_but(
    *words: x509.ExtensionType,
    without: Collection[type[x509.ExtensionType]] = (),
    age: timedelta = timedelta(),
) -> Part:
    """The issuing authority, otherwise worded, or as it was."""
    return lambda authorities: reissue(
        authorities.untrusted_issuing.certificate,
        authorities.untrusted_root,
        *words,
        without=without,
        age=age,
    )


def expired_root(authorities: Authorities) -> x509.Certificate:
    return reissue(root(authorities), authorities.untrusted_root, age=LONG_AGO)


def namesake(authorities: Authorities) -> x509.Certificate:
    """Another authority of the same name as the issuing one."""
    return authorities.untrusted_root.issue_intermediate("Unknown CA").certificate


def chain(*parts: Part, **leaf: Unpack[Leaf]) -> Recipe:
    """A server certificate of the issuing authority, and what is sent behind it."""

    def recipe(authorities: Authorities, host: str) -> Issued:
        settings: Leaf = {"names": (host,), **leaf}
        issued = authorities.untrusted_issuing.issue(**settings)
        return replace(issued, intermediates=tuple(part(authorities) for part in parts))

    return recipe


def without_key_identifier(authorities: Authorities, host: str) -> Issued:
    """The server certificate does not say which key of its issuer signed it."""
    issued = chain(namesake, issuing, root)(authorities, host)
    leaf = reissue(
        issued.certificate, authorities.untrusted_issuing, without=(x509.AuthorityKeyIdentifier,)
    )
    return replace(issued, certificate=leaf)


def directly_below_root(authorities: Authorities, host: str) -> Issued:
    issued = authorities.untrusted_root.issue(names=(host,))
    return replace(issued, intermediates=(root(authorities),))


def sent_twice(authorities: Authorities, host: str) -> Issued:
    issued = self_signed(authorities.root.now, names=(host,))
    return replace(issued, intermediates=(issued.certificate,))


def weak(key: str, digest: str) -> Recipe:
    """Issued with a key, and a digest, that are out of fashion."""
    return lambda authorities, host: weakly.issue(authorities.untrusted_issuing, key, digest, host)
