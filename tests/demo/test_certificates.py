import subprocess
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from OpenSSL import crypto

from mxcheck.demo.certificates import Authority, Issued, ec_key, self_signed, to_pem
from tests.keys import rsa_key

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
HOST = "mx1.healthy.example"
ROOT = Authority.root(NOW)
ISSUER = ROOT.issue_intermediate()


def verify_with_cryptography(issued: Issued) -> None:
    verifier = PolicyBuilder().store(Store([ROOT.certificate])).time(NOW)
    verifier.build_server_verifier(x509.DNSName(HOST)).verify(
        issued.certificate, list(issued.intermediates)
    )


def verify_with_pyopenssl(issued: Issued) -> None:
    store = crypto.X509Store()
    store.add_cert(crypto.X509.from_cryptography(ROOT.certificate))
    store.set_time(NOW)
    leaf, *above = map(crypto.X509.from_cryptography, issued.chain)
    crypto.X509StoreContext(store, leaf, above).verify_certificate()


def verify_with_openssl(issued: Issued, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "root.pem").write_bytes(ROOT.certificate_pem)
    (folder / "leaf.pem").write_bytes(to_pem(issued.certificate))
    (folder / "above.pem").write_bytes(b"".join(map(to_pem, issued.intermediates)))
    above = ["-untrusted", "above.pem"] if issued.intermediates else []
    options = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", HOST]
    moment = ["-attime", str(int(NOW.timestamp()))]
    return subprocess.run(
        ["openssl", "verify", *options, *moment, "-CAfile", "root.pem", *above, "leaf.pem"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("authority", [ROOT, ISSUER], ids=["root", "intermediate"])
@pytest.mark.parametrize("key", [ec_key(), rsa_key()], ids=["ec", "rsa"])
def test_a_good_chain_is_accepted_by_three_verifiers(
    authority: Authority, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    issued = authority.issue(names=(HOST,), key=key)
    verify_with_cryptography(issued)
    verify_with_pyopenssl(issued)
    assert verify_with_openssl(issued, tmp_path).returncode == 0


def test_an_intermediate_left_out_breaks_the_chain(tmp_path: Path) -> None:
    issued = ISSUER.issue(names=(HOST,)).without_intermediates()
    assert len(issued.chain) == 1
    assert "unable to get local issuer" in verify_with_openssl(issued, tmp_path).stderr
    with pytest.raises(crypto.X509StoreContextError):
        verify_with_pyopenssl(issued)


def test_an_issuing_authority_may_not_stand_above_another(tmp_path: Path) -> None:
    issued = ISSUER.issue_intermediate("Too Deep CA").issue(names=(HOST,))
    assert len(issued.chain) == 3
    assert "path length" in verify_with_openssl(issued, tmp_path).stderr


def test_another_host_name_is_refused(tmp_path: Path) -> None:
    issued = ISSUER.issue(names=("mail.healthy.example",))
    assert "mismatch" in verify_with_openssl(issued, tmp_path).stderr.lower()
    with pytest.raises(VerificationError):
        verify_with_cryptography(issued)


def test_dates_are_relative_to_now() -> None:
    leaf = ROOT.issue(names=(HOST,), not_after=timedelta(days=-3)).certificate
    assert leaf.not_valid_after_utc == NOW - timedelta(days=3)
    assert leaf.not_valid_before_utc == NOW - timedelta(days=93)
    leaf = ROOT.issue(names=(HOST,), not_before=timedelta(days=1)).certificate
    assert leaf.not_valid_before_utc == NOW + timedelta(days=1)


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    issued = ISSUER.issue(names=(HOST,), not_after=timedelta(days=-3))
    assert "expired" in verify_with_openssl(issued, tmp_path).stderr


def test_names_may_be_hosts_wildcards_and_addresses() -> None:
    leaf = ROOT.issue(names=(HOST, "*.healthy.example", "192.0.2.10")).certificate
    san = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert not san.critical
    assert san.value.get_values_for_type(x509.DNSName) == [HOST, "*.healthy.example"]
    assert san.value.get_values_for_type(x509.IPAddress) == [ip_address("192.0.2.10")]


def test_without_names_there_is_a_common_name_alone() -> None:
    leaf = ROOT.issue(common_name=HOST).certificate
    assert leaf.subject.rfc4514_string() == f"CN={HOST}"
    with pytest.raises(x509.ExtensionNotFound):
        leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)


def test_extended_key_usages_can_be_chosen(tmp_path: Path) -> None:
    issued = ROOT.issue(names=(HOST,), usages=(ExtendedKeyUsageOID.CLIENT_AUTH,))
    assert "purpose" in verify_with_openssl(issued, tmp_path).stderr
    with pytest.raises(x509.ExtensionNotFound):
        ROOT.issue(names=(HOST,), usages=()).certificate.extensions.get_extension_for_class(
            x509.ExtendedKeyUsage
        )


def test_weak_keys_can_be_made() -> None:
    assert rsa_key(1024).key_size == 1024
    assert ec_key(ec.SECP192R1()).key_size == 192


def test_a_self_signed_certificate_is_its_own_issuer(tmp_path: Path) -> None:
    issued = self_signed(NOW, names=(HOST,))
    issued.certificate.verify_directly_issued_by(issued.certificate)
    assert "self-signed" in verify_with_openssl(issued, tmp_path).stderr


def test_the_chain_is_given_leaf_first_without_the_root() -> None:
    issued = ISSUER.issue(names=(HOST,))
    assert issued.chain == (issued.certificate, ISSUER.certificate)
    assert tuple(x509.load_pem_x509_certificates(issued.chain_pem)) == issued.chain
    assert tuple(map(x509.load_der_x509_certificate, issued.der_chain)) == issued.chain
    assert issued.key_pem.startswith(b"-----BEGIN PRIVATE KEY-----")
