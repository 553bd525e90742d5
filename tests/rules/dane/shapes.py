"""Chains in every shape that matters to TLSA records, those of `tests.rules.chains` included."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache

from cryptography import x509

from mxcheck.demo.certificates import Authority, Leaf, self_signed
from tests.build import DOMAIN, HOST, OBSERVED_AT, authority, root
from tests.keys import rsa_key
from tests.odd_certificates import AUTHORITY_KEY, with_extensions
from tests.rules.chains import CLIENT_ONLY, certified, chains, der, issued, untrusted_root

Ders = tuple[bytes, ...]

OTHER = "other.example"
LEAVES: Mapping[str, Leaf] = {
    "for another name": {"names": (OTHER,)},
    "for the domain": {"names": (DOMAIN,)},
    "for a name below": {"names": (f"a.{HOST}",)},
    "for a wildcard": {"names": (f"*.{DOMAIN}",)},
    "for a wildcard of part of a label": {"names": (f"m*.{DOMAIN}",)},
    "without SAN": {"names": (), "common_name": HOST},
    "without SAN, for another name": {"names": (), "common_name": OTHER},
    "for another name, with the CN": {"names": (OTHER,), "common_name": HOST},
    "for an address, with the CN": {"names": ("203.0.114.25",), "common_name": HOST},
    "that ends now": {"names": (HOST,), "not_after": timedelta()},
    "that begins now": {
        "names": (HOST,),
        "not_before": timedelta(),
        "not_after": timedelta(days=30),
    },
    "named like its issuer": {"names": (HOST,), "common_name": "Demo Issuing CA"},
}
ALONE: Mapping[str, Leaf] = {
    "expired": {"names": (HOST,), "not_after": timedelta(days=-3)},
    "for another name": {"names": (OTHER,)},
    "for clients": {"names": (HOST,), "usages": CLIENT_ONLY},
}
NO_NAME_OF_THE_DOMAIN = x509.NameConstraints(
    permitted_subtrees=None, excluded_subtrees=[x509.DNSName(DOMAIN)]
)
UNKNOWN_EXTENSION = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\5\0")
NO_SIGNING = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=False,
    **dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment"), False),
    **dict.fromkeys(("key_agreement", "crl_sign", "encipher_only", "decipher_only"), False),
)


@cache
def shapes() -> Mapping[str, Ders]:
    """Every shape (DER, leaf first) by its name; each is made once."""
    return {
        **{name: der(chain) for name, chain in chains().items()},
        **_of_roots(),
        **_of_leaves(),
        **_of_authorities(),
        **_of_keys(),
        **_without_identifiers(),
    }


def _chain(leaf: bytes, *above: Authority | x509.Certificate) -> Ders:
    certificates = (one.certificate if isinstance(one, Authority) else one for one in above)
    return (leaf, *der(tuple(certificates)))


def _leaf(issuer: Authority) -> bytes:
    return issuer.issue(names=(HOST,)).der_chain[0]


def _of_roots() -> Mapping[str, Ders]:
    old = certified(root(), root(), years=(-5, -1), path_length=None)
    early = certified(root(), root(), years=(1, 5), path_length=None)
    direct, leaf = _leaf(root()), issued().der_chain[0]
    return {
        "leaf and root": _chain(direct, root()),
        "leaf and unknown root": _chain(_leaf(untrusted_root()), untrusted_root()),
        "leaf and expired root": _chain(direct, old),
        "leaf and root not valid yet": _chain(direct, early),
        "root not valid yet": _chain(leaf, authority(), early),
        "root sent, intermediate missing": _chain(leaf, root()),
        "two roots": _chain(direct, untrusted_root(), root()),
        "two roots of one name": _chain(direct, Authority.root(OBSERVED_AT), root()),
    }


def _of_leaves() -> Mapping[str, Ders]:
    as_authority = root().issue_intermediate(HOST).certificate
    as_root = Authority.root(OBSERVED_AT, HOST).certificate
    return {
        **{
            f"leaf {name}": _chain(authority().issue(**leaf).der_chain[0], authority(), root())
            for name, leaf in LEAVES.items()
        },
        **{
            f"self-signed, {name}": self_signed(OBSERVED_AT, **leaf).der_chain
            for name, leaf in ALONE.items()
        },
        "self-signed, sent twice": self_signed(OBSERVED_AT, names=(HOST,)).der_chain * 2,
        "leaf that is a root": der((as_root,)),
        "leaf that is a root, sent twice": der((as_root, as_root)),
        "leaf that is an authority": der((as_authority, root().certificate)),
    }


def _of_authorities() -> Mapping[str, Ders]:
    leaf, ours = issued().der_chain[0], authority().certificate
    forged = certified(authority(), replace(root(), key=untrusted_root().key))
    early = certified(authority(), root(), years=(1, 5))
    old, older = (certified(authority(), root(), years=(-5, end)) for end in (-1, -2))
    limited = {
        "for other names": NO_NAME_OF_THE_DOMAIN,
        "with an unknown extension": UNKNOWN_EXTENSION,
        "that may not sign": NO_SIGNING,
        "for clients": x509.ExtendedKeyUsage(CLIENT_ONLY),
    }
    return {
        **{
            f"authority {name}": _chain(leaf, certified(authority(), root(), more=(one,)), root())
            for name, one in limited.items()
        },
        "forged authority": _chain(leaf, forged, root()),
        "forged authority first": _chain(leaf, forged, ours, root()),
        "forged authority last": _chain(leaf, ours, forged, root()),
        "authority not valid yet": _chain(leaf, early, root()),
        "authority not valid yet first": _chain(leaf, early, ours, root()),
        "expired authorities": _chain(leaf, older, old, root()),
        "authority that ends now": _chain(leaf, certified(authority(), root(), years=(-1, 0))),
        "authority that begins now": _chain(leaf, certified(authority(), root(), years=(0, 1))),
        "one authority below each root": _chain(
            leaf, certified(authority(), untrusted_root()), ours, root(), untrusted_root()
        ),
    }


def _of_keys() -> Mapping[str, Ders]:
    """RSA and ECDSA above each other; the keys of `tests.build` are ECDSA ones."""
    key = rsa_key()
    rsa_root = replace(Authority.root(OBSERVED_AT, "RSA Root CA"), key=key)
    rsa_root = replace(rsa_root, certificate=certified(rsa_root, rsa_root, path_length=None))
    below_ec = replace(rsa_root, certificate=certified(rsa_root, root()))
    return {
        "RSA leaf": _chain(authority().issue(names=(HOST,), key=key).der_chain[0], authority()),
        "RSA root": _chain(_leaf(rsa_root), rsa_root),
        "RSA leaf and root": _chain(rsa_root.issue(names=(HOST,), key=key).der_chain[0], rsa_root),
        "RSA authority": _chain(_leaf(below_ec), below_ec, root()),
        "RSA self-signed": self_signed(OBSERVED_AT, names=(HOST,), key=key).der_chain,
    }


def _without_identifiers() -> Mapping[str, Ders]:
    """Leaves that do not say which key signed them, so that the name alone says it."""
    namesake = root().issue_intermediate().certificate
    plain, alike = (
        with_extensions(
            authority().issue(names=(HOST,), common_name=name).der_chain[0],
            authority().key,
            lambda old: [one for kind, one in old.items() if kind != AUTHORITY_KEY],
        )
        for name in (HOST, "Demo Issuing CA")
    )
    return {
        "no key identifier": _chain(plain, authority(), root()),
        "no key identifier, a namesake first": _chain(plain, namesake, authority(), root()),
        "no key identifier, a namesake last": _chain(plain, authority(), namesake, root()),
        "no key identifier, named like its issuer": _chain(alike, authority(), root()),
    }
