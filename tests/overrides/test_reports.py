"""What every report says of overrides: at its top, and beside each result that rests on one."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mxcheck.config.output import Screen
from mxcheck.console.output import show
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.overrides import Override, OverrideKind
from mxcheck.judge.conclusion import conclude_run, exit_code_of
from mxcheck.judge.notes import run_notes
from mxcheck.judge.verdict import Conclusion
from mxcheck.model.exit_codes import EXIT_FAIL, EXIT_INTERRUPTED, EXIT_UNKNOWN, EXIT_USAGE
from mxcheck.report import REPORTS
from mxcheck.report.text.page import render_summary
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from tests.build import domain_of, evidence_of, healthy_host, unseen
from tests.judge.judging import judge
from tests.overrides.world import HEALTHY, MX1, MX2, Checked, Given, authority, end_of, staging
from tests.report.rendering import render_text
from tests.saving import as_evidence

# GitLab shows findings and nothing else: there is no top.
WITHOUT_A_TOP = {"codequality"}


@pytest.fixture
async def checked(tmp_path: Path) -> Checked:
    """A run with every kind of override, each of which makes something fail."""
    (tmp_path / "records").write_text(f'_smtp._tls.{HEALTHY}. TXT "v=TLSRPTv1"\n')
    (tmp_path / "mta-sts.txt").write_bytes(b"version: STSv1\n")
    (tmp_path / "new.pem").write_bytes(authority().issue(names=("other.example",)).chain_pem)
    async with staging(MX1) as server:
        flags = {
            "connect_to": (f"{MX1}:25:{end_of(server)}",),
            "mx": (f"{HEALTHY}=10 {MX1}", f"{HEALTHY}=20 nothing.{HEALTHY}"),
            "zone_file": ("records",),
            "cert_file": (f"{MX1}=new.pem",),
            "mta_sts_policy": ("mta-sts.txt",),
            **{name.replace("-", "_"): (str(tmp_path / name),) for name in REPORTS},
        }
        return await Given(folder=tmp_path, flags=flags).check()


def words(text: str) -> str:
    """A text in which white space and what reports escape are of no account."""
    return re.sub(r"(<wbr>|&quot;|&#\d+;|\\n|[^A-Za-z0-9])+", " ", text)


def test_they_change_what_they_should_together(checked: Checked) -> None:
    assert checked.exit_code == EXIT_FAIL
    assert checked.failed() == {
        "mx-unresolvable",
        "mta-sts-policy-invalid",
        "cert-name-mismatch",
        "dane-mismatch",
    }
    assert len(checked.verdict.notes) == 6


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_names_each_override(checked: Checked, name: str, tmp_path: Path) -> None:
    assert checked.report() == EXIT_FAIL
    written = words((tmp_path / name).read_text())
    overrides = [one.name for one in checked.verdict.evidence.overrides]
    assert len(overrides) == 6
    for override in overrides:
        if name == "save-evidence":
            # There the flag and its value stand apart at the top, and together beside a lookup.
            assert words(override.partition(" ")[2]) in written
        elif name not in WITHOUT_A_TOP:
            assert words(f"what if: judged with {override}, not with what is live") in written
    for result in checked.verdict.domains[0].results:
        if result.outcome == "fail" and result.blocks and name != "save-evidence":
            assert words(f"(what if: {', '.join(result.overrides)})") in written


def test_the_text_report_begins_with_them(checked: Checked) -> None:
    for verbose in (True, False):
        text = render_text(checked.verdict, verbose=verbose)
        top, _, rest = text.partition(f"\nFAIL  {HEALTHY}")
        assert top.count("NOTE: what if: judged with --") == 6
        assert words("what if: --zone-file records") in words(rest)
    assert "\nFAIL: " in render_summary(checked.verdict)


def test_the_json_report_has_them_at_the_top_in_lookups_and_results(
    checked: Checked, tmp_path: Path
) -> None:
    checked.report()
    report = json.loads((tmp_path / "json").read_text())
    names = [one.name for one in checked.verdict.evidence.overrides]
    assert report["what_ifs"] == names
    (domain,) = report["domains"]
    assert domain["dns"]["mx"]["what_ifs"] == names[1:3]
    assert domain["dns"]["hosts"][0]["a"]["what_ifs"] == names[:1]
    assert domain["tls_rpt"]["record"]["what_ifs"] == names[3:4]
    by_rule = {result["rule"]: result["what_ifs"] for result in domain["results"]}
    assert by_rule["tls-rpt-record-invalid"] == names[3:4]
    assert by_rule["mta-sts-policy-invalid"] == names[5:]
    assert by_rule["mta-sts-record-invalid"] == []


UNUSED = {
    "connect_to": ("mx9.healthy.example:25:192.0.2.1:25", "the MX hosts are mx1.healthy.example,"),
    "mx": ("other.example=10 mx.other.example", "the domains are healthy.example"),
    "zone_file": ("other.zone", "none of its record sets was asked for"),
    "cert_file": ("mx9.healthy.example=new.pem", "the MX hosts are mx1.healthy.example,"),
    "mta_sts_policy": ("other.example=mta-sts.txt", "the domains are healthy.example"),
}


@pytest.mark.parametrize("key", UNUSED)
async def test_an_override_that_nothing_used_is_a_usage_error(key: str, tmp_path: Path) -> None:
    (tmp_path / "other.zone").write_text("other.example. MX 10 mx.other.example.\n")
    (tmp_path / "new.pem").write_bytes(authority().issue(names=(MX1,)).chain_pem)
    (tmp_path / "mta-sts.txt").write_text("")
    text, hint = UNUSED[key]
    json_path, junit_path = tmp_path / "report.json", tmp_path / "deep" / "junit.xml"
    flags = {key: (text,), "json": (str(json_path),), "junit_xml": (str(junit_path),)}
    checked = await Given(folder=tmp_path, flags=flags).check()
    assert (checked.exit_code, checked.report()) == (EXIT_USAGE, EXIT_USAGE)
    (note,) = checked.verdict.notes
    assert note.startswith(f"--{key.replace('_', '-')} {text} changed nothing: ")
    assert hint in note
    assert checked.marked() == set()
    report = json.loads(json_path.read_text())
    assert (report["exit_code"], report["verdict"], report["notes"]) == (2, "pass", [note])
    assert note in junit_path.read_text()


async def test_the_screen_says_so_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = {"mx": ("other.example=10 mx.other.example",)}
    checked = await Given(folder=tmp_path, flags=flags).check()
    show(checked.verdict, Screen())
    text = capsys.readouterr().out
    assert "exit code 2: an override changed nothing" in text
    assert "NOTE: --mx other.example=10 mx.other.example changed nothing" in text


async def test_an_end_that_a_closer_one_stands_before_is_not_used(tmp_path: Path) -> None:
    async with staging(MX1) as server:
        both = (f":25:{end_of(server)}", f"{MX1}:25:{end_of(server)}", f"{MX2}::{end_of(server)}")
        flags = {"connect_to": both, "select": ("smtp",)}
        checked = await Given(folder=tmp_path, flags=flags).check()
    assert checked.exit_code == EXIT_USAGE
    assert f"--connect-to {both[0]} changed nothing: " in checked.verdict.notes[0]
    assert "or a closer --connect-to led it" in checked.verdict.notes[0]


TYPO = Override(kind=OverrideKind.CONNECT_TO, given="mx9.example.com:25:192.0.2.1:25")
WRONG_DOMAIN = Override(kind=OverrideKind.MX, given="other.example=10 mx")


@pytest.mark.parametrize("interrupted", [True, False])
def test_a_run_that_ended_early_accuses_nobody(*, interrupted: bool) -> None:
    evidence = replace(
        evidence_of(),
        overrides=(TYPO, WRONG_DOMAIN),
        interrupted=interrupted,
        deadline_passed=not interrupted,
    )
    code = EXIT_INTERRUPTED if interrupted else EXIT_UNKNOWN
    assert exit_code_of(as_evidence(evidence), [judge()]) == code
    notes = run_notes(as_evidence(evidence), ())
    assert f"{TYPO.name} was not used, as far as was seen: what may lead to it was not" in notes
    assert not any("changed nothing" in note for note in notes)


def test_lookups_that_failed_may_have_led_to_it() -> None:
    lost = unseen(Trouble.SERVFAIL, "SERVFAIL")
    blind = replace(domain_of(), mx=lost)
    evidence = replace(evidence_of(domain=blind), overrides=(TYPO,))
    assert exit_code_of(as_evidence(evidence), [judge(domain=blind)]) == EXIT_UNKNOWN
    assert run_notes(as_evidence(evidence), ()) == (
        f"{TYPO.name} was not used, as far as was seen: what may lead to it was not",
    )
    # Not so with an override that is about another domain.
    evidence = replace(evidence, overrides=(TYPO, WRONG_DOMAIN))
    assert exit_code_of(as_evidence(evidence), [judge(domain=blind)]) == EXIT_USAGE


LOST = unseen(Trouble.SERVFAIL, "SERVFAIL")
RECORDS = Override(kind=OverrideKind.ZONE_FILE, given="records")
CHAIN = Override(kind=OverrideKind.CERT_FILE, given="mx9.example.com=new.pem")
POLICY_HOST = Override(kind=OverrideKind.CONNECT_TO, given="MTA-STS.example.com:443:192.0.2.1:443")
ANY_HOST = Override(kind=OverrideKind.CONNECT_TO, given=":443:192.0.2.1:443")
NO_MX = replace(domain_of(), mx=LOST, hosts=())
NO_ADDRESSES = domain_of(replace(healthy_host(), ipv4=LOST, ipv6=LOST))
HALF = domain_of(replace(healthy_host(), ipv6=LOST))
NO_RECORD = replace(domain_of(), mta_sts=MtaSts(record=LOST))


@pytest.mark.parametrize(
    ("domain", "leads"),
    [
        (NO_MX, {RECORDS, CHAIN, TYPO, POLICY_HOST, ANY_HOST}),
        (NO_ADDRESSES, {RECORDS}),  # there may be aliases
        (HALF, set()),
        (NO_RECORD, {RECORDS, POLICY_HOST, ANY_HOST}),
    ],
)
@pytest.mark.parametrize("override", [RECORDS, CHAIN, TYPO, POLICY_HOST, ANY_HOST, WRONG_DOMAIN])
def test_a_lost_lookup_excuses_what_it_may_lead_to_and_nothing_else(
    domain: Domain, leads: set[Override], override: Override
) -> None:
    evidence = replace(evidence_of(domain=domain), overrides=(override,))
    wanted = EXIT_UNKNOWN if override in leads else EXIT_USAGE
    # Even where all that is judged passes: something else may have been meant.
    assert exit_code_of(as_evidence(evidence), [judge()]) == wanted
    assert conclude_run(as_evidence(evidence), [judge()]) is (
        Conclusion.UNKNOWN if override in leads else Conclusion.PASS
    )


async def test_the_facts_of_a_given_chain_stand_beside_those_of_the_served(tmp_path: Path) -> None:
    ends = timedelta(days=5, hours=1)
    issued = authority().issue(names=(MX1,), not_before=timedelta(days=-85), not_after=ends)
    (tmp_path / "new.pem").write_bytes(issued.chain_pem)
    reports = {name: (str(tmp_path / name),) for name in ("json", "markdown")}
    flags = {"cert_file": (f"{MX1}=new.pem",), "select": ("cert",), **reports}
    checked = await Given(folder=tmp_path, flags=flags).check()
    checked.report()
    leaf, above = map(parse_certificate, issued.der_chain)
    assert isinstance(leaf, CertificateFacts)
    assert isinstance(above, CertificateFacts)
    (domain,) = json.loads((tmp_path / "json").read_text())["domains"]
    mx1, mx2 = domain["mx"]
    assert mx2["given_certificate"] is None
    served, given = mx1["endpoints"][0]["certificate"], mx1["given_certificate"]
    assert served.keys() == given.keys()
    assert (given["sha256"], given["days_left"], given["san"]) == (leaf.sha256, 5, [MX1])
    assert [link["sha256"] for link in given["chain"]] == [leaf.sha256, above.sha256]
    assert served["sha256"] != given["sha256"]
    assert "to deploy 5 days left" in (tmp_path / "markdown").read_text()
    text = render_text(checked.verdict, verbose=False)
    assert text.count("certificate to deploy 5 days left") == 1  # for both addresses
    assert text.count("certificate valid, ") == 1
    details = render_text(checked.verdict, verbose=True).split(f"  To be deployed at {MX1}\n")[1]
    shown = " ".join(details.split("  Seen at")[0].split())
    assert shown.startswith(f"certificate {leaf.subject} from {leaf.issuer}, ")
    assert f"issued by {above.subject} from {above.issuer}, " in shown
    assert f"{leaf.not_after:%Y-%m-%d}, names {MX1}, " in shown
