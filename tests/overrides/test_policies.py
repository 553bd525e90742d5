"""`--mta-sts-policy`: a policy before it is published, alone and with new MX records."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxcheck.demo.world import demo_world
from tests.overrides.world import HEALTHY, MX1, MX2, MX2_ADDRESS, Given

FLAG = {"mta_sts_policy": (f"{HEALTHY}=mta-sts.txt",)}
NAME = (f"--mta-sts-policy {HEALTHY}=mta-sts.txt",)
HERE = f"{MX2} [{MX2_ADDRESS}]"
OUTDATED = "mta-sts-outdated.example"


def policy(*hosts: str, mode: str = "enforce", max_age: int = 604800, end: str = "\n") -> bytes:
    lines = ("version: STSv1", f"mode: {mode}", *(f"mx: {host}" for host in hosts))
    return end.join((*lines, f"max_age: {max_age}", "")).encode()


async def test_it_changes_what_is_said_of_the_policy_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mta-sts.txt").write_bytes(policy(MX1))
    async with demo_world(datetime.now(UTC)) as world:
        before = await Given(folder=tmp_path).check(world)
        after = await Given(folder=tmp_path, flags=FLAG).check(world)
    assert after.differing(before) == {
        ("mta-sts-policy-unfetchable", ""),
        ("mta-sts-cert-expiring", ""),
        ("mta-sts-policy-invalid", ""),
        ("mta-sts-mx-unlisted", MX2),
        ("mta-sts-mx-unauthenticated", HERE),
    }
    assert after.failed() == {"mta-sts-mx-unlisted"}
    assert {result.overrides for result in after.results.values()} == {(), NAME}
    assert {rule for rule, _ in after.marked()} == {
        "dnssec-bogus",
        "mta-sts-policy-unfetchable",
        "mta-sts-cert-expiring",
        "mta-sts-policy-invalid",
        "mta-sts-not-enforced",
        "mta-sts-max-age-short",
        "mta-sts-mx-unlisted",
        "mta-sts-mx-unauthenticated",
        "tls-rpt-missing",
    }
    assert len(world.https[f"mta-sts.{HEALTHY}"].requests) == 1  # by the run before


@pytest.mark.parametrize(
    ("body", "failed", "words"),
    [
        (policy(MX1, MX2), set(), ""),
        (policy("*.healthy.example", end="\r\n"), set(), ""),
        (policy(MX1, mode="testing"), set(), ""),
        (b"\xef\xbb\xbf" + policy(MX1, MX2), {"mta-sts-policy-invalid"}, "byte order mark"),
        (policy(MX1).replace(b"max_age", b"max-age"), {"mta-sts-policy-invalid"}, "max_age"),
        (b"", {"mta-sts-policy-invalid"}, "it is empty"),
        (
            policy(*[MX1, MX2] * 2000),
            {"mta-sts-policy-invalid"},
            "it is longer than 64 KiB, and senders stop there",
        ),
        (policy(MX1, MX2) + b"x: y\n" * 40_000, {"mta-sts-policy-invalid"}, "longer than 64 KiB"),
    ],
)
async def test_every_fault_is_found_before_it_is_published(
    body: bytes, failed: set[str], words: str, tmp_path: Path
) -> None:
    (tmp_path / "mta-sts.txt").write_bytes(body)
    flags = {**FLAG, "select": ("mta-sts",)}
    checked = await Given(folder=tmp_path, flags=flags).check()
    assert checked.failed() == failed
    assert words in checked.results["mta-sts-policy-invalid", ""].message
    assert len(checked.verdict.evidence.runs[0].domains[0].mta_sts.policy.overrides) == 1


@pytest.mark.parametrize("domain", ["no-starttls.example", "expired.example"])
async def test_a_domain_without_a_record_is_held_to_it_too(domain: str, tmp_path: Path) -> None:
    (tmp_path / "mta-sts.txt").write_bytes(policy(f"mx1.{domain}"))
    (tmp_path / "records").write_text(f'_mta-sts.{domain}. TXT "none yet"\n')
    flags = {"mta_sts_policy": ("mta-sts.txt",), "zone_file": ("records",)}
    checked = await Given(folder=tmp_path, domains=(domain,), flags=flags).check()
    assert "mta-sts-mx-unauthenticated" in checked.failed()
    # What is said of the failing certificate is that a policy promises better.
    for (rule, subject), result in checked.results.items():
        if rule in {"cert-expired", "cert-name-mismatch"} and result.outcome == "fail":
            assert "enforcing senders refuse delivery" in result.message, subject
            assert "--mta-sts-policy mta-sts.txt" in result.overrides
    report = checked.results["tls-rpt-missing", ""]
    assert report.outcome == ("pass" if domain == "expired.example" else "fail")


@pytest.mark.parametrize(
    ("flags", "failed"),
    [
        # The policy that is live lists mx2 alone, whose certificate has another name.
        ({"mx": (f"{OUTDATED}=10 mx1.{OUTDATED}",)}, {"mta-sts-mx-unlisted"}),
        (
            {"mx": (f"{OUTDATED}=10 mx1.{OUTDATED}",), "mta_sts_policy": ("mta-sts.txt",)},
            set(),
        ),
        (
            {"mta_sts_policy": ("mta-sts.txt",)},
            {"mta-sts-mx-unlisted", "cert-name-mismatch"},
        ),
    ],
)
async def test_policy_and_mx_records_together(
    flags: Mapping[str, tuple[str, ...]], failed: set[str], tmp_path: Path
) -> None:
    (tmp_path / "mta-sts.txt").write_bytes(policy(f"mx1.{OUTDATED}"))
    checked = await Given(folder=tmp_path, domains=(OUTDATED,), flags=flags).check()
    assert checked.failed() == failed


async def test_a_new_mx_under_a_policy_that_is_cached(tmp_path: Path) -> None:
    flags = {"mx": (f"{OUTDATED}=10 mx1.{OUTDATED}",), "select": ("mta-sts",)}
    checked = await Given(folder=tmp_path, domains=(OUTDATED,), flags=flags).check()
    result = checked.results["mta-sts-mx-unlisted", f"mx1.{OUTDATED}"]
    assert "keep that policy for a week (what if: --mx " in result.message
    assert "publish the MX record only when the TTL of that record has passed" in result.remedy


def records(*lines: str, domain: str = OUTDATED) -> bytes:
    """Records about to be published, and no more of a zone than these."""
    return "".join(f"{line}\n" for line in lines).replace("@", f"{domain}.").encode()


NO_STS = ('_mta-sts.@ TXT "given up"',)
MOVED = ("@ MX 10 mx1.@",)


@pytest.mark.parametrize(
    ("lines", "failed", "words"),
    [
        # Senders that have the policy keep it, whatever becomes of the record (RFC 8461 3.1).
        ((*NO_STS, *MOVED), {"mta-sts-mx-unlisted"}, "before this change publish a policy"),
        (NO_STS, {"mta-sts-mx-unlisted", "mta-sts-mx-unauthenticated", "cert-name-mismatch"}, ""),
        ((*MOVED, '_mta-sts.@ TXT "v=STSv1; id=1"'), {"mta-sts-mx-unlisted"}, "Add `mx: "),
    ],
)
async def test_a_record_that_is_withdrawn_leaves_senders_with_the_policy(
    lines: tuple[str, ...], failed: set[str], words: str, tmp_path: Path
) -> None:
    (tmp_path / "records").write_bytes(records(*lines))
    flags = {"zone_file": ("records",), "ignore": ("tls-rpt-missing",)}
    checked = await Given(folder=tmp_path, domains=(OUTDATED,), flags=flags).check()
    assert checked.failed() == failed
    if words:
        result = checked.results["mta-sts-mx-unlisted", f"mx1.{OUTDATED}"]
        assert words in result.remedy
        assert "--zone-file records" in result.overrides


async def test_a_record_may_be_withdrawn_where_the_policy_is_kept_all_the_same(
    tmp_path: Path,
) -> None:
    (tmp_path / "records").write_bytes(records(*NO_STS, domain=HEALTHY))
    flags = {"zone_file": ("records",), "select": ("mta-sts-mx-unlisted",)}
    assert (await Given(folder=tmp_path, flags=flags).check()).exit_code == 0


@pytest.mark.parametrize("number", ["1", "20250101"])
async def test_a_policy_under_the_live_id_is_one_that_nobody_fetches(
    number: str, tmp_path: Path
) -> None:
    text = f'_mta-sts.@ TXT "v=STSv1; id={number};"'
    (tmp_path / "records").write_bytes(records(*MOVED, text))
    (tmp_path / "mta-sts.txt").write_bytes(policy(f"mx1.{OUTDATED}"))
    flags = {"mta_sts_policy": ("mta-sts.txt",), "zone_file": ("records",)}
    checked = await Given(folder=tmp_path, domains=(OUTDATED,), flags=flags).check()
    assert checked.failed() == (set() if number == "1" else {"mta-sts-mx-unlisted"})
    if number != "1":
        result = checked.results["mta-sts-mx-unlisted", f"mx1.{OUTDATED}"]
        assert "that is published now (mode enforce) does not list" in result.message
        assert result.remedy.startswith("Change the id in the TXT record")
