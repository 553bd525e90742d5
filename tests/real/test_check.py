"""`mxcheck check` against real servers: every fault is found, named once, and nothing else is."""

import re

import pytest

from tests.real import postfix_programs
from tests.real.domains import NOBODY, SWALLOWING, SWALLOWING_IPV6
from tests.real.services import BY_NAME
from tests.real.world import RealWorld

pytestmark = pytest.mark.real

HEALTHY = BY_NAME["healthy"]
VERDICTS = {0: "pass", 1: "fail", 3: "unknown"}

# Domains without a fault: each is a way of being healthy.
SOUND = (
    "healthy.test",
    "also-healthy.test",
    "addresses.test",
    "alias.test",
    "implicit.test",
    "ipv6-without-route.test",
    "postscreen-waits.test",
    "six-days.test",
    "tls12.test",
    "unsigned.test",
    "xn--bcher-kva.test",
)

# Domain, and the failures at level error: rule and MX host.
FAULTY = {
    "nothing-here.test": {("mx-missing", None)},
    "nodata.test": {("mx-missing", None)},
    "parked.test": {("mx-null", None)},
    "bogus.test": {("dnssec-bogus", None)},
    "wrong-ds.test": {("dnssec-bogus", None)},
    "bogus-host.test": {("dnssec-bogus", None)},
    "unresolvable.test": {("mx-unresolvable", "mx.unresolvable.test")},
    "literal.test": {("mx-is-address", "127.0.0.2")},
    "space-mx.test": {("mx-name-invalid", "mx\\032.space-mx.test")},
    "port-mx.test": {("mx-name-invalid", "mx:25.port-mx.test")},
    "umlaut-mx.test": {("mx-name-invalid", "m\\195\\164il.umlaut-mx.test")},
    "closed.test": {("smtp-unreachable", "mx.closed.test")},
    "swallowed.test": {("smtp-unreachable", "mx.swallowed.test")},
    "second-mx-dead.test": {("smtp-unreachable", "mx2.second-mx-dead.test")},
    "ipv6-dead.test": {("smtp-unreachable", "mx.ipv6-dead.test")},
    "no-ehlo.test": {("smtp-ehlo-refused", "mx.no-ehlo.test")},
    "no-tls.test": {("starttls-missing", "mx.no-tls.test")},
    "broken-tls.test": {("starttls-refused", "mx.broken-tls.test")},
    "no-common-cipher.test": {("tls-handshake-failed", "mx.no-common-cipher.test")},
    "tls10.test": {("tls-version-old", "mx.tls10.test")},
    "expired.test": {("cert-expired", "mx.expired.test")},
    "expired-wrong-name.test": {
        ("cert-expired", "mx.expired-wrong-name.test"),
        ("cert-name-mismatch", "mx.expired-wrong-name.test"),
    },
    "not-yet-valid.test": {("cert-not-yet-valid", "mx.not-yet-valid.test")},
    "expiring.test": {("cert-expiring", "mx.expiring.test")},
    "wrong-name.test": {("cert-name-mismatch", "mx.wrong-name.test")},
    "common-name-only.test": {("cert-name-mismatch", "mx.common-name-only.test")},
    "missing-intermediate.test": {("cert-chain-incomplete", "mx.missing-intermediate.test")},
    "self-signed.test": {("cert-untrusted", "mx.self-signed.test")},
    "unknown-root.test": {("cert-chain-incomplete", "mx.unknown-root.test")},
    "open-relay.test": {("open-relay", "mx.open-relay.test")},
    "second-mx-open.test": {("open-relay", "mx.open-relay.test")},
    "backup-without-domain.test": {("mx-rejects-domain", "mx.backup-without-domain.test")},
}

# Domain, and the rule that could not be judged.
UNTOLD = {
    "unloaded.test": "mx-missing",
    "only-without-route.test": "smtp-unreachable",
    "turned-away.test": "smtp-greeting-bad",
    "try-later.test": "smtp-greeting-bad",
    "postscreen-denies.test": "smtp-greeting-bad",
    "greylisting.test": "open-relay",
    "blocklisting.test": "open-relay",
}


@pytest.mark.parametrize("domain", SOUND)
def test_sound_domain_passes(real_world: RealWorld, domain: str) -> None:
    checked = real_world.check(domain)
    assert checked.failures() == set()
    assert checked.unknown_rules() == set()
    assert checked.exit_code == 0


@pytest.mark.parametrize("domain", FAULTY)
def test_fault_is_named_and_nothing_else(real_world: RealWorld, domain: str) -> None:
    checked = real_world.check(domain)
    assert checked.failures() == FAULTY[domain]
    assert checked.unknown_rules() == set()
    assert checked.exit_code == 1


@pytest.mark.parametrize("domain", UNTOLD)
def test_what_cannot_be_told_is_unknown(real_world: RealWorld, domain: str) -> None:
    checked = real_world.check(domain)
    assert checked.failures() == set()
    assert checked.unknown_rules() == {UNTOLD[domain]}
    assert checked.exit_code == 3


def test_one_run_over_all_domains_comes_to_the_same(real_world: RealWorld) -> None:
    expected = dict.fromkeys(SOUND, 0) | dict.fromkeys(FAULTY, 1) | dict.fromkeys(UNTOLD, 3)
    checked = real_world.check("--domains-file", "-", stdin="\n".join(expected))
    verdicts = {domain["domain"]: domain["verdict"] for domain in checked.report["domains"]}
    assert verdicts == {domain: VERDICTS[code] for domain, code in expected.items()}
    assert checked.exit_code == checked.report["exit_code"] == 1


def test_healthy_domain_passes_on_both_address_families(real_world: RealWorld) -> None:
    checked = real_world.check("healthy.test")
    for address in HEALTHY.addresses:
        outcomes = checked.of_address(address)
        assert outcomes["smtp-unreachable"] == "pass"
        assert outcomes["cert-untrusted"] == "pass"
        assert outcomes["open-relay"] == "pass"
        assert outcomes["mx-rejects-domain"] == "pass"
        without_policy = {"dane-mismatch", "mta-sts-mx-unauthenticated"}  # nothing promises it
        assert {rule for rule, found in outcomes.items() if found != "pass"} == without_policy
        assert {outcomes[rule] for rule in without_policy} == {"not-applicable"}


def test_name_outside_ascii(real_world: RealWorld) -> None:
    assert real_world.check("bücher.test").exit_code == 0


def test_implicit_mx_is_a_warning(real_world: RealWorld) -> None:
    checked = real_world.check("implicit.test")
    assert [result["rule"] for result in checked.results("fail", "warning")] == ["mx-implicit"]
    assert real_world.check("implicit.test", "--fail-on", "warning").exit_code == 1


def test_unreachable_address_fails_one_rule_and_the_rest_does_not_apply(
    real_world: RealWorld,
) -> None:
    outcomes = real_world.check("closed.test").of_address(NOBODY)
    assert outcomes.pop("mx-not-public") == "pass"
    assert outcomes.pop("smtp-unreachable") == "fail"
    assert set(outcomes.values()) == {"not-applicable"}


def test_each_address_is_judged_for_itself(real_world: RealWorld) -> None:
    checked = real_world.check("ipv6-dead.test")
    assert checked.of_address(HEALTHY.addresses[0])["smtp-unreachable"] == "pass"
    assert checked.of_address(SWALLOWING_IPV6)["smtp-unreachable"] == "fail"


class TestWorkedCases:
    def test_second_mx_times_out(self, real_world: RealWorld) -> None:
        failure = real_world.check("second-mx-dead.test").failure("smtp-unreachable")
        subject = {key: value for key, value in failure["subject"].items() if value}
        assert subject == {"mx": "mx2.second-mx-dead.test", "address": SWALLOWING}
        assert "mx2.second-mx-dead.test" in failure["message"]
        assert re.search(r"TCP.*25", failure["remedy"])
        assert "MX record" in failure["remedy"]

    def test_certificate_has_expired_and_lacks_the_name(self, real_world: RealWorld) -> None:
        checked = real_world.check("expired-wrong-name.test")
        assert "expired" in checked.failure("cert-expired")["message"]
        assert "certbot" in checked.failure("cert-expired")["remedy"]
        mismatch = checked.failure("cert-name-mismatch")
        assert "mail.elsewhere.test" in mismatch["message"]
        assert "mx.expired-wrong-name.test" in mismatch["remedy"]
        assert "SAN" in mismatch["remedy"]

    def test_open_relay(self, real_world: RealWorld) -> None:
        failure = real_world.check("open-relay.test").failure("open-relay")
        assert "open relay" in failure["message"]
        for words in (
            "smtpd_relay_restrictions",
            "permit_mynetworks",
            "reject_unauth_destination",
            "receive connectors",
        ):
            assert words in failure["remedy"]
        assert "again" in failure["remedy"]


class TestThresholds:
    def test_minimum_tls_version(self, real_world: RealWorld) -> None:
        assert real_world.check("tls10.test", "--min-tls", "1.0").exit_code == 0
        checked = real_world.check("tls12.test", "--min-tls", "1.3")
        assert checked.failures() == {("tls-version-old", "mx.tls12.test")}

    def test_minimum_days(self, real_world: RealWorld) -> None:
        assert real_world.check("expiring.test", "--min-cert-days", "5").exit_code == 0
        checked = real_world.check("six-days.test", "--min-cert-days", "14")
        assert checked.failures() == {("cert-expiring", "mx.six-days.test")}

    @pytest.mark.parametrize(
        ("domain", "version"),
        [("healthy.test", "TLSv1.3"), ("tls12.test", "TLSv1.2"), ("tls10.test", "TLSv1")],
    )
    def test_negotiated_version_is_reported(
        self, real_world: RealWorld, domain: str, version: str
    ) -> None:
        (report,) = real_world.check(domain).report["domains"]
        sessions = [endpoint["tls"] for mx in report["mx"] for endpoint in mx["endpoints"]]
        assert {session and session["version"] for session in sessions} == {version}


@pytest.mark.parametrize("domain", ["space-mx.test", "port-mx.test", "umlaut-mx.test"])
def test_postfix_discards_what_is_no_host_name(real_world: RealWorld, domain: str) -> None:
    said = finger(real_world, domain)
    assert "malformed domain name in resource data of MX record" in said
    assert "Connected to" not in said


def test_postfix_delivers_to_a_host_with_an_underscore(real_world: RealWorld) -> None:
    assert "mx_1.underscore-mx.test[" in finger(real_world, "underscore-mx.test")
    checked = real_world.check("underscore-mx.test", "--select", "dns")
    assert checked.exit_code == 0
    assert [one["rule"] for one in checked.results("fail", "warning")] == ["mx-name-invalid"]


def finger(world: RealWorld, domain: str) -> str:
    arguments = ("-l", "may", "-o", "inet_protocols=ipv4", domain)
    return postfix_programs.finger(world.namespace, *arguments)
