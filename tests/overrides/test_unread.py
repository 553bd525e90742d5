"""An override that no selected rule reads ends the run with 2: nothing was judged with it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxcheck.demo.world import demo_world
from mxcheck.model.exit_codes import EXIT_PASS, EXIT_USAGE
from tests.overrides.world import HEALTHY, MX1, MX1_ADDRESS, Given, authority

POLICY = "version: STSv1\nmode: enforce\nmx: *.healthy.example\nmax_age: 604800\n"
TXT = f'_mta-sts.{HEALTHY}. TXT "v=STSv1; id=2;"\n'
TLS_RPT = f'_smtp._tls.{HEALTHY}. TXT "v=TLSRPTv1; rua=mailto:tls@{HEALTHY}"\n'
A = f"{MX1}. A {MX1_ADDRESS}\n"

OVERRIDES: Mapping[str, str] = {
    "mta_sts_policy": "policy",
    "cert_file": "chain.pem",
    "zone_file": "records",
    "connect_to": f"{MX1}:25:{MX1_ADDRESS}:25",
    "mx": f"{HEALTHY}=10 {MX1}",
}


def prepare(folder: Path, records: str) -> None:
    (folder / "policy").write_text(POLICY)
    (folder / "chain.pem").write_bytes(authority().issue(names=(MX1,)).chain_pem)
    (folder / "records").write_text(records)


@pytest.mark.parametrize(
    ("key", "records", "select", "read"),
    [
        ("mta_sts_policy", "", "cert-key-weak", False),
        ("mta_sts_policy", "", "mx-missing", False),
        ("mta_sts_policy", "", "smtp,tls,cert-key-weak", False),
        ("mta_sts_policy", "", "cert", False),  # only the words about a failure speak of it
        ("mta_sts_policy", "", "mta-sts-policy-invalid", True),
        ("mta_sts_policy", "", "mta-sts-mx-unlisted", True),
        ("cert_file", "", "open-relay", False),
        ("cert_file", "", "mx-missing", False),
        ("cert_file", "", "mx-name-invalid,mx-not-public", False),
        ("cert_file", "", "caa-forbids-issuer", True),
        ("cert_file", "", "dns", True),
        ("cert_file", "", "smtp-greeting-name", False),
        ("cert_file", "", "cert-name-mismatch", True),
        ("zone_file", TXT, "open-relay", False),
        ("zone_file", TLS_RPT, "mta-sts-policy-invalid", False),
        ("zone_file", TLS_RPT, "cert-key-weak", False),
        ("zone_file", TLS_RPT, "tls-rpt-record-invalid", True),
        ("zone_file", A, "mx-null", False),
        ("zone_file", A, "mx-unresolvable", True),
        ("connect_to", "", "mx-missing", False),
        ("connect_to", "", "tls-rpt-missing", False),
        ("connect_to", "", "smtp-unreachable", True),
        ("mx", "", "tls-rpt-missing", False),
        ("mx", "", "mta-sts-record-invalid", False),
        ("mx", "", "mx-missing", True),
    ],
)
async def test_it_is_used_only_if_a_rule_reads_it(
    key: str, records: str, select: str, tmp_path: Path, *, read: bool
) -> None:
    prepare(tmp_path, records)
    flags = {key: (OVERRIDES[key],), "select": (select,)}
    async with demo_world(datetime.now(UTC)) as world:
        checked = await Given(folder=tmp_path, flags=flags).check(world)
    notes = "\n".join(checked.verdict.notes)
    assert (checked.exit_code == EXIT_USAGE) is not read, notes
    assert ("changed nothing" in notes) is not read
    assert ("what if: judged with" in notes) is read


async def test_one_that_is_read_does_not_speak_for_another(tmp_path: Path) -> None:
    prepare(tmp_path, "")
    keys = ("mta_sts_policy", "cert_file")
    flags = {key: (OVERRIDES[key],) for key in keys} | {"select": ("mta-sts-policy-invalid",)}
    checked = await Given(folder=tmp_path, flags=flags).check()
    assert checked.exit_code == EXIT_USAGE
    unused, used = checked.verdict.notes
    assert used.startswith("what if: judged with --mta-sts-policy policy")
    assert unused.startswith("--cert-file chain.pem changed nothing")


async def test_so_it_is_for_a_domain_with_a_selection_of_its_own(tmp_path: Path) -> None:
    prepare(tmp_path, "")
    domains = (("cert-key-weak", EXIT_USAGE), ("mta-sts-policy-invalid", EXIT_PASS))
    for select, code in domains:
        file = f'[[domain]]\nname = "{HEALTHY}"\nselect = ["{select}"]\n'
        (tmp_path / "mxcheck.toml").write_text(file)
        flags = {"mta_sts_policy": ("policy",)}
        checked = await Given(folder=tmp_path, flags=flags).check()
        assert checked.exit_code == code
