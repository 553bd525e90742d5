from collections.abc import Iterable
from dataclasses import replace

import pytest

from mxcheck.judge.verdict import Conclusion, DomainVerdict, Outcome, Result, Verdict
from mxcheck.report.github_summary import SUMMARY_LIMIT
from tests.build import healthy_host
from tests.report import verdicts
from tests.report.pages import editor, github
from tests.report.rendering import render_github_summary
from tests.report.verdicts import AT_MX1, EXPIRED, MISNAMED, At

HERE = At(AT_MX1)
LONG = "a long message " * 130


def a_domain(name: str, results: Iterable[Result], conclusion: Conclusion) -> DomainVerdict:
    [domain] = verdicts.healthy().domains
    return replace(
        domain,
        name=name,
        results=tuple(results),
        conclusion=conclusion,
    )


def run_of(*domains: DomainVerdict) -> Verdict:
    return replace(verdicts.healthy(), domains=domains, conclusion=Conclusion.FAIL, exit_code=1)


def failing(number: int, failures: int = 20) -> DomainVerdict:
    results = [HERE.failed(EXPIRED, f"failure {number}: {LONG}", "renew it")] * failures
    return a_domain(f"fails{number}.example", results, Conclusion.FAIL)


def passing(number: int, passes: int = 20) -> DomainVerdict:
    results = [HERE.passed(MISNAMED, f"pass {number}: {LONG}")] * passes
    return a_domain(f"passes{number}.example", results, Conclusion.PASS)


def headings(text: str) -> list[str]:
    found = [line for line in text.splitlines() if line.startswith("## ")]
    return [github(line).text.strip() for line in found]


def size(text: str) -> int:
    return len(text.encode())


def test_the_worst_domain_comes_first() -> None:
    unknown = a_domain("b.example", [HERE.unknown(EXPIRED, "")], Conclusion.UNKNOWN)
    run = run_of(passing(1, 1), unknown, failing(2, 1), failing(1, 1))
    assert headings(render_github_summary(run)) == [
        "fails2.example: FAIL",
        "fails1.example: FAIL",
        "b.example: UNKNOWN",
        "passes1.example: PASS",
    ]


def test_findings_and_passes_are_folded() -> None:
    text = render_github_summary(verdicts.broken())
    _, findings, passes = text.split("<details>")
    assert findings.startswith("<summary>3 failures, 1 warning, 1 unknown, 1 waived</summary>")
    assert "Renew it" in findings
    assert "waived until 2026-12-31: a test server, OPS-123" in findings
    assert passes.startswith("<summary>3 passed, 1 not applicable, 1 switched off</summary>")
    assert "Left out" not in text


def test_hundreds_of_domains_stay_within_the_limit_and_keep_their_headings() -> None:
    run = run_of(*map(passing, range(300)), *map(failing, range(300)))
    text = render_github_summary(run)
    assert SUMMARY_LIMIT * 0.9 < size(text) < SUMMARY_LIMIT
    assert headings(text) == [
        *(f"fails{number}.example: FAIL" for number in range(300)),
        *(f"passes{number}.example: PASS" for number in range(300)),
    ]
    # The worst have their details; those that passed are the first to lose them.
    assert "failure 0: " in text
    assert "failure 299: " not in text
    assert "pass 0: " not in text


def test_what_is_left_out_is_counted() -> None:
    run = run_of(*map(failing, range(100)))
    text = render_github_summary(run)
    shown = text.count("**FAIL** `cert-expired`")
    assert 0 < shown < 2000
    assert f"**Left out: {2000 - shown} results**" in text
    assert "`--markdown`" in text


def test_where_headings_alone_are_too_many_the_worst_are_kept() -> None:
    long = ".".join(["x" * 63] * 3)
    many = [a_domain(f"{long}.{n}.example", [], Conclusion.PASS) for n in range(5000)]
    worst = failing(1, 1)
    text = render_github_summary(run_of(*many, worst))
    assert size(text) < SUMMARY_LIMIT
    found = headings(text)
    assert found[0] == "fails1.example: FAIL"
    left_out = 5001 - len(found)
    assert left_out > 0
    assert f"**Left out: {left_out} domains, " in text


def test_a_table_without_room_leaves_the_findings() -> None:
    long = ".".join(["x" * 63] * 3)
    hosts = tuple(healthy_host(f"{n}.{long}", "192.0.2.1") for n in range(5000))
    domain = failing(1, 1)
    text = render_github_summary(
        run_of(replace(domain, domain=replace(domain.domain, hosts=hosts)))
    )
    assert size(text) < SUMMARY_LIMIT
    assert "failure 1: " in text
    assert "**Left out: 1 table**" in text


def test_of_endless_notes_the_first_are_kept() -> None:
    run = replace(verdicts.broken(), notes=tuple(f"note {n}: {LONG}" for n in range(2000)))
    text = render_github_summary(run)
    assert size(text) < SUMMARY_LIMIT
    assert "note 0: " in text
    kept = text.count("- **NOTE**")
    # The waiver's note is short enough to find room behind them.
    assert f"**Left out: {2000 - kept} notes**" in text
    assert "matched nothing" in text
    assert headings(text) == ["example.com: FAIL"]


@pytest.mark.parametrize("words", ["|" * 3000, "\U0001f4a9" * 3000, "\U000e0041" * 3000])
def test_bytes_are_counted_and_not_characters(words: str) -> None:
    results = [HERE.failed(EXPIRED, words, words)] * 500
    text = render_github_summary(run_of(a_domain("example.com", results, Conclusion.FAIL)))
    assert size(text) < SUMMARY_LIMIT
    assert "**Left out: " in text


def test_the_folds_of_a_cut_summary_are_all_closed() -> None:
    text = render_github_summary(run_of(*map(failing, range(100)), *map(passing, range(9))))
    assert text.count("<details>") == text.count("</details>") > 0
    assert github(text).tags == editor(text).tags


def test_a_run_that_was_not_judged_says_so() -> None:
    domain = replace(failing(1, 0), switched_off=(), conclusion=Conclusion.UNKNOWN)
    text = github(render_github_summary(run_of(domain))).text
    assert "nothing judged" in text
    assert "the run broke off before this domain was judged" in text


def test_every_outcome_is_there() -> None:
    text = github(render_github_summary(verdicts.broken())).text
    outcomes = {result.outcome for result in verdicts.broken().domains[0].results}
    assert outcomes == set(Outcome)
    for result in verdicts.broken().domains[0].results:
        assert result.message in text
