"""The verdict on a handshake, held against senders of today over odd servers (ADR 16)."""

from dataclasses import dataclass

import pytest

from tests.real.checked import Report
from tests.real.conftest import _stop_at
from tests.real.exim import PROGRAM
from tests.real.senders.cases import GNUTLS_CASES, handmade_cases, odd_openssl_cases, openssl_cases
from tests.real.senders.senders import Exim, Postfix
from tests.real.senders.world import running

pytestmark = pytest.mark.real

FAILED, OLD, WEAK = "tls-handshake-failed", "tls-version-old", "tls-cipher-weak"
RULES = (FAILED, OLD, WEAK)

# Servers that one of the two senders refuses, and what mxcheck says (ADR 16).
DISAGREED = {
    # Every sender with OpenSSL 3 defers the mail; GnuTLS accepts the server.
    "no-secure-renegotiation": FAILED,
    "no-secure-renegotiation-dhe": FAILED,
    "gnutls-no-secure-renegotiation": FAILED,
    # Only Postfix, and only without any policy, accepts a server without a certificate.
    "anonymous": FAILED,
    "adh": FAILED,
    # GnuTLS does not offer these suites.
    "camellia": WEAK,
    "camellia-sha256": WEAK,
    "aria": WEAK,
    "ccm8": WEAK,
    "aes256-sha384": WEAK,
    # Postfix before 3.8 does not offer finite-field groups in TLS 1.3, and later ones not all.
    "gnutls-ffdhe2048": WEAK,
    "gnutls-ffdhe8192": WEAK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What each sender says of each server, and the outcome of each rule."""

    postfix: dict[str, str]
    exim: dict[str, str]
    rules: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest) -> Verdicts:
    _stop_at(PROGRAM.obstacle())
    with running() as world:
        folder = world.folder / "sending"
        folder.mkdir()
        folder.chmod(0o755)
        postfix, exim = Postfix(world.namespace), Exim(world.namespace, folder)
        versions = f"{postfix.version()}; {exim.version()}"
        request.config.get_terminal_writer().line(f"senders: {versions}")
        return Verdicts(
            postfix={name: postfix.says(*end) for name, end in world.ends.items()},
            exim={name: exim.says(*end) for name, end in world.ends.items()},
            rules=_outcomes(world.check(*RULES)),
        )


def _outcomes(report: Report) -> dict[str, dict[str, str]]:
    return {
        domain["domain"].removesuffix(".test"): {
            result["rule"]: result["outcome"] for result in domain["results"]
        }
        for domain in report["domains"]
    }


MADE = (*openssl_cases(), *odd_openssl_cases(), *handmade_cases())
NAMES = (*GNUTLS_CASES, *(name for name, _ in MADE))


@pytest.mark.parametrize("name", NAMES)
def test_mxcheck_says_what_senders_do(verdicts: Verdicts, name: str) -> None:
    through = {
        Postfix.gets_through(verdicts.postfix[name]),
        Exim.gets_through(verdicts.exim[name]),
    }
    outcomes = verdicts.rules[name]
    failing = [rule for rule in RULES if outcomes[rule] == "fail"]
    said = f"{failing}\n{verdicts.postfix[name]}\n{verdicts.exim[name]}"
    if through == {True}:
        assert FAILED not in failing, said
        assert name not in DISAGREED, said
    elif through == {False}:
        assert FAILED in failing, said
        assert name not in DISAGREED, said
    else:
        assert DISAGREED.get(name) in failing, said
