"""The promise about 50 domains of which 30 fail, on the evidence that the tool measures."""

from mxcheck.judge.verdict import Conclusion
from mxcheck.report.markdown import LIMIT
from tests.report.rendering import render_github_summary, render_markdown, render_text
from tools.measure_reports import fleet_verdict


def test_the_reports_on_fifty_domains_are_short() -> None:
    verdict = fleet_verdict()
    failed = [one.name for one in verdict.domains if one.conclusion is Conclusion.FAIL]
    assert (len(verdict.domains), len(failed)) == (50, 30)
    text = render_text(verdict)
    assert len(text.splitlines()) < 900
    assert all(f"\nFAIL {name}: " in text for name in failed)
    passed = [one.name for one in verdict.domains if one.conclusion is Conclusion.PASS]
    assert [text.count(name) for name in passed] == [1] * 20
    summary = render_github_summary(verdict)
    assert len(summary) < LIMIT
    assert "Left out" not in summary
    markdown = render_markdown(verdict)
    assert len(markdown) < LIMIT
    assert "**Left out: what passed of 50 domains**" in markdown
