"""Reports as one text each, for tests that look at the whole."""

from mxcheck.judge.verdict import Verdict
from mxcheck.report import REPORTS
from mxcheck.report.text import page


def render_json(verdict: Verdict) -> str:
    return "".join(REPORTS["json"](verdict))


def render_junit(verdict: Verdict) -> str:
    return "".join(REPORTS["junit-xml"](verdict))


def render_sarif(verdict: Verdict) -> str:
    return "".join(REPORTS["sarif"](verdict))


def render_codequality(verdict: Verdict) -> str:
    return "".join(REPORTS["codequality"](verdict))


def render_markdown(verdict: Verdict) -> str:
    return "".join(REPORTS["markdown"](verdict))


def render_github_summary(verdict: Verdict) -> str:
    return "".join(REPORTS["github-summary"](verdict))


def render_github_annotations(verdict: Verdict) -> str:
    return "".join(REPORTS["github-annotations"](verdict))


def render_evidence(verdict: Verdict) -> str:
    return "".join(REPORTS["save-evidence"](verdict))


def render_text(verdict: Verdict, *, verbose: bool = False) -> str:
    return "".join(page.render_text(verdict, verbose=verbose))
