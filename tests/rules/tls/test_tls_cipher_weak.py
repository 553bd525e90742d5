import ssl
from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import ServerHello
from mxcheck.model.policy import Policy, TlsVersion
from mxcheck.rules.tls.tls_cipher_weak import RULE
from tests.build import ADDRESS, HOST, healthy_tls, healthy_visit, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes

WHERE = f"{HOST} [{ADDRESS}]:25"
NO_SECRECY, NO_AEAD = "no forward secrecy", "no authenticated encryption (AEAD)"
LACKING = "which senders that use GnuTLS, such as Exim in Debian, do not offer"
GOOD = passes(WHERE, "chooses")


def choosing(cipher: str, version: str = "TLSv1.2") -> Visit:
    return replace(healthy_visit(), tls=replace(healthy_tls(), version=version, cipher=cipher))


@pytest.mark.parametrize(
    ("cipher", "want"),
    [
        ("TLS_AES_256_GCM_SHA384", GOOD),
        ("TLS_CHACHA20_POLY1305_SHA256", GOOD),
        ("TLS_AES_128_CCM_8_SHA256", GOOD),
        ("ECDHE-RSA-AES256-GCM-SHA384", GOOD),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", GOOD),
        ("ECDHE-ECDSA-AES128-CCM", GOOD),
        ("ECDHE-ECDSA-AES256-CCM8", fails("CCM8, which senders that use GnuTLS")),
        ("DHE-RSA-AES128-GCM-SHA256", GOOD),
        ("ECDHE-ARIA256-GCM-SHA384", fails(LACKING)),
        ("DHE-RSA-CAMELLIA128-SHA256", fails(NO_AEAD, LACKING)),
        ("ECDHE-RSA-AES256-SHA384", fails(NO_AEAD, LACKING)),
        ("AES128-GCM-SHA256", fails(WHERE, NO_SECRECY)),
        ("AES256-CCM8", fails(NO_SECRECY)),
        ("ECDHE-RSA-AES128-SHA256", fails(NO_AEAD)),
        ("ECDHE-RSA-DES-CBC3-SHA", fails(NO_AEAD)),
        ("EDH-RSA-DES-CBC3-SHA", fails(NO_AEAD)),
        ("DHE-RSA-AES256-SHA", fails(NO_AEAD)),
        ("AES256-SHA", fails(f"AES256-SHA, which has {NO_SECRECY} and {NO_AEAD}")),
        ("RC4-MD5", fails(NO_SECRECY, NO_AEAD, remedy=("ECDHE suites with GCM",))),
        ("DES-CBC3-SHA", fails(NO_SECRECY, NO_AEAD)),
        ("ECDH-RSA-AES128-GCM-SHA256", fails(NO_SECRECY)),
        ("DH-RSA-AES128-GCM-SHA256", fails(NO_SECRECY)),
    ],
)
def test_the_suite_is_strong(cipher: str, want: Want) -> None:
    want(ask_visit(RULE, choosing(cipher)))


def test_openssl_agrees_about_every_suite_that_it_has() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:COMPLEMENTOFALL:!aNULL:!PSK:!SRP:@SECLEVEL=0")
    ciphers = context.get_ciphers()
    assert len(ciphers) > 20
    for cipher in ciphers:
        secret = cipher["kea"] in {"kx-ecdhe", "kx-dhe", "kx-any"}
        offered = "ARIA" not in cipher["name"] and not cipher["name"].endswith("CCM8")
        strong = secret and cipher["aead"] and offered
        want = passes() if strong else fails()
        want(ask_visit(RULE, choosing(cipher["name"])))


DHE, ECDHE = "DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"


@pytest.mark.parametrize(
    ("cipher", "dh_bits", "signature", "want"),
    [
        (DHE, 1024, "rsa_pkcs1_sha256", fails(f"{DHE}, with a Diffie-Hellman group of 1024 bits")),
        (DHE, 2047, "rsa_pkcs1_sha256", fails("2047 bits (2048 are wanted)")),
        (DHE, 2048, "rsa_pkcs1_sha256", GOOD),
        (DHE, 8192, "rsa_pss_rsae_sha256", GOOD),
        (DHE, 1536, "rsa_pkcs1_sha1", fails("1536 bits", "signed by rsa_pkcs1_sha1")),
        (ECDHE, 0, "rsa_pkcs1_sha1", fails("signed by rsa_pkcs1_sha1, which some senders refuse")),
        (ECDHE, 0, "ecdsa_sha1", fails("ecdsa_sha1")),
        (ECDHE, 0, "rsa_pkcs1_md5", fails("rsa_pkcs1_md5")),
        (ECDHE, 0, "rsa_pkcs1_sha224", GOOD),
        (ECDHE, 0, "ed25519", GOOD),
        (ECDHE, 0, "", GOOD),
        ("DHE-RSA-AES128-SHA", 1024, "", fails(f"which has {NO_AEAD} and with a Diffie-Hellman")),
    ],
)
def test_the_key_exchange_is_strong(cipher: str, dh_bits: int, signature: str, want: Want) -> None:
    hello = ServerHello(version="TLSv1.2", cipher="", dh_bits=dh_bits, signature=signature)
    session = replace(healthy_tls(), version="TLSv1.2", cipher=cipher, hello=hello)
    want(ask_visit(RULE, replace(healthy_visit(), tls=session)))


@pytest.mark.parametrize(
    ("group", "want"),
    [
        ("x25519", GOOD),
        ("secp521r1", GOOD),
        ("ffdhe2048", fails("with the group ffdhe2048", "Postfix 3.7")),
        ("ffdhe8192", fails("with the group ffdhe8192", "some senders")),
    ],
)
def test_the_group_is_one_that_senders_offer(group: str, want: Want) -> None:
    hello = ServerHello(version="TLSv1.3", cipher="", group=group)
    want(ask_visit(RULE, replace(healthy_visit(), tls=replace(healthy_tls(), hello=hello))))


@pytest.mark.parametrize(
    ("visit", "minimum", "want"),
    [
        (choosing("AES256-SHA", "TLSv1"), "1.2", not_applicable(owner="tls-version-old")),
        (choosing("ECDHE-RSA-AES256-SHA", "TLSv1"), "1.0", fails(NO_AEAD)),
        (
            visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=()),
            "1.2",
            not_applicable(owner="tls-handshake-failed"),
        ),
    ],
)
def test_an_old_version_is_a_matter_of_its_own(visit: Visit, minimum: str, want: Want) -> None:
    want(ask_visit(RULE, visit, Policy(min_tls=TlsVersion(minimum))))
