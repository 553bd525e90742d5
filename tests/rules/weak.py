"""Certificates with weak keys and signatures, which only the `openssl` command still makes."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mxcheck.demo.certificates import Authority, Issued
from tests.build import HOST, authority


@cache
def signed(key: str = "rsa:2048", digest: str = "sha256") -> tuple[bytes, ...]:
    """A chain (DER) for the host, with a key as `openssl req -newkey` makes it."""
    return issue(authority(), key, digest).der_chain


@cache
def below_weak_intermediate(digest: str) -> tuple[bytes, ...]:
    """A good leaf below an intermediate that is signed with a weak digest."""
    middle = authority().issue_intermediate("Weakly Signed CA")
    leaf = middle.issue(names=(HOST,))
    again = issue(authority(), middle, digest)
    return (leaf.der_chain[0], *again.der_chain)


@cache
def own_issuer(key: str, digest: str) -> tuple[bytes, ...]:
    """A certificate that is its own issuer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _openssl(folder, "req", "-x509", *_new_key(key, digest), "-subj", f"/CN={HOST}")
        return (_der(folder, "out.pem"),)


def issue(issuer: Authority, key: str | Authority, digest: str, host: str = HOST) -> Issued:
    """A certificate with a new key for the host, or another one for an authority's own key.

    Only a key of RSA comes with it: cryptography cannot load them all.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ca.pem").write_bytes(issuer.certificate_pem + _key_pem(issuer))
        subject, made = f"/CN={host}", _new_key(key, "sha256") if isinstance(key, str) else []
        if isinstance(key, Authority):
            (folder / "key.pem").write_bytes(_key_pem(key))
            subject, made = "/CN=Weakly Signed CA", ["-key", "key.pem", "-out", "out.pem"]
        san = ("-addext", f"subjectAltName=DNS:{host}")
        _openssl(folder, "req", "-new", *made, *san, "-subj", subject)
        signing = ("-CA", "ca.pem", "-set_serial", "4711", f"-{digest}", "-days", "60")
        copying = ("-copy_extensions", "copy", "-out", "signed.pem")
        _openssl(folder, "x509", "-req", "-in", "out.pem", *signing, *copying)
        loaded = isinstance(key, str) and key.startswith("rsa:")
        return Issued(
            certificate=x509.load_pem_x509_certificate((folder / "signed.pem").read_bytes()),
            key=_load_key(folder) if loaded else issuer.key,
            intermediates=issuer.intermediates,
        )


def _load_key(folder: Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _new_key(key: str, digest: str) -> list[str]:
    kind, _, curve = key.partition(" ")
    options = ["-pkeyopt", f"ec_paramgen_curve:{curve}"] if curve else []
    made = ["-newkey", kind, *options, "-nodes", "-keyout", "key.pem", "-out", "out.pem"]
    return [*made, f"-{digest}"]


def _key_pem(issuer: Authority) -> bytes:
    return issuer.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _der(folder: Path, name: str) -> bytes:
    _openssl(folder, "x509", "-in", name, "-outform", "DER", "-out", "out.der")
    return (folder / "out.der").read_bytes()


def _openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
