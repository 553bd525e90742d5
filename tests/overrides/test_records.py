"""`--mx` and `--zone-file`: records before they are published."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxcheck.demo.building import tlsa_record
from mxcheck.demo.world import demo_world
from mxcheck.rules import RULES
from mxcheck.rules.base import Family
from tests.overrides.world import (
    HEALTHY,
    MX1,
    MX1_ADDRESS,
    MX2,
    MX2_ADDRESS,
    Asked,
    Checked,
    Given,
    authority,
)

DNS_RULES = {"mx-missing", "mx-implicit", "mx-null", "dnssec-bogus"}
FILE = ("--zone-file records",)
STALE = f"_25._tcp.{MX1}. TLSA 3 1 1 {'00' * 32}"


async def compare(
    folder: Path, flags: Mapping[str, tuple[str, ...]], records: str = ""
) -> tuple[Checked, set[Asked]]:
    """A run under overrides, and what it says otherwise than one without."""
    (folder / "records").write_text(records)
    async with demo_world(datetime.now(UTC)) as world:
        before = await Given(folder=folder).check(world)
        after = await Given(folder=folder, flags=flags).check(world)
    assert (before.exit_code, before.marked()) == (0, set())
    return after, after.differing(before)


async def laid_over(folder: Path, records: str) -> tuple[Checked, set[Asked]]:
    return await compare(folder, {"zone_file": ("records",)}, records)


def of_host(checked: Checked, host: str) -> set[Asked]:
    return {asked for asked in checked.answers if asked[1].partition(" ")[0] == host}


async def test_an_mx_record_replaces_those_of_the_domain(tmp_path: Path) -> None:
    text = f"{HEALTHY.upper()}.=5 {MX2}."
    checked, differing = await compare(tmp_path, {"mx": (text,)})
    assert checked.marked() == of_host(checked, MX2) | {(rule, "") for rule in DNS_RULES}
    # The other host is gone, and otherwise all is as before.
    assert {subject.partition(" ")[0] for _, subject in differing} == {MX1, ""}
    assert {rule for rule, subject in differing if not subject} == {"mx-missing"}
    assert checked.exit_code == 0
    assert checked.results["mx-missing", ""].message == (
        f"{HEALTHY} has MX 5 {MX2} (what if: --mx {text})"
    )


@pytest.mark.parametrize("domain", ["parked.example", "not-there.example"])
async def test_a_domain_without_mail_may_get_it(domain: str, tmp_path: Path) -> None:
    flags = {"mx": (f"{domain}=10 {MX1}",), "select": ("dns", "smtp")}
    checked = await Given(folder=tmp_path, domains=(domain,), flags=flags).check()
    assert (checked.exit_code, checked.failed()) == (0, set())
    assert set(checked.results) == checked.marked()


async def test_a_null_mx_marks_all_that_it_makes_not_applicable(tmp_path: Path) -> None:
    checked, _ = await compare(tmp_path, {"mx": (f"{HEALTHY}=0 .",)})
    assert checked.failed() == {"mx-null"}
    # What the domain says about the mail that it sends does not depend on its MX record.
    sending = {rule.id for rule in RULES if rule.family is Family.POSTURE}
    assert checked.marked() == {asked for asked in checked.results if asked[0] not in sending}


@pytest.mark.parametrize(
    ("host", "rule"),
    [
        (MX1_ADDRESS, "mx-is-address"),
        ("2001:db8::10", "mx-is-address"),
        (f"nothing.{HEALTHY}", "mx-unresolvable"),
    ],
)
async def test_an_mx_record_may_be_wrong(host: str, rule: str, tmp_path: Path) -> None:
    checked, _ = await compare(tmp_path, {"mx": (f"{HEALTHY}=10 {host}",)})
    assert checked.failed() == {rule}
    # The policy of the domain allows any host below it, and no address.
    assert checked.results[rule, host].overrides == (f"--mx {HEALTHY}=10 {host}",)


async def test_one_tlsa_record_marks_what_looks_at_it(tmp_path: Path) -> None:
    checked, differing = await laid_over(tmp_path, STALE)
    assert differing == {
        ("dane-mismatch", f"{MX1} [{MX1_ADDRESS}]"),
        ("dane-mismatch", f"{MX1} [2001:db8::10]"),
        ("dane-pin-fragile", MX1),  # no record matches any more
    }
    assert checked.failed() == {"dane-mismatch"}
    marked = {rule for rule, _ in checked.marked()}
    assert {rule.partition("-")[0] for rule in marked} == {"dane", "cert", "tls"}
    assert "tls-rpt-missing" in marked
    assert not marked & {"cert-key-weak", "cert-signature-weak", "tls-version-old"}
    assert not of_host(checked, MX2) & checked.marked()


@pytest.mark.parametrize(
    ("record", "failed", "marked"),
    [
        (
            # It is a warning.
            f'_smtp._tls.{HEALTHY}. TXT "v=TLSRPTv1"',
            set(),
            {"tls-rpt-missing", "tls-rpt-record-invalid"},
        ),
        (
            f'_mta-sts.{HEALTHY}. TXT "v=STSv1; id=a-b"',
            {"mta-sts-record-invalid"},
            {
                "dnssec-bogus",
                "mta-sts-record-invalid",
                "mta-sts-policy-unfetchable",
                "mta-sts-cert-expiring",
                "mta-sts-policy-invalid",
                "mta-sts-not-enforced",
                "mta-sts-max-age-short",
                "mta-sts-mx-unlisted",
                "mta-sts-mx-unauthenticated",
                "tls-rpt-missing",
            },
        ),
        (
            # Nobody answers there: what was not fetched rests on the record that led there.
            f"mta-sts.{HEALTHY}. A 192.0.2.21\n",
            {"mta-sts-policy-unfetchable"},
            {
                "dnssec-bogus",
                "mta-sts-policy-unfetchable",
                "mta-sts-cert-expiring",
                "mta-sts-policy-invalid",
                "mta-sts-not-enforced",
                "mta-sts-max-age-short",
                "mta-sts-mx-unlisted",
                "mta-sts-mx-unauthenticated",
                "tls-rpt-missing",
            },
        ),
    ],
)
async def test_records_of_policies(
    record: str, failed: set[str], marked: set[str], tmp_path: Path
) -> None:
    checked, _ = await laid_over(tmp_path, record)
    assert checked.failed() == failed
    assert {rule for rule, _ in checked.marked()} == marked


async def test_an_address_leads_the_visit_there(tmp_path: Path) -> None:
    checked, _ = await laid_over(tmp_path, f"{MX1}. A {MX2_ADDRESS}\n{MX1}. AAAA 2001:db8::10")
    assert of_host(checked, MX1) <= checked.marked() | {
        ("mx-is-address", MX1),
        ("mx-name-invalid", MX1),
        ("mta-sts-mx-unlisted", MX1),
    }
    here = f"{MX1} [{MX2_ADDRESS}]"
    assert checked.results["cert-name-mismatch", here].outcome == "fail"
    # The IPv6 address is the same as before, but it comes from the file.
    assert checked.results["cert-name-mismatch", f"{MX1} [2001:db8::10]"].overrides == FILE


@pytest.mark.parametrize("allow_private", [True, False])
async def test_private_addresses_of_a_zone_file_are_those_of_a_zone(
    *, allow_private: bool, tmp_path: Path
) -> None:
    (tmp_path / "records").write_text(f"{MX1}. A 192.0.2.21\n")
    flags = {"zone_file": ("records",), "select": ("mx-not-public", "smtp-unreachable")}
    given = Given(folder=tmp_path, flags=flags, allow_private=allow_private)
    checked = await given.check()
    result = checked.results["mx-not-public", f"{MX1} [192.0.2.21]"]
    assert result.outcome == ("pass" if allow_private else "fail")
    tried = checked.results["smtp-unreachable", f"{MX1} [192.0.2.21]"]
    assert tried.outcome == ("fail" if allow_private else "not-applicable")


async def test_a_whole_zone_that_lacks_a_host_is_found_out(tmp_path: Path) -> None:
    whole = f"""\
$ORIGIN {HEALTHY}.
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns.example.net.
@ MX 10 mx1
@ MX 20 mx2
mx1 A {MX1_ADDRESS}
{tlsa_record(MX1, authority().issue(names=(MX1,)))}
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@{HEALTHY}"
"""
    checked, _ = await laid_over(tmp_path, whole)
    assert checked.failed() == {"mx-unresolvable", "dane-mismatch"}
    assert checked.results["mx-unresolvable", MX2].message == (
        f"the MX host {MX2} does not exist in DNS (NXDOMAIN): senders cannot reach it"
        " (what if: --zone-file records)"
    )
    # No MTA-STS record is in the file, so there will be none.
    assert checked.results["mta-sts-record-invalid", ""].outcome == "not-applicable"
    of_no_address = checked.results["smtp-unreachable", MX2]
    assert (of_no_address.outcome, of_no_address.overrides) == ("not-applicable", FILE)


async def test_the_last_of_two_files_wins_and_flags_win_over_both(tmp_path: Path) -> None:
    (tmp_path / "first").write_text(f"{HEALTHY}. MX 10 {MX2}.\n{STALE}\n")
    (tmp_path / "second").write_text(f"{HEALTHY}. MX 10 mx9.{HEALTHY}.\n")
    flags = {"zone_file": ("first", "second"), "mx": (f"{HEALTHY}=10 {MX1}",)}
    checked, _ = await compare(tmp_path, flags)
    assert [host.name for host in checked.verdict.evidence.runs[0].domains[0].hosts] == [MX1]
    assert checked.failed() == {"dane-mismatch"}
    assert checked.exit_code == 2
    assert "--zone-file second changed nothing: " in "\n".join(checked.verdict.notes)


async def test_names_may_be_international_and_in_any_case(tmp_path: Path) -> None:
    (tmp_path / "records").write_text(f"BÜCHER.example. MX 10 {MX1.upper()}.\n")
    flags = {"zone_file": ("records",), "select": ("dns", "smtp")}
    checked = await Given(folder=tmp_path, domains=("bücher.example",), flags=flags).check()
    assert checked.exit_code == 0
    assert checked.results["mx-missing", ""].overrides == FILE


async def test_reverse_zones_may_be_given(tmp_path: Path) -> None:
    (tmp_path / "records").write_text(f"10.2.0.192.in-addr.arpa. PTR {MX1}.\n")
    flags = {"zone_file": ("records",), "select": ("reverse-dns-mismatch",), "ipv4": ("yes",)}
    checked = await Given(folder=tmp_path, flags=flags).check()
    result = checked.results["reverse-dns-mismatch", f"{MX1} [{MX1_ADDRESS}]"]
    assert (result.outcome, result.overrides) == ("pass", FILE)
    other = checked.results["reverse-dns-mismatch", f"{MX2} [{MX2_ADDRESS}]"]
    assert (other.outcome, other.overrides) == ("fail", ())
