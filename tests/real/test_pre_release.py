"""Changes before they are made, against real servers: what is said before is what comes after."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.demo.certificates import Issued
from tests.real.checked import Checked
from tests.real.dane.case import Delivery
from tests.real.pre_release import (
    FORGETFUL,
    KEPT,
    MISNAMED,
    RENEWED,
    STAGED,
    STAGING_PORT,
    UNDER_WILDCARD,
    World,
    marks,
)
from tests.real.services import Service
from tests.real.sts_world import StsWorld

pytestmark = pytest.mark.real

STAGED_DOMAIN, NEW_HOST = "staged-mx.test", "mx-new.staged-mx.test"
DANE = ("--select", "dane,cert,starttls-missing")


class TestNewHostOnStaging:
    """Gate 1: a new MX under its future name, which is not in DNS, on another address and port."""

    def check(self, pre_world: World, service: Service, *flags: str) -> Checked:
        """Without `--allow-private`: the address is named."""
        to = f"{NEW_HOST}:25:{service.address}:{STAGING_PORT}"
        records = ("--mx", f"{STAGED_DOMAIN}=10 {NEW_HOST}", "--connect-to", to)
        return pre_world.real.check(STAGED_DOMAIN, *records, *flags, private=False)

    def test_a_server_that_is_ready(self, pre_world: World) -> None:
        before = pre_world.real.connections(STAGED.name)
        checked = self.check(pre_world, STAGED)
        assert (checked.exit_code, checked.failures()) == (0, set())
        assert pre_world.real.connections(STAGED.name) > before
        assert len(checked.report["notes"]) == 2
        assert checked.of_address(STAGED.address)["open-relay"] == "pass"
        assert checked.of_address(STAGED.address)["mx-not-public"] == "not-applicable"

    @pytest.mark.parametrize(
        ("service", "rule"), [(FORGETFUL, "mx-rejects-domain"), (MISNAMED, "cert-name-mismatch")]
    )
    def test_one_that_is_not(self, pre_world: World, service: Service, rule: str) -> None:
        checked = self.check(pre_world, service)
        assert checked.failures() == {(rule, NEW_HOST)}
        assert "(what if: --mx " in checked.failure(rule)["message"]

    def test_nobody_there(self, pre_world: World) -> None:
        """Refused by what the user named: no control host is asked about that."""
        nobody = replace(STAGED, addresses=("127.0.8.99",))
        checked = self.check(pre_world, nobody, "--canary", "127.0.8.98")
        assert checked.failures() == {("smtp-unreachable", NEW_HOST)}
        assert "port 2525 of" in checked.failure("smtp-unreachable")["message"]

    def test_without_its_address_it_is_not_there(self, pre_world: World) -> None:
        checked = pre_world.real.check(STAGED_DOMAIN, "--mx", f"{STAGED_DOMAIN}=10 {NEW_HOST}")
        assert checked.failures() == {("mx-unresolvable", NEW_HOST)}

    def test_the_domain_as_it_is(self, pre_world: World) -> None:
        checked = pre_world.real.check(STAGED_DOMAIN)
        assert (checked.exit_code, marks(checked)) == (0, set())

    def test_a_misspelt_host_is_told(self, pre_world: World) -> None:
        to = f"mx-knew.{STAGED_DOMAIN}:25:{STAGED.address}:{STAGING_PORT}"
        checked = pre_world.real.check(STAGED_DOMAIN, "--connect-to", to)
        assert checked.exit_code == 2
        (note,) = checked.report["notes"]
        assert f"--connect-to {to} changed nothing: " in note
        assert f"the MX hosts are mx.{STAGED_DOMAIN}, on port 25" in note


class TestRenewal:
    """Gate 3: a certificate is renewed under TLSA records that are published."""

    def renew(self, pre_world: World, service: Service, *, keep_key: bool) -> Issued:
        issuing, old = pre_world.real.authorities.issuing, pre_world.issued(service)
        if keep_key:
            return issuing.issue(names=[service.host], key=old.key)
        return issuing.issue(names=[service.host])

    def judge(self, pre_world: World, service: Service, issued: Issued | None = None) -> Checked:
        """What mxcheck says of the domain as it is, or were this deployed."""
        if issued is None:
            return pre_world.real.check(service.domain, *DANE)
        pem = pre_world.real.folder / f"{service.name}.pem"
        pem.write_bytes(issued.key_pem + issued.chain_pem)
        return pre_world.real.check(service.domain, *DANE, "--cert-file", f"{service.host}={pem}")

    def test_a_new_key_breaks_dane_until_its_record_is_published(self, pre_world: World) -> None:
        mismatch = {("dane-mismatch", RENEWED.host)}
        assert self.judge(pre_world, RENEWED).exit_code == 0
        assert pre_world.finger(RENEWED) is Delivery.AUTHENTICATED
        # Before anything is done: what it will break, what to publish first, how long to wait.
        renewed = self.renew(pre_world, RENEWED, keep_key=False)
        told = self.judge(pre_world, RENEWED, renewed)
        assert told.failures() == mismatch
        failure = told.failure("dane-mismatch")
        assert failure["message"].startswith("deploying this certificate breaks DANE for")
        assert "wait one TTL of 300 s at least" in failure["remedy"]
        advised = re.search(r"First publish `(\S+) 300 IN (TLSA [^`]+)`", failure["remedy"])
        assert advised, failure["remedy"]
        # Postfix agrees, once it is deployed all the same.
        pre_world.real.postfix.deploy(RENEWED, renewed)
        assert pre_world.finger(RENEWED) is Delivery.REFUSED
        assert self.judge(pre_world, RENEWED).failures() == mismatch
        # And that what was advised repairs it.
        zone = pre_world.issuances.zone(RENEWED)
        records = (*zone.records, " ".join(advised.groups()))
        pre_world.real.publish(replace(zone, records=records))
        assert pre_world.finger(RENEWED) is Delivery.AUTHENTICATED
        assert self.judge(pre_world, RENEWED).exit_code == 0
        # With both records there, either certificate may be deployed.
        for issued in (renewed, pre_world.issued(RENEWED)):
            assert self.judge(pre_world, RENEWED, issued).exit_code == 0

    def test_the_record_beside_a_wildcard_is_one_of_the_wildcard(self, pre_world: World) -> None:
        """One of a name of its own would hide the wildcard from that name at once."""
        renewed = self.renew(pre_world, UNDER_WILDCARD, keep_key=False)
        failure = self.judge(pre_world, UNDER_WILDCARD, renewed).failure("dane-mismatch")
        advised = re.search(r"First publish `(\S+) 300 IN (TLSA [^`]+)`", failure["remedy"])
        assert advised, failure["remedy"]
        assert advised[1] == f"*._tcp.{UNDER_WILDCARD.host}."
        zone = pre_world.issuances.zone(UNDER_WILDCARD)
        records = (*zone.records, " ".join(advised.groups()))
        pre_world.real.publish(replace(zone, records=records))
        for issued in (pre_world.issued(UNDER_WILDCARD), renewed):
            pre_world.real.postfix.deploy(UNDER_WILDCARD, issued)
            assert pre_world.finger(UNDER_WILDCARD) is Delivery.AUTHENTICATED
            assert self.judge(pre_world, UNDER_WILDCARD).exit_code == 0

    def test_a_renewal_that_keeps_the_key_breaks_nothing(self, pre_world: World) -> None:
        renewed = self.renew(pre_world, KEPT, keep_key=True)
        assert self.judge(pre_world, KEPT, renewed).exit_code == 0
        pre_world.real.postfix.deploy(KEPT, renewed)
        assert pre_world.finger(KEPT) is Delivery.AUTHENTICATED
        assert self.judge(pre_world, KEPT).exit_code == 0


class TestPolicies:
    """Gate 4: a policy against the MX hosts in use, and an MX host against the policy in use."""

    @pytest.mark.parametrize(
        ("host", "words"),
        [
            ("mx.spaces.test", ""),
            ("*.spaces.test", ""),
            ("mx.crlf.test", "does not list the MX host mx.spaces.test, only mx.crlf.test"),
        ],
    )
    def test_a_policy_before_it_is_published(
        self, sts_world: StsWorld, host: str, words: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "mta-sts.txt"
        file.write_text(f"version: STSv1\nmode: enforce\nmx: {host}\nmax_age: 604800\n")
        asked = sts_world.nginx.asked("mta-sts.spaces.test")
        checked = sts_world.world.check("spaces.test", "--mta-sts-policy", f"spaces.test={file}")
        assert sts_world.nginx.asked("mta-sts.spaces.test") == asked
        unlisted = {("mta-sts-mx-unlisted", "mx.spaces.test")}
        assert checked.failures() == (unlisted if words else set())
        assert not words or words in checked.failure("mta-sts-mx-unlisted")["message"]

    @pytest.mark.parametrize("domain", ["no-sts.test", "not-found.test"])
    def test_the_first_policy_of_a_domain(
        self, sts_world: StsWorld, domain: str, tmp_path: Path
    ) -> None:
        """Whether the record is there, or the policy host serves anything, is of no account yet."""
        file = tmp_path / "mta-sts.txt"
        file.write_text(f"version: STSv1\nmode: enforce\nmx: mx.{domain}\nmax_age: 604800\n")
        checked = sts_world.world.check(domain, "--mta-sts-policy", str(file))
        assert checked.failures() == set()
        assert marks(checked) >= {"mta-sts-mx-unlisted", "mta-sts-mx-unauthenticated"}

    def test_a_new_mx_under_the_policy_that_senders_have_cached(self, sts_world: StsWorld) -> None:
        checked = sts_world.world.check("spaces.test", "--mx", "spaces.test=10 mx.crlf.test")
        failure = checked.failure("mta-sts-mx-unlisted")
        assert failure["subject"]["mx"] == "mx.crlf.test"
        assert "and keep that policy for a week (what if: --mx " in failure["message"]
        assert "publish the MX record only when" in failure["remedy"]

    def test_both_together(self, sts_world: StsWorld, tmp_path: Path) -> None:
        file = tmp_path / "mta-sts.txt"
        file.write_text("version: STSv1\nmode: enforce\nmx: mx.crlf.test\nmax_age: 604800\n")
        flags = ("--mx", "spaces.test=10 mx.crlf.test", "--mta-sts-policy", f"spaces.test={file}")
        checked = sts_world.world.check("spaces.test", *flags, "--select", "mta-sts,cert,dns")
        assert (checked.exit_code, checked.failures()) == (0, set())
