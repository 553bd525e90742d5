from dataclasses import replace

from mxcheck.judge.verdict import Conclusion
from tests.report import verdicts
from tests.report.pages import github
from tests.report.rendering import render_github_summary, render_markdown
from tests.report.verdicts import EXPIRED
from tests.report.wide import HERE, a_domain, failing, headings, passing, run_of


def test_the_worst_domain_comes_first_and_one_that_passed_has_a_row_only() -> None:
    unknown = a_domain("b.example", [HERE.unknown(EXPIRED, "")], Conclusion.UNKNOWN)
    run = run_of(passing(1, 1), unknown, failing(2, 1), failing(1, 1))
    text = render_github_summary(run)
    assert headings(text) == ["fails2.example: FAIL", "fails1.example: FAIL", "b.example: UNKNOWN"]
    rows = [line.split(" | ")[1] for line in text.splitlines() if "`" in line and "| " in line]
    assert rows[:4] == ["`fails2.example`", "`fails1.example`", "`b.example`", "`passes1.example`"]


def test_it_is_the_markdown_report_without_what_passed() -> None:
    summary, markdown = (one(verdicts.broken()) for one in (render_github_summary, render_markdown))
    before, _, passes = markdown.rpartition("<details>")
    assert summary.startswith(before)
    assert "STARTTLS is announced" in passes
    assert "STARTTLS is announced" not in summary
    assert "What passed is in the reports of `--json` and `--junit-xml`." in summary
    assert "Left out" not in summary


def test_a_run_that_was_not_judged_says_so() -> None:
    domain = replace(failing(1, 0), switched_off=(), conclusion=Conclusion.UNKNOWN)
    text = github(render_github_summary(run_of(domain))).text
    assert text.count("the run broke off before this domain was judged") == 2  # in the table too


def test_every_finding_is_there() -> None:
    text = github(render_github_summary(verdicts.broken())).text
    for result in verdicts.broken().domains[0].results:
        assert (result.message in text) == (result.outcome in {"fail", "unknown"})
