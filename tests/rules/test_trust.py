"""The verdict on a chain, side by side with `openssl verify` on the same certificates."""

import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import certifi
import pytest

from mxcheck.demo.certificates import to_pem
from mxcheck.rules.base import Fail
from mxcheck.rules.cert.cert_chain_incomplete import RULE as INCOMPLETE
from mxcheck.rules.cert.cert_untrusted import RULE as UNTRUSTED
from mxcheck.rules.trust import Trusted, TrustStore, Untrusted, Unverified
from tests.build import OBSERVED_AT, chain_visit, root, trust
from tests.rules.ask import ask_visit
from tests.rules.chains import Chain, chains, der, untrusted_root

DAY = timedelta(days=1)
# At another moment than OBSERVED_AT: when the leaf itself is valid, as the rules about dates
# are the ones to judge that.
MOMENTS = {
    "expired leaf": OBSERVED_AT - 4 * DAY,
    "expired, missing intermediate": OBSERVED_AT - 4 * DAY,
    "leaf not valid yet": OBSERVED_AT + 4 * DAY,
}


def openssl_trusts(chain: Chain, roots: bytes, at: datetime, folder: Path) -> bool:
    """What `openssl verify` says of a chain, as a client of a TLS server."""
    (folder / "roots.pem").write_bytes(roots)
    (folder / "leaf.pem").write_bytes(to_pem(chain[0]))
    (folder / "rest.pem").write_bytes(b"".join(map(to_pem, chain[1:])))
    rest = ["-untrusted", "rest.pem"] if chain[1:] else []
    command = ["openssl", "verify", "-purpose", "sslserver", "-attime", str(int(at.timestamp()))]
    done = subprocess.run(
        [*command, "-no-CApath", "-CAfile", "roots.pem", *rest, "leaf.pem"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, 2}, done.stderr
    return done.returncode == 0


def rules_trust(chain: Chain) -> bool:
    visit = chain_visit(der(chain))
    return not any(isinstance(ask_visit(rule, visit), Fail) for rule in (INCOMPLETE, UNTRUSTED))


@pytest.mark.parametrize("name", chains())
def test_the_rules_and_openssl_agree(name: str, tmp_path: Path) -> None:
    chain, at = chains()[name], MOMENTS.get(name, OBSERVED_AT)
    assert rules_trust(chain) is openssl_trusts(chain, root().certificate_pem, at, tmp_path)


@pytest.mark.parametrize("name", ["good", "unknown root", "directly under an unknown root"])
@pytest.mark.parametrize("added", ["nothing", "root", "untrusted root", "both"])
def test_roots_that_the_user_added(name: str, added: str, tmp_path: Path) -> None:
    pems = {
        "nothing": b"",
        "root": root().certificate_pem,
        "untrusted root": untrusted_root().certificate_pem,
        "both": b"# ours\n" + root().certificate_pem + b"\n" + untrusted_root().certificate_pem,
    }
    answer = TrustStore(added=pems[added]).verify(der(chains()[name]), OBSERVED_AT)
    roots = Path(certifi.where()).read_bytes() + pems[added]
    trusted = openssl_trusts(chains()[name], roots, OBSERVED_AT, tmp_path)
    assert isinstance(answer, Trusted) is trusted


@pytest.mark.parametrize("moment", [-4000 * DAY, -20 * DAY, 0 * DAY, 80 * DAY, 4000 * DAY])
def test_a_leaf_is_verified_at_a_moment_at_which_it_is_valid(moment: timedelta) -> None:
    chain = der(chains()["good"])
    assert isinstance(trust().verify(chain, OBSERVED_AT + moment), Trusted)


def test_verdicts_do_not_depend_on_their_order() -> None:
    names = ["expired leaf", "good", "expired intermediate", "leaf not valid yet", "good"]
    forward = [trust().verify(der(chains()[name]), OBSERVED_AT) for name in names]
    backward = [trust().verify(der(chains()[name]), OBSERVED_AT) for name in reversed(names)]
    assert forward == backward[::-1]


def test_a_broken_chain_says_where_and_whose_certificate_is_missing() -> None:
    lacking = trust().verify(der(chains()["missing intermediate"]), OBSERVED_AT)
    assert isinstance(lacking, Untrusted)
    assert lacking.missing_issuer == "CN=Demo Issuing CA"
    assert (lacking.subject, lacking.of_leaf) == ("CN=mx1.example.com", True)
    expired = trust().verify(der(chains()["expired intermediate"]), OBSERVED_AT)
    assert isinstance(expired, Untrusted)
    assert expired.missing_issuer == ""
    assert (expired.subject, expired.of_leaf) == ("CN=Old Issuing CA", False)
    assert "expired" in expired.reason


VERSION_3, VERSION_6 = bytes.fromhex("a003020102"), bytes.fromhex("a003020105")


def test_an_intermediate_of_a_version_that_is_not_known() -> None:
    leaf, issuer = der(chains()["unknown root"])
    odd = issuer.replace(VERSION_3, VERSION_6, 1)
    answer = trust().verify((leaf, odd), OBSERVED_AT)
    assert isinstance(answer, Untrusted)
    assert answer.subject == "CN=Unknown Issuing CA"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_certificate_that_cannot_be_read(place: int) -> None:
    chain = list(der(chains()["good"]))
    chain.insert(place, b"junk")
    answer = trust().verify(tuple(chain), OBSERVED_AT)
    assert isinstance(answer, Unverified)
    assert answer.reason == "the chain contains a certificate that cannot be read"
