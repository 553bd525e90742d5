"""TLS and certificate rules against real servers: Postfix with OpenSSL, Exim with GnuTLS."""

import pytest

from tests.real.services import BY_NAME
from tests.real.world import CheckOnce, RealWorld

pytestmark = pytest.mark.real


def warnings_of(check_once: CheckOnce, domain: str) -> dict[str, str]:
    """Return what is said of each rule that failed as a warning."""
    results = check_once(domain).results("fail", "warning")
    return {result["rule"]: result["message"] for result in results}


def test_healthy_server_has_nothing_old(check_once: CheckOnce) -> None:
    outcomes = check_once("healthy.test").of_address("127.0.1.1")
    for rule in ("tls-legacy-accepted", "tls13-missing", "tls-cipher-weak", "cert-key-weak"):
        assert outcomes[rule] == "pass"


class TestVersions:
    def test_old_versions_beside_new_ones(self, check_once: CheckOnce) -> None:
        warnings = warnings_of(check_once, "legacy-tls.test")
        assert warnings.keys() == {"tls-legacy-accepted"}
        assert "also accepts TLSv1.1 (TLS_ECDHE_" in warnings["tls-legacy-accepted"]
        (report,) = check_once("legacy-tls.test").report["domains"]
        tls = report["mx"][0]["endpoints"][0]["tls"]
        assert tls is not None
        assert tls["version"] == "TLSv1.3"

    def test_a_minimum_that_allows_them(self, real_world: RealWorld) -> None:
        checked = real_world.check("legacy-tls.test", "--min-tls", "1.0")
        assert checked.of_address("127.0.1.40")["tls-legacy-accepted"] == "pass"

    def test_a_minimum_that_even_tls12_does_not_reach(self, real_world: RealWorld) -> None:
        checked = real_world.check("healthy.test", "--min-tls", "1.3")
        assert checked.of_address("127.0.1.1")["tls-legacy-accepted"] == "fail"

    def test_nothing_newer_than_tls12(self, check_once: CheckOnce) -> None:
        assert warnings_of(check_once, "tls12.test").keys() == {"tls13-missing"}

    def test_a_server_that_is_too_old_is_not_asked_for_older_versions(
        self, real_world: RealWorld
    ) -> None:
        before = real_world.connections("tls10")
        outcomes = real_world.check("tls10.test").of_address("127.0.1.7")
        assert real_world.connections("tls10") == before + 3
        assert outcomes["tls-version-old"] == "fail"
        for rule in ("tls-legacy-accepted", "tls13-missing", "tls-cipher-weak"):
            assert outcomes[rule] == "not-applicable"
        assert outcomes["cert-untrusted"] == "pass"


def test_weak_cipher(check_once: CheckOnce) -> None:
    warnings = warnings_of(check_once, "weak-cipher.test")
    assert "no forward secrecy and no authenticated" in warnings["tls-cipher-weak"]


def test_failed_handshake_names_what_another_hello_is_answered(check_once: CheckOnce) -> None:
    message = check_once("no-common-cipher.test").failure("tls-handshake-failed")["message"]
    assert "the server sent the alert handshake_failure" in message
    assert "offered everything old too" in message


class TestInjection:
    def test_it_is_not_asked_unless_selected(self, check_once: CheckOnce) -> None:
        assert "starttls-injectable" not in check_once("healthy.test").of_address("127.0.1.1")

    @pytest.mark.parametrize("domain", ["healthy.test", "exim-healthy.test"])
    @pytest.mark.usefixtures("real_exim")
    def test_no_server_of_today_is_open(self, real_world: RealWorld, domain: str) -> None:
        checked = real_world.check(domain, "--select", "starttls-injectable")
        assert {result["rule"] for result in checked.results("pass")} == {"starttls-injectable"}
        assert checked.exit_code == 0

    def test_it_is_one_of_four_connections(self, real_world: RealWorld) -> None:
        before = real_world.connections("also-healthy")
        real_world.check("also-healthy.test", "--level", "starttls-injectable=error")
        assert real_world.connections("also-healthy") == before + 4


@pytest.mark.usefixtures("real_exim")
class TestWeakCertificates:
    @pytest.mark.parametrize("name", ["weak-key", "exim-weak-key"])
    def test_short_key(self, check_once: CheckOnce, name: str) -> None:
        checked = check_once(f"{name}.test")
        assert checked.failures() == {("cert-key-weak", f"mx.{name}.test")}
        assert "RSA 1024" in checked.failure("cert-key-weak")["message"]

    @pytest.mark.parametrize("name", ["sha1", "exim-sha1"])
    def test_broken_digest(self, check_once: CheckOnce, name: str) -> None:
        checked = check_once(f"{name}.test")
        assert checked.failures() == {("cert-signature-weak", f"mx.{name}.test")}
        assert "SHA-1" in checked.failure("cert-signature-weak")["message"]

    def test_key_too_short_for_tls13(self, real_world: RealWorld) -> None:
        """With 512 bits there is no signature of TLS 1.3, so no handshake with clients of today."""
        checked = real_world.check("weakest-key.test", "--relay", "off")
        failure = checked.failure("tls-handshake-failed")
        assert "up to TLSv1.2, it chooses TLSv1.2" in failure["message"]
        assert "the key RSA 512" in failure["message"]


class TestServers:
    @pytest.mark.parametrize(
        ("name", "flag", "completes"),
        [
            ("legacy-tls", "-tls1", True),
            ("legacy-tls", "-tls1_1", True),
            ("healthy", "-tls1_1", False),
            ("healthy", "-tls1_2", True),
            ("weak-key", "-tls1_3", True),
        ],
    )
    def test_openssl_agrees(
        self, real_world: RealWorld, name: str, flag: str, *, completes: bool
    ) -> None:
        address = BY_NAME[name].address
        done = real_world.namespace.run(
            *("openssl", "s_client", "-starttls", "smtp", "-connect", f"{address}:25"),
            *(flag, "-cipher", "DEFAULT@SECLEVEL=0"),
            stdin="QUIT\r\n",
        )
        assert (done.returncode == 0) is completes, done.stderr
