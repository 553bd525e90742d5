"""The certificates of the real servers, each by a recipe that says what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self, Unpack

from mxcheck.demo.certificates import Authority, Issued, Leaf, rsa_key, self_signed
from tests.rules import weak as weakly


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    """A root that the tests trust with an issuing authority, and such a pair that no one trusts."""

    root: Authority
    issuing: Authority
    untrusted_root: Authority
    untrusted_issuing: Authority

    @classmethod
    def make(cls) -> Self:
        now = datetime.now(UTC)
        root = Authority.root(now, "Real Test Root CA")
        untrusted_root = Authority.root(now, "Unknown Root CA")
        return cls(
            root=root,
            issuing=root.issue_intermediate("Real Test Issuing CA"),
            untrusted_root=untrusted_root,
            untrusted_issuing=untrusted_root.issue_intermediate("Unknown CA"),
        )


Recipe = Callable[[Authorities, str], Issued]  # the second is the MX host


def trusted(*more_names: str, **leaf: Unpack[Leaf]) -> Recipe:
    """Issued by the trusted authority for the MX host, and as `leaf` says."""

    def recipe(authorities: Authorities, host: str) -> Issued:
        settings: Leaf = {"names": (host, *more_names), **leaf}
        return authorities.issuing.issue(**settings)

    return recipe


TRUSTED = trusted()


def expired(**leaf: Unpack[Leaf]) -> Recipe:
    settings: Leaf = {"not_after": timedelta(days=-3), **leaf}
    return trusted(**settings)


def not_yet_valid() -> Recipe:
    return trusted(not_before=timedelta(days=2), not_after=timedelta(days=92))


def common_name_only(authorities: Authorities, host: str) -> Issued:
    return authorities.issuing.issue(common_name=host)


def own_issuer(authorities: Authorities, host: str) -> Issued:
    return self_signed(authorities.root.now, names=[host])


def without_intermediate(authorities: Authorities, host: str) -> Issued:
    return TRUSTED(authorities, host).without_intermediates()


def with_rsa_key(authorities: Authorities, host: str) -> Issued:
    return authorities.issuing.issue(names=[host], key=rsa_key())


def weak(key: str, digest: str) -> Recipe:
    """Issued by the trusted authority for a key, and with a digest, as `openssl` makes them."""

    def recipe(authorities: Authorities, host: str) -> Issued:
        return weakly.issue(authorities.issuing, key, digest, host)

    return recipe


def from_untrusted(authorities: Authorities, host: str) -> Issued:
    return authorities.untrusted_issuing.issue(names=[host])
