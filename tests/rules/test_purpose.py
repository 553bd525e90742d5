"""Key usages of every kind at every place of a chain, side by side with OpenSSL's `sslserver`."""

import ssl
from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from mxcheck.demo.certificates import Authority
from mxcheck.rules.cert import cert_untrusted
from mxcheck.rules.dane import dane_mismatch
from mxcheck.rules.mta_sts import mta_sts_mx_unauthenticated
from mxcheck.rules.trust import Trusted, TrustStore, Untrusted
from tests import openssl
from tests.build import HOST, OBSERVED_AT, authority, chain_visit, root
from tests.fuzz.der import Node
from tests.odd_certificates import (
    BASIC_CONSTRAINTS,
    BIT_STRING,
    EXTENDED_KEY_USAGE,
    KEY_USAGE,
    NETSCAPE,
    OBJECT_IDENTIFIER,
    TRUE,
    extension,
    sequence,
    with_extensions,
)
from tests.policies import sts_domain
from tests.rules.ask import ask_visit, case_of, fails, passes
from tests.rules.chains import der
from tests.rules.dane.cases import endpoint_case, host_with, record, text_of, tlsa

Chain = tuple[bytes, ...]

SERVER, CLIENT, CODE = "2b06010505070301", "2b06010505070302", "2b06010505070303"
ANY, SGC_OF_MICROSOFT, SGC_OF_NETSCAPE = "551d2500", "2b0601040182370a0303", "6086480186f8420401"


def bits(*content: int) -> bytes:
    return Node(BIT_STRING, b"\0" + bytes(content)).encode()


def usages(*identifiers: str) -> bytes:
    return sequence(*(Node(OBJECT_IDENTIFIER, bytes.fromhex(one)) for one in identifiers))


KEY_USAGES = {
    "none": None,
    "digitalSignature": bits(0x80),
    "nonRepudiation": bits(0x40),
    "keyEncipherment": bits(0x20),
    "dataEncipherment": bits(0x10),
    "keyAgreement": bits(0x08),
    "keyCertSign": bits(0x04),
    "cRLSign": bits(0x02),
    "encipherOnly": bits(0x01),
    "decipherOnly": bits(0x00, 0x80),
    "digitalSignature, keyCertSign": bits(0x84),
    "all": bits(0xFF, 0x80),
}
EXTENDED = {
    "none": None,
    "server": usages(SERVER),
    "client": usages(CLIENT),
    "client, server": usages(CLIENT, SERVER),
    "any": usages(ANY),
    "any, server": usages(ANY, SERVER),
    "code": usages(CODE),
    "SGC of Microsoft": usages(SGC_OF_MICROSOFT),
    "SGC of Netscape": usages(SGC_OF_NETSCAPE),
    "empty": usages(),
}
NETSCAPE_TYPES = {
    "none": None,
    "server": bits(0x40),
    "client": bits(0x80),
    "client, server": bits(0xC0),
    "TLS authority": bits(0x04),
    "mail authority": bits(0x02),
    "server, mail authority": bits(0x42),
    "nothing": bits(0x00),
}
CONSTRAINTS = {"none": None, "authority": sequence(TRUE), "no authority": sequence()}
PLACES = ("leaf", "intermediate", "root")


@cache
def healthy() -> dict[str, tuple[bytes, Authority]]:
    """The certificate at each place, and who signs it."""
    leaf, intermediate = authority().issue(names=(HOST,)).der_chain
    (top,) = der((root().certificate,))
    return dict(
        zip(PLACES, ((leaf, authority()), (intermediate, root()), (top, root())), strict=True)
    )


def chain_with(place: str, values: dict[str, bytes | None]) -> tuple[Chain, bytes]:
    """The healthy chain and its root (DER), with other extensions at one place."""
    certificate, issuer = healthy()[place]
    added = [extension(kind, value) for kind, value in values.items() if value is not None]
    changed = with_extensions(
        certificate,
        issuer.key,
        lambda old: [one for kind, one in old.items() if kind not in values] + added,
    )
    made = {name: one for name, (one, _) in healthy().items()} | {place: changed}
    return (made["leaf"], made["intermediate"]), made["root"]


def verdicts(chain: Chain, top: bytes) -> tuple[bool, bool]:
    """Return whether the trust store, and OpenSSL, trust a chain below a root."""
    pem = ssl.DER_cert_to_PEM_cert(top).encode()
    ours = TrustStore(added=pem).verify(chain, OBSERVED_AT)
    return isinstance(ours, Trusted), openssl.trusts(chain, (top,), OBSERVED_AT)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("extended", EXTENDED)
def test_usages_mean_what_they_mean_to_openssl(place: str, extended: str) -> None:
    constraints = healthy_constraints(place)
    for key, netscape in product(KEY_USAGES, NETSCAPE_TYPES):
        values = {
            KEY_USAGE: KEY_USAGES[key],
            EXTENDED_KEY_USAGE: EXTENDED[extended],
            NETSCAPE: NETSCAPE_TYPES[netscape],
            BASIC_CONSTRAINTS: constraints,
        }
        ours, theirs = verdicts(*chain_with(place, values))
        assert ours is theirs, (key, netscape)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("constraints", CONSTRAINTS)
def test_who_is_an_authority_is_what_openssl_says(place: str, constraints: str) -> None:
    for key, netscape in product(KEY_USAGES, NETSCAPE_TYPES):
        values = {
            KEY_USAGE: KEY_USAGES[key],
            NETSCAPE: NETSCAPE_TYPES[netscape],
            BASIC_CONSTRAINTS: CONSTRAINTS[constraints],
        }
        ours, theirs = verdicts(*chain_with(place, values))
        assert ours is theirs, (key, netscape)


def healthy_constraints(place: str) -> bytes | None:
    return CONSTRAINTS["no authority" if place == "leaf" else "authority"]


PURPOSE = "unsuitable certificate purpose, its"


@pytest.mark.parametrize(
    ("place", "values", "reason"),
    [
        ("leaf", {KEY_USAGE: "keyCertSign"}, f"{PURPOSE} key usage has none of digitalSignature"),
        ("leaf", {KEY_USAGE: "cRLSign"}, f"{PURPOSE} key usage has none of digitalSignature"),
        ("leaf", {NETSCAPE: "client"}, f"{PURPOSE} Netscape certificate type leaves out TLS"),
        ("leaf", {EXTENDED_KEY_USAGE: "any"}, f"{PURPOSE} extended key usage lacks serverAuth"),
        ("leaf", {EXTENDED_KEY_USAGE: "empty"}, f"{PURPOSE} extended key usage lacks serverAuth"),
        ("intermediate", {EXTENDED_KEY_USAGE: "any"}, f"{PURPOSE} extended key usage lacks"),
        ("intermediate", {EXTENDED_KEY_USAGE: "client"}, f"{PURPOSE} extended key usage lacks"),
        ("root", {EXTENDED_KEY_USAGE: "client"}, f"{PURPOSE} extended key usage lacks serverAuth"),
        ("intermediate", {KEY_USAGE: "digitalSignature"}, "invalid CA certificate"),
    ],
)
def test_what_is_not_for_tls_servers_says_why(
    place: str, values: dict[str, str], reason: str
) -> None:
    tables = {KEY_USAGE: KEY_USAGES, EXTENDED_KEY_USAGE: EXTENDED, NETSCAPE: NETSCAPE_TYPES}
    chosen = {kind: tables[kind][name] for kind, name in values.items()}
    chain, top = chain_with(place, chosen)
    store = TrustStore(added=ssl.DER_cert_to_PEM_cert(top).encode())
    trust = store.verify(chain, OBSERVED_AT)
    assert isinstance(trust, Untrusted)
    assert trust.reason.startswith(reason)
    assert trust.of_leaf is (place == "leaf")
    case = replace(case_of(chain_visit(chain)), trust=store)
    kind = "is not for TLS servers" if place == "leaf" else "does not lead to a trusted root"
    fails(kind, reason)(cert_untrusted.RULE.judge(case))


@pytest.mark.parametrize("values", [{KEY_USAGE: "keyCertSign"}, {EXTENDED_KEY_USAGE: "any"}])
def test_usages_count_under_mta_sts_and_a_trust_anchor_and_not_under_usage_3(
    values: dict[str, str],
) -> None:
    tables = {KEY_USAGE: KEY_USAGES, EXTENDED_KEY_USAGE: EXTENDED}
    chain, _ = chain_with("leaf", {kind: tables[kind][name] for kind, name in values.items()})
    visit = chain_visit(chain)
    refused = fails("(cert-untrusted)")
    refused(ask_visit(mta_sts_mx_unauthenticated.RULE, visit, domain=sts_domain()))
    anchored = endpoint_case(host_with(tlsa(text_of(record(2, 0, of=chain[1])))), visit)
    fails("unsuitable certificate purpose")(dane_mismatch.RULE.judge(anchored))
    fails("is not for TLS servers")(cert_untrusted.RULE.judge(anchored))
    by_leaf = endpoint_case(host_with(tlsa(text_of(record(3, 1, of=chain[0])))), visit)
    passes()(dane_mismatch.RULE.judge(by_leaf))
    passes("TLSA record 3 1 1")(cert_untrusted.RULE.judge(by_leaf))
