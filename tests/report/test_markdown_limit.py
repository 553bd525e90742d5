"""However much a run found, a Markdown report stays below what GitHub takes, and says its cuts."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mxcheck.judge.verdict import Conclusion, Verdict
from mxcheck.report.escape import utf16_units
from mxcheck.report.markdown import LIMIT
from tests.build import healthy_host
from tests.report import verdicts
from tests.report.pages import editor, github
from tests.report.rendering import render_github_summary, render_markdown
from tests.report.verdicts import EXPIRED, SLOW
from tests.report.wide import HERE, LONG, a_domain, failing, headings, passing, run_of

both = pytest.mark.parametrize("render", [render_markdown, render_github_summary])
Render = Callable[[Verdict], str]


@both
def test_hundreds_of_domains_stay_below_the_limit_and_keep_their_rows(render: Render) -> None:
    text = render(run_of(*map(passing, range(150)), *map(failing, range(150))))
    assert LIMIT * 0.9 < utf16_units(text) < LIMIT
    rows = [line.split(" | ")[1] for line in text.splitlines() if ".example` |" in line]
    assert rows[:300] == [
        *(f"`fails{number}.example`" for number in range(150)),
        *(f"`passes{number}.example`" for number in range(150)),
    ]
    # The worst have their details; those that passed are the first to lose them.
    assert "failure 0: " in text
    assert "failure 149: " not in text
    assert "pass 0: " not in text


@both
def test_what_is_left_out_is_counted(render: Render) -> None:
    text = render(run_of(*map(failing, range(50))))
    shown = text.count("**FAIL** `cert-expired`")
    tables = text.count("| MX | host |")
    assert 0 < shown < 250
    assert f"**Left out: {250 - shown} findings, {50 - tables} tables" in text
    assert "`--json`" in text


def test_markdown_says_that_it_left_out_what_passed() -> None:
    text = render_markdown(run_of(*map(passing, range(50))))
    shown = text.count("<details>")
    assert 0 < shown < 50
    assert f"**Left out: what passed of {50 - shown} domains**" in text


@both
def test_of_endless_rows_the_worst_are_kept(render: Render) -> None:
    long = ".".join(["x" * 63] * 3)
    many = [a_domain(f"{long}.{n}.example", [], Conclusion.PASS) for n in range(1000)]
    text = render(run_of(*many, failing(1, 1)))
    assert utf16_units(text) < LIMIT
    rows = [line for line in text.splitlines() if ".example` |" in line]
    assert "`fails1.example`" in rows[0]
    assert f"**Left out: {1001 - len(rows)} domains" in text
    assert headings(text)[0] == "fails1.example: FAIL"


@both
def test_a_table_without_room_leaves_the_findings(render: Render) -> None:
    long = ".".join(["x" * 63] * 3)
    hosts = tuple(healthy_host(f"{n}.{long}", "192.0.2.1") for n in range(1000))
    domain = failing(1, 1)
    text = render(run_of(replace(domain, domain=replace(domain.domain, hosts=hosts))))
    assert utf16_units(text) < LIMIT
    assert "failure 1: " in text
    assert "1 table" in text


@both
def test_of_endless_notes_the_first_are_kept(render: Render) -> None:
    run = replace(verdicts.broken(), notes=tuple(f"note {n}: {LONG}" for n in range(200)))
    text = render(run)
    assert utf16_units(text) < LIMIT
    assert "note 0: " in text
    kept = text.count("- **NOTE**")
    # The waiver's note is short enough to find room behind them.
    assert f"**Left out: {200 - kept} notes**" in text
    assert "matched nothing" in text
    assert headings(text) == ["example.com: FAIL"]


@both
@pytest.mark.parametrize("words", ["|" * 3000, "\U0001f4a9" * 3000, "\U000e0041" * 3000])
def test_characters_are_counted_as_they_are_written(render: Render, words: str) -> None:
    results = [HERE.failed(EXPIRED, f"{n}{words}", words) for n in range(50)]
    text = render(run_of(a_domain("example.com", results, Conclusion.FAIL)))
    assert utf16_units(text) < LIMIT
    assert "**Left out: " in text


@both
def test_the_folds_of_a_cut_page_are_all_closed(render: Render) -> None:
    warned = [
        a_domain(f"w{n}.example", [HERE.failed(SLOW, f"{n} {LONG}", "")] * 3, Conclusion.PASS)
        for n in range(20)
    ]
    text = render(run_of(*map(failing, range(3)), *warned, *map(passing, range(9))))
    assert "Left out" in text
    assert text.count("<details>") == text.count("</details>") > 0
    assert github(text).tags == editor(text).tags
