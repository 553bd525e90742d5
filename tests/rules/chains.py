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
def untrusted_root() -> Authority:
    """Return a root that no trust store contains."""
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
    """Return a leaf signed by another leaf, which is not an authority."""
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


def certified(
    subject: Authority,
    issuer: Authority,
    *,
    years: tuple[float, float] = (-5, 5),
    path_length: int | None = 0,
    more: tuple[x509.ExtensionType, ...] = (),
) -> x509.Certificate:
    """Another certificate for an authority's name and key, as a cross-signature is.

    `more` are further extensions, which are critical.
    """
    begun, ended = (OBSERVED_AT + timedelta(days=365 * year) for year in years)
    builder = (
        x509.CertificateBuilder(
            issuer_name=issuer.certificate.subject,
            subject_name=subject.certificate.subject,
            public_key=subject.key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=begun,
            not_valid_after=ended,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(subject.key.public_key()), critical=False
        )
    )
    for one in more:
        builder = builder.add_extension(one, critical=True)
    return builder.sign(issuer.key, hashes.SHA256())


def _cross_signed() -> Mapping[str, Chain]:
    """The good leaf, with several certificates for the authorities above it."""
    leaf, (ours,) = issued().certificate, authority().intermediates
    theirs = certified(authority(), untrusted_root())
    expired = certified(authority(), root(), years=(-5, -1))
    root_below_untrusted = certified(root(), untrusted_root(), path_length=1)
    root_below_expired = certified(root(), untrusted_root(), years=(-5, -1), path_length=1)
    root_of_old = certified(root(), root(), years=(-5, -1), path_length=None)
    return {
        "cross-signed, theirs first": (leaf, theirs, ours),
        "cross-signed, ours first": (leaf, ours, theirs),
        "cross-signed, theirs alone": (leaf, theirs),
        "two paths, the expired one first": (leaf, expired, ours),
        "two paths, the expired one last": (leaf, ours, expired),
        "two paths, theirs with its root": (leaf, theirs, untrusted_root().certificate, ours),
        "an expired path alone": (leaf, expired),
        "the root cross-signed": (leaf, ours, root_below_untrusted),
        "the root cross-signed, the way up sent": (
            *(leaf, ours),
            *(root_below_untrusted, untrusted_root().certificate),
        ),
        "the root cross-signed, and that expired": (leaf, ours, root_below_expired),
        "an expired certificate of the root": (leaf, ours, root_of_old),
        "theirs, and an expired certificate of the root": (leaf, theirs, root_of_old),
    }


def _long() -> Mapping[str, Chain]:
    """Chains with more certificates than a sender needs, or than most have."""
    leaf, (ours,) = issued().certificate, authority().intermediates
    others = tuple(Authority.root(OBSERVED_AT, f"CA {n}").certificate for n in range(30))
    deep = root()
    for level in range(12):
        below = Authority.root(OBSERVED_AT, f"Level {level} CA")
        above = certified(below, deep, path_length=None)
        deep = replace(below, certificate=above, intermediates=(above, *deep.intermediates))
    certificate = deep.certificate
    end = replace(authority(), certificate=certificate, key=deep.key).issue(names=(HOST,))
    return {
        "with thirty unrelated certificates": (leaf, *others, ours),
        "with the same one thirty times": (leaf, *(ours,) * 30),
        "twelve deep": (end.certificate, *deep.intermediates),
        "twelve deep, upside down": (end.certificate, *reversed(deep.intermediates)),
        "twelve deep, one missing": (
            end.certificate,
            *deep.intermediates[:5],
            *deep.intermediates[6:],
        ),
    }


@cache
def issued(not_after: int = 60, usages: tuple[x509.ObjectIdentifier, ...] = BOTH) -> Issued:
    return authority().issue(names=(HOST,), not_after=timedelta(days=not_after), usages=usages)


@cache
def chains() -> Mapping[str, Chain]:
    """Every chain by what is to be said of it."""
    good, (issuer,) = issued(), authority().intermediates
    alone = self_signed(OBSERVED_AT, names=(HOST,))
    below_untrusted_root = untrusted_root().issue_intermediate("Unknown Issuing CA")
    unrelated = untrusted_root().issue(names=("other.example",)).certificate
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
        "with an unrelated certificate": (good.certificate, unrelated, issuer),
        "in the wrong order": (good.certificate, root().certificate, issuer),
        "with doublets": (good.certificate, good.certificate, issuer, issuer),
        "expired intermediate": _old_intermediate(),
        "missing intermediate": good.without_intermediates().chain,
        "expired, missing intermediate": issued(not_after=-3).without_intermediates().chain,
        "missing intermediate, an unrelated one in its place": (good.certificate, unrelated),
        "self-signed": alone.chain,
        "self-signed, with another": (alone.certificate, issuer),
        "unknown root": below_untrusted_root.issue(names=(HOST,)).chain,
        "unknown root, sent": (
            *below_untrusted_root.issue(names=(HOST,)).chain,
            untrusted_root().certificate,
        ),
        "directly under an unknown root": untrusted_root().issue(names=(HOST,)).chain,
        "for clients only": issued(usages=CLIENT_ONLY).chain,
        "below an authority for clients": _below_an_authority_for_clients(),
        "below a leaf": _leaf_as_issuer(),
        "path too long": deep.chain,
        "signature forged": (_forged(), issuer),
        **_cross_signed(),
        **_long(),
    }


def _forged() -> x509.Certificate:
    """A leaf that names the issuer, signed with another key."""
    pretender = Authority(
        now=OBSERVED_AT, certificate=authority().certificate, key=untrusted_root().key
    )
    return pretender.issue(names=(HOST,)).certificate


def der(chain: Chain) -> tuple[bytes, ...]:
    return Issued(certificate=chain[0], key=root().key, intermediates=chain[1:]).der_chain
