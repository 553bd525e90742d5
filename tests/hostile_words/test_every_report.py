"""Hostile words in every text of the evidence: to every report they are words, and no more."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from mxcheck.app import Judging
from mxcheck.config.load import Config
from mxcheck.config.model import Color
from mxcheck.config.output import ReportRequest, Screen
from mxcheck.evidence.domain import Run
from mxcheck.judge.verdict import Conclusion, Verdict
from mxcheck.model.location import Location
from mxcheck.model.policy import Level, Policy
from mxcheck.model.targets import Target
from mxcheck.model.visible import is_visible
from mxcheck.model.waivers import Waiver
from mxcheck.probe.settings import ProbeSettings
from mxcheck.report import REPORTS
from mxcheck.report.text.page import render_summary
from mxcheck.rules import RULES
from tests.hostile_words.payloads import PAYLOADS, VERY_LONG
from tests.hostile_words.walking import Words, everywhere
from tests.report.pages import PARSERS, Parsers, assert_inert, github
from tests.report.rendering import render_text
from tests.report.runner import run_line
from tests.report.test_codequality import assert_valid_codequality
from tests.report.test_hostile import assert_no_command
from tests.report.test_hostile_findings import assert_plain, texts
from tests.saving import as_evidence, loaded_run
from tests.whole import whole_evidence
from tests.whole_posture import SELECTORS

EVERY_RULE = Policy(
    dkim_selectors=SELECTORS,
    levels={rule.id: Level.ERROR for rule in RULES if rule.level is Level.OFF},
)
KINDS = [*PAYLOADS, "very long"]
LONGEST_LINE = 8192
OUR_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
OF_JUNIT = {
    *("testsuites", "testsuite", "testcase", "properties", "property"),
    *("failure", "error", "skipped", "system-out"),
}
OF_MARKDOWN = {
    *("h1", "h2", "p", "ul", "li", "strong", "em", "code", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def words_of(kind: str) -> str:
    return PAYLOADS.get(kind, VERY_LONG)


@cache
def share_for(kind: str) -> Run:
    """Every third domain of the evidence; each third has every third kind of words."""
    whole = whole_evidence()
    return replace(whole, domains=whole.domains[KINDS.index(kind) % 3 :: 3])


def config_of(kind: str, *reports: ReportRequest) -> Config:
    """A configuration that says them too, where it may."""
    words = Words(words_of(kind))
    names = [domain.name for domain in everywhere(share_for(kind), words).domains]
    # Paths are relative, and made of what file systems have; odd bytes in them are surrogates.
    here = Location(path=f"x{words.escaped}\udcff")
    return Config(
        policy=EVERY_RULE,
        targets=tuple(Target(domain=name, policy=EVERY_RULE, location=here) for name in names),
        probe=ProbeSettings(),
        waivers=(
            Waiver(rule="cert-expired", until=date(2026, 12, 31), reason=words.text),
            Waiver(rule="mx-null", until=date(2026, 1, 1), reason=words.text, mx=words.text),
        ),
        reports=reports,
        screen=Screen(color=Color.ALWAYS, verbose=True),
        location=here,
    )


@cache
def verdict_of(kind: str) -> Verdict:
    evidence = everywhere(share_for(kind), Words(words_of(kind)))
    return Judging(config_of(kind), today=date(2026, 2, 1)).judge(as_evidence(evidence))


@cache
def part_of(kind: str) -> Verdict:
    """Some domains, for what takes its time: a quarter of them, or two with the longest words."""
    verdict = verdict_of(kind)
    step = len(verdict.domains) // 2 if kind == "very long" else 4
    return replace(verdict, domains=verdict.domains[KINDS.index(kind) % step :: step])


@cache
def rendered(kind: str, format_: str) -> str:
    return "".join(REPORTS[format_](verdict_of(kind)))


def assert_lines(text: str) -> None:
    """Lines that can be printed, of a bearable length, and none of them a command."""
    assert_no_command(text)
    for line in text.split("\n"):
        assert is_visible(line)
        assert len(line) <= LONGEST_LINE


@pytest.mark.parametrize("kind", KINDS)
class TestEveryReport:
    def test_text(self, kind: str) -> None:
        verdict = verdict_of(kind)
        for text in (render_text(verdict, verbose=True), render_text(verdict, verbose=False)):
            assert_lines(text)
        summary = render_summary(verdict)
        assert_lines(summary)
        not_passed = [one for one in verdict.domains if one.conclusion is not Conclusion.PASS]
        assert summary.count("\n") == len(not_passed) + 1

    def test_junit(self, kind: str) -> None:
        text = rendered(kind, "junit-xml")
        assert_no_command(text)
        assert all(is_visible(line) for line in text.split("\n"))
        verdict = verdict_of(kind)
        root = ET.fromstring(text)  # noqa: S314 - written a moment ago
        assert {element.tag for element in root.iter()} == OF_JUNIT
        asked = [len(one.results) + len(one.switched_off) for one in verdict.domains]
        assert [len(suite.findall("testcase")) for suite in root] == asked

    def test_json(self, kind: str) -> None:
        text = rendered(kind, "json")
        assert text.isascii()
        assert_no_command(text)
        assert len(json.loads(text)["domains"]) == len(verdict_of(kind).domains)

    def test_sarif(self, kind: str) -> None:
        text = rendered(kind, "sarif")
        assert text.isascii()
        assert_no_command(text)
        [run] = json.loads(text)["runs"]
        for said in texts(run):
            assert_plain(said)

    def test_code_quality(self, kind: str) -> None:
        text = rendered(kind, "codequality")
        assert text.isascii()
        assert_no_command(text)
        assert_valid_codequality(text)
        assert all(is_visible(issue["description"]) for issue in json.loads(text))

    @pytest.mark.parametrize(
        ("format_", "parsers"), [("markdown", PARSERS), ("github-summary", (github,))]
    )
    def test_markdown(self, kind: str, format_: str, parsers: Parsers) -> None:
        text = "".join(REPORTS[format_](part_of(kind)))
        assert_no_command(text)
        folds = text.count("<details>")
        for parse in parsers:
            page = parse(text)
            assert set(page.tags) <= OF_MARKDOWN
            assert page.tags.count("details") == folds
            assert_inert(page)

    def test_annotations(self, kind: str) -> None:
        text = rendered(kind, "github-annotations")
        assert all(is_visible(line) for line in text.split("\n"))
        for line in text.splitlines():
            command = run_line(line)
            assert command.name in {"error", "warning", "notice"}
            assert list(command.properties) == ["file", "line", "title"]
            assert_no_command(command.data.replace("\r", "\n"))

    def test_saved_evidence(self, kind: str) -> None:
        text = rendered(kind, "save-evidence")
        assert text.isascii()
        assert_no_command(text)
        words = Words(Words(words_of(kind)).escaped)
        assert loaded_run(text) == everywhere(share_for(kind), words)
