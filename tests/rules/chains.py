"""Chains as servers send them, good and bad, all under `tests.build.root`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from mxcheck.demo.certificates import Authority, Issued, self_signed
from tests.build import HOST, OBSERVED_AT, authority, root

CLIENT_ONLY = (ExtendedKeyUsageOID.CLIENT_AUTH,)
BOTH = (ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH)
Chain = tuple[x509.Certificate, ...]


@cache
def stranger() -> Authority:
    """A root that no store holds."""
    return Authority.root(OBSERVED_AT, "Unknown Root CA")


def _below_an_authority_for_clients() -> Chain:
    middle = root().issue_intermediate("Client CA")
    builder = x509.CertificateBuilder(
        issuer_name=middle.certificate.issuer,
        subject_name=middle.certificate.subject,
        public_key=middle.key.public_key(),
        serial_number=4711,
        not_valid_before=middle.certificate.not_valid_before_utc,
        not_valid_after=middle.certificate.not_valid_after_utc,
        extensions=list(middle.certificate.extensions),
    ).add_extension(x509.ExtendedKeyUsage(CLIENT_ONLY), critical=False)
    certificate = builder.sign(root().key, hashes.SHA256())
    narrow = replace(middle, certificate=certificate, intermediates=(certificate,))
    return narrow.issue(names=(HOST,)).chain


def _leaf_as_issuer() -> Chain:
    """A leaf signed by another leaf, which is no authority."""
    middle = authority().issue(names=("middle.example.com",))
    pretender = Authority(
        now=OBSERVED_AT,
        certificate=middle.certificate,
        key=middle.key,
        intermediates=middle.chain,
    )
    return pretender.issue(names=(HOST,)).chain


def _old_intermediate() -> Chain:
    """A leaf that is valid, below an intermediate that has expired: made eleven years ago."""
    long_ago = OBSERVED_AT - timedelta(days=365 * 6)
    made_then = Authority(now=long_ago, certificate=root().certificate, key=root().key)
    middle = made_then.issue_intermediate("Old Issuing CA")
    fresh = Authority(
        now=OBSERVED_AT,
        certificate=middle.certificate,
        key=middle.key,
        intermediates=middle.intermediates,
    )
    return fresh.issue(names=(HOST,)).chain


@cache
def issued(not_after: int = 60, usages: tuple[x509.ObjectIdentifier, ...] = BOTH) -> Issued:
    return authority().issue(names=(HOST,), not_after=timedelta(days=not_after), usages=usages)


@cache
def chains() -> Mapping[str, Chain]:
    """Every chain by what is to be said of it."""
    good, (issuer,) = issued(), authority().intermediates
    alone = self_signed(OBSERVED_AT, names=(HOST,))
    below_stranger = stranger().issue_intermediate("Unknown Issuing CA")
    unrelated = stranger().issue(names=("other.example",)).certificate
    deep = authority().issue_intermediate("Too Deep CA").issue(names=(HOST,))
    return {
        "good": good.chain,
        "directly under the root": root().issue(names=(HOST,)).chain,
        "expired leaf": issued(not_after=-3).chain,
        "leaf not valid yet": authority()
        .issue(names=(HOST,), not_before=timedelta(days=3), not_after=timedelta(days=30))
        .chain,
        "no extended key usage": issued(usages=()).chain,
        "with the root": (*good.chain, root().certificate),
        "with a stranger's certificate": (good.certificate, unrelated, issuer),
        "in the wrong order": (good.certificate, root().certificate, issuer),
        "with doublets": (good.certificate, good.certificate, issuer, issuer),
        "expired intermediate": _old_intermediate(),
        "missing intermediate": good.without_intermediates().chain,
        "expired, missing intermediate": issued(not_after=-3).without_intermediates().chain,
        "missing intermediate, stranger's in its place": (good.certificate, unrelated),
        "self-signed": alone.chain,
        "self-signed, with another": (alone.certificate, issuer),
        "unknown root": below_stranger.issue(names=(HOST,)).chain,
        "unknown root, sent": (
            *below_stranger.issue(names=(HOST,)).chain,
            stranger().certificate,
        ),
        "directly under an unknown root": stranger().issue(names=(HOST,)).chain,
        "for clients only": issued(usages=CLIENT_ONLY).chain,
        "below an authority for clients": _below_an_authority_for_clients(),
        "below a leaf": _leaf_as_issuer(),
        "path too long": deep.chain,
        "signature forged": (_forged(), issuer),
    }


def _forged() -> x509.Certificate:
    """A leaf that names the issuer, signed with another key."""
    pretender = Authority(now=OBSERVED_AT, certificate=authority().certificate, key=stranger().key)
    return pretender.issue(names=(HOST,)).certificate


def der(chain: Chain) -> tuple[bytes, ...]:
    return Issued(certificate=chain[0], key=root().key, intermediates=chain[1:]).der_chain
