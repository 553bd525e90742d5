"""The odd servers: OpenSSL with odd settings, GnuTLS in Exim, and a server made by hand."""

import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

from mxcheck.demo.smtp_script import Tls
from tests.tls12 import MASTER_SECRET, RENEGOTIATION_INFO, Handmade

TLS10, TLS11 = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
HOST = "mx.odd.test"


class Files(TypedDict):
    """A certificate and its key."""

    chain_pem: bytes
    key_pem: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OddTls(Tls):
    """A server with OpenSSL: a Diffie-Hellman group of that size, one curve alone.

    `asking` tells whether clients have to show a certificate.
    """

    dh_bits: int = 0
    curve: str = ""
    asking: ssl.VerifyMode = ssl.CERT_NONE

    def context(self) -> ssl.SSLContext:
        """Make the server's TLS context."""
        context = Tls.context(self)
        context.verify_mode = self.asking
        if self.dh_bits:
            with tempfile.NamedTemporaryFile("w") as file:
                file.write(_openssl("dhparam", "-dsaparam", str(self.dh_bits)))
                file.flush()
                context.load_dh_params(file.name)
        if self.curve:
            context.set_ecdh_curve(self.curve)
        return context


SUITES: Mapping[str, str] = {
    "aria": "ECDHE-ARIA128-GCM-SHA256",
    "chacha": "ECDHE-RSA-CHACHA20-POLY1305",
    "dhe-chacha": "DHE-RSA-CHACHA20-POLY1305",
    "ccm": "DHE-RSA-AES128-CCM",
    "ccm8": "DHE-RSA-AES128-CCM8",
    "null": "NULL-SHA256",
    "ecdhe-null": "ECDHE-RSA-NULL-SHA",
    "aes256-sha384": "ECDHE-RSA-AES256-SHA384",
    "camellia-sha256": "DHE-RSA-CAMELLIA128-SHA256",
    "adh": "ADH-AES128-GCM-SHA256",
}
"""The only suite of a server that speaks TLS 1.2, by name."""


def openssl_cases() -> Iterator[tuple[str, Tls]]:
    """Yield the servers with OpenSSL, by name."""
    plain = _made()
    yield "plain", plain()
    yield "tls10", plain(minimum_version=TLS10, maximum_version=TLS10)
    yield "tls11", plain(minimum_version=TLS10, maximum_version=TLS11)
    yield "tls12", plain(maximum_version=TLS12)
    yield "tls13", plain(minimum_version=TLS13)
    yield "static-rsa", plain(maximum_version=TLS12, ciphers="AES128-SHA@SECLEVEL=0")
    yield "static-rsa-gcm", plain(maximum_version=TLS12, ciphers="AES128-GCM-SHA256@SECLEVEL=0")
    yield "camellia", plain(maximum_version=TLS12, ciphers="CAMELLIA128-SHA@SECLEVEL=0")
    yield "no-aead", plain(maximum_version=TLS12, ciphers="ECDHE-RSA-AES128-SHA@SECLEVEL=0")
    yield "anonymous", plain(maximum_version=TLS12, ciphers="AECDH-AES128-SHA@SECLEVEL=0")
    for bits in (1024, 1536, 2048):
        ciphers = "DHE-RSA-AES128-SHA@SECLEVEL=0"
        yield f"dh-{bits}", plain(maximum_version=TLS12, ciphers=ciphers, dh_bits=bits)
    for curve in ("secp224r1", "secp521r1", "X448"):
        yield f"curve-{curve.lower()}", plain(curve=curve)
    for bits in (512, 1024):
        yield f"rsa-{bits}", _made("-newkey", f"rsa:{bits}")()
        yield f"rsa-{bits}-tls12", _made("-newkey", f"rsa:{bits}")(maximum_version=TLS12)
    for curve in ("secp224r1", "secp256k1", "secp384r1", "brainpoolP256r1"):
        key = ("-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}")
        yield f"key-{curve.lower()}", _made(*key)()
    yield "sha1-certificate", _made("-newkey", "rsa:2048", "-sha1")()


def odd_openssl_cases() -> Iterator[tuple[str, Tls]]:
    """Yield servers with OpenSSL that speak one thing alone, by name."""
    plain = _made()
    for curve in ("secp256k1", "brainpoolP256r1"):
        key = ("-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}")
        yield f"key-{curve.lower()}-tls12", _made(*key)(maximum_version=TLS12)
    for curve in ("secp256k1", "brainpoolP384r1", "X25519", "secp384r1"):
        yield f"curve-{curve.lower()}-tls12", plain(curve=curve, maximum_version=TLS12)
    for kind in ("ed25519", "ed448"):
        yield f"key-{kind}", _made("-newkey", kind)()
        yield f"key-{kind}-tls12", _made("-newkey", kind)(maximum_version=TLS12)
    pss = ("-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048")
    yield "key-rsa-pss", _made(*pss)()
    yield "key-rsa-pss-tls12", _made(*pss)(maximum_version=TLS12)
    yield "md5-certificate", _made("-newkey", "rsa:2048", "-md5")()
    for name, suite in SUITES.items():
        dh_bits = 2048 if suite.startswith(("DHE", "ADH")) else 0
        yield name, plain(maximum_version=TLS12, ciphers=f"{suite}@SECLEVEL=0", dh_bits=dh_bits)
    for version in (TLS12, TLS13):
        for asking in (ssl.CERT_OPTIONAL, ssl.CERT_REQUIRED):
            name = f"client-{asking.name.lower()}-{version.name.lower()}"
            yield name, plain(maximum_version=version, asking=asking)


def handmade_cases() -> Iterator[tuple[str, Tls]]:
    """Yield the servers made by hand, by name."""
    files = _files("-newkey", "rsa:2048")
    bare = Handmade(**files)
    yield "bare", bare
    yield "no-secure-renegotiation", Handmade(**files, extensions=b"")
    yield "no-secure-renegotiation-dhe", Handmade(**files, extensions=b"", dh_bits=2048)
    yield "extended-master-secret", Handmade(**files, extensions=RENEGOTIATION_INFO + MASTER_SECRET)
    for bits in (512, 768, 1023, 1024):
        yield f"dh-{bits}-by-hand", Handmade(**files, dh_bits=bits)
    yield "sha1-signature", Handmade(**files, dh_bits=2048, digest="sha1")
    yield "sha1-signature-dh-1024", Handmade(**files, dh_bits=1024, digest="sha1")


GNUTLS_CASES: Mapping[str, str] = {
    "gnutls": "NORMAL",
    "gnutls-no-secure-renegotiation": "NORMAL:-VERS-TLS1.3:%DISABLE_SAFE_RENEGOTIATION",
    "gnutls-no-secure-renegotiation-tls13": "NORMAL:%DISABLE_SAFE_RENEGOTIATION",
    "gnutls-no-extended-master-secret": "NORMAL:-VERS-TLS1.3:%NO_SESSION_HASH",
    "gnutls-3des": "NORMAL:-VERS-TLS1.3:-CIPHER-ALL:+3DES-CBC",
    "gnutls-sha1-signature": "NORMAL:-VERS-TLS1.3:-SIGN-ALL:+SIGN-RSA-SHA1",
    "gnutls-no-etm": "NORMAL:-VERS-TLS1.3:%NO_ETM:-CIPHER-ALL:+AES-128-CBC",
    "gnutls-ffdhe2048": "NORMAL:-GROUP-ALL:+GROUP-FFDHE2048",
    "gnutls-ffdhe8192": "NORMAL:-GROUP-ALL:+GROUP-FFDHE8192",
    "gnutls-ffdhe3072-tls12": "NORMAL:-VERS-TLS1.3:-GROUP-ALL:+GROUP-FFDHE3072",
    "gnutls-x448": "NORMAL:-GROUP-ALL:+GROUP-X448",
    "gnutls-p521-tls12": "NORMAL:-VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP521R1",
    "gnutls-ccm8": "NORMAL:-CIPHER-ALL:+AES-128-CCM-8",
    "gnutls-pss": "NORMAL:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA512",
    "gnutls-sha512-tls12": "NORMAL:-VERS-TLS1.3:-SIGN-ALL:+SIGN-RSA-SHA512",
    "gnutls-sha224-tls12": "NORMAL:-VERS-TLS1.3:-SIGN-ALL:+SIGN-RSA-SHA224",
    "gnutls-null": "NORMAL:-VERS-TLS1.3:-CIPHER-ALL:+NULL:-MAC-ALL:+SHA1",
    "gnutls-rc4": "NORMAL:-VERS-TLS1.3:-CIPHER-ALL:+ARCFOUR-128",
    "gnutls-anon": "NORMAL:-VERS-TLS1.3:-KX-ALL:+ANON-ECDH",
    "gnutls-tls10": "NORMAL:-VERS-ALL:+VERS-TLS1.0",
    "gnutls-legacy": "LEGACY:-VERS-TLS1.3:-KX-ALL:+RSA",
}
"""Priority strings of servers with GnuTLS, by name."""


def _made(*key: str) -> Callable[..., OddTls]:
    files = _files(*(key or ("-newkey", "rsa:2048")))
    return lambda **more: OddTls(**files, **more)


@cache
def _files(*key: str) -> Files:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        output = ("-nodes", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/chain.pem")
        _openssl("req", "-x509", *key, *output, "-subj", f"/CN={HOST}")
        return Files(
            chain_pem=(folder / "chain.pem").read_bytes(), key_pem=(folder / "key.pem").read_bytes()
        )


def _openssl(*arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True)
    return done.stdout
