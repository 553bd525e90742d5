"""MTA-STS against real policy hosts: every fault is found, named once, and nothing else is."""

import ssl

import pytest

from tests.real.checked import Checked, DomainReport
from tests.real.nginx import HTTPS_PORT, PATH
from tests.real.sts_case import Case
from tests.real.sts_cases import BUSY, CASES, QUICK, SLOW, SOUND
from tests.real.sts_world import StsWorld, address6_of, address_of

pytestmark = pytest.mark.real

_FAMILIES = ("mta-sts", "tls-rpt")
_BY_NAME = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def seen(sts_world: StsWorld) -> dict[str, DomainReport]:
    """What one run says of each quick case, and others of the slow and of the busy ones."""
    runs = [(QUICK, ("--timeout", "10")), (SLOW, ("--timeout", "2")), (BUSY, ("--retries", "2"))]
    reports = [check(sts_world, *cases, flags=flags).report for cases, flags in runs]
    return {domain["domain"]: domain for report in reports for domain in report["domains"]}


def check(sts_world: StsWorld, *cases: Case, flags: tuple[str, ...] = ()) -> Checked:
    return sts_world.world.check(
        "--domains-file", "-", *flags, stdin="\n".join(c.domain for c in cases)
    )


def failures(report: DomainReport, level: str) -> dict[str, str]:
    return {
        result["rule"]: result["message"]
        for result in report["results"]
        if result["outcome"] == "fail" and result["level"] == level
    }


@pytest.mark.parametrize("name", _BY_NAME)
def test_fault_is_named_and_nothing_else(seen: dict[str, DomainReport], name: str) -> None:
    case = _BY_NAME[name]
    report = seen[case.domain]
    errors = failures(report, "error")
    assert set(errors) == {*case.errors, *case.others}
    for rule, words in case.errors.items():
        assert words in errors[rule]
    warnings = failures(report, "warning")
    assert {rule for rule in warnings if rule.startswith(_FAMILIES)} == set(case.warnings)
    unknown = {r["rule"] for r in report["results"] if r["outcome"] == "unknown"}
    assert unknown == set(case.unknown)


@pytest.mark.parametrize("case", [*SOUND, *BUSY], ids=lambda case: case.name)
def test_what_is_sound_passes_each_rule(seen: dict[str, DomainReport], case: Case) -> None:
    outcomes = {
        result["rule"]: result["outcome"]
        for result in seen[case.domain]["results"]
        if result["rule"].startswith(_FAMILIES)
    }
    assert set(outcomes.values()) == {"pass"}
    assert len(outcomes) > 6


@pytest.mark.usefixtures("seen")
def test_each_policy_is_asked_for_once_and_no_redirect_is_followed(sts_world: StsWorld) -> None:
    for name, status in {"lf": 200, "moved": 301, "not-found": 404, "expired-host": 200}.items():
        assert sts_world.nginx.asked(f"mta-sts.{name}.test") == [f'"GET {PATH} HTTP/1.1" {status}']
    for name in ("no-id", "no-sts"):
        assert sts_world.nginx.asked(f"mta-sts.{name}.test") == []


@pytest.mark.usefixtures("seen")
def test_a_busy_policy_host_is_asked_again_once(sts_world: StsWorld) -> None:
    for case, status in zip(BUSY, (503, 429), strict=True):
        wanted = [f'"GET {PATH} HTTP/1.1" {code}' for code in (status, 200)]
        assert sts_world.nginx.asked(case.policy_host) == wanted


def accepts(sts_world: StsWorld, case: Case, address: str) -> bool:
    """Whether a sender that verifies as OpenSSL does completes the handshake."""
    context = ssl.create_default_context(cafile=str(sts_world.world.ca_file))
    context.hostname_checks_common_name = False
    with sts_world.world.namespace.connect(address, HTTPS_PORT, timeout=10) as connection:
        try:
            context.wrap_socket(connection, server_hostname=case.policy_host).close()
        except ssl.SSLCertVerificationError:
            return False
    return True


@pytest.mark.parametrize("case", [case for case in QUICK if case.certifying], ids=lambda c: c.name)
def test_a_certificate_is_accepted_where_openssl_accepts_it(
    seen: dict[str, DomainReport], sts_world: StsWorld, case: Case
) -> None:
    message = failures(seen[case.domain], "error").get("mta-sts-policy-unfetchable", "")
    for address in (address_of(case), *([address6_of(case)] if case.second else [])):
        refused = f"[{address}]: its certificate" in message
        assert accepts(sts_world, case, address) is not refused


def test_a_slow_policy_host_leaves_the_servers_to_be_seen(seen: dict[str, DomainReport]) -> None:
    for case in SLOW:
        outcomes = {result["rule"]: result["outcome"] for result in seen[case.domain]["results"]}
        assert outcomes["smtp-unreachable"] == outcomes["open-relay"] == "pass"


def test_private_addresses_are_not_asked_unless_that_is_allowed(sts_world: StsWorld) -> None:
    before = sts_world.nginx.asked("mta-sts.crlf.test")
    select = ("--select", "mta-sts-policy-unfetchable")
    checked = sts_world.world.check("crlf.test", *select, private=False)
    message = checked.failure("mta-sts-policy-unfetchable")["message"]
    assert "is a loopback address, which is never connected to" in message
    assert sts_world.nginx.asked("mta-sts.crlf.test") == before


def test_roots_of_the_user_are_needed(sts_world: StsWorld) -> None:
    select = ("--select", "mta-sts-policy-unfetchable", "--retries", "0", "--allow-private")
    done = sts_world.world.run("check", "lf.test", *select)
    assert done.returncode == 1
    assert "is neither sent nor trusted" in " ".join(done.stdout.split())
