"""The certificates of the DANE world: what a trust anchor may be, and what it may be worth."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Unpack

from cryptography.x509.oid import ExtendedKeyUsageOID

from mxcheck.demo.certificates import Authority, Issued, Leaf, rsa_key, self_signed, to_pem
from tests.real.certs import Authorities, Recipe

_TWENTY_YEARS = timedelta(days=7300)


def untrusted(*, with_root: bool = False, **leaf: Unpack[Leaf]) -> Recipe:
    """Issue by an authority that only TLSA records can vouch for; its root may be sent too."""

    def recipe(authorities: Authorities, host: str) -> Issued:
        settings: Leaf = {"names": (host,), **leaf}
        issued = authorities.untrusted_issuing.issue(**settings)
        return _with_root(issued, authorities) if with_root else issued

    return recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Dual(Issued):
    """A certificate with an elliptic key, and one with an RSA key for clients that want that."""

    rsa: Issued

    @property
    def chain_pem(self) -> bytes:
        """Both, as Postfix takes them: the second chain with its key."""
        first = b"".join(map(to_pem, self.chain))
        return first + self.rsa.key_pem + self.rsa.chain_pem


def dual(authorities: Authorities, host: str) -> Issued:
    elliptic = untrusted()(authorities, host)
    return Dual(
        certificate=elliptic.certificate,
        key=elliptic.key,
        intermediates=elliptic.intermediates,
        rsa=with_rsa_key(authorities, host),
    )


def without_intermediate(authorities: Authorities, host: str) -> Issued:
    return untrusted()(authorities, host).without_intermediates()


def with_rsa_key(authorities: Authorities, host: str) -> Issued:
    return untrusted(key=rsa_key())(authorities, host)


def expired_own_issuer(authorities: Authorities, host: str) -> Issued:
    return self_signed(authorities.root.now, names=(f"other.{host}",), not_after=timedelta(days=-3))


def below_expired_root(authorities: Authorities, host: str) -> Issued:
    now = authorities.root.now
    root = replace(Authority.root(now - _TWENTY_YEARS, "Expired Root CA"), now=now)
    return replace(root.issue(names=(host,)), intermediates=(root.certificate,))


def too_deep(authorities: Authorities, host: str) -> Issued:
    """An authority that may issue server certificates alone has put another in charge."""
    deep = authorities.untrusted_issuing.issue_intermediate("Too Deep CA")
    return _with_root(deep.issue(names=(host,)), authorities)


def _with_root(issued: Issued, authorities: Authorities) -> Issued:
    root = authorities.untrusted_root.certificate
    return replace(issued, intermediates=(*issued.intermediates, root))


EXPIRED = untrusted(not_after=timedelta(days=-3))
NOT_YET_VALID = untrusted(not_before=timedelta(days=2), not_after=timedelta(days=92))
WRONG_NAME = untrusted(names=("mail.elsewhere.test",))
FOR_CLIENTS_ONLY = untrusted(usages=(ExtendedKeyUsageOID.CLIENT_AUTH,))
