"""Reports: pure functions from a verdict to text.

The verdict contains every decision: outcomes, levels, waivers, whether a result blocks, the exit
code. A report yields its text in pieces, so that no fleet is in memory as text. It does no I/O,
applies no threshold and decides nothing; it only chooses words and layout. app.py writes the text
to the path that the report's flag names.

- text: for the person who is paged; on a terminal in colour (screen.py)
- json: for programs; its schema is versioned, and keys are only added
- junit-xml: for CI systems that show test results
- sarif, codequality: for code scanning at GitHub, and merge requests at GitLab
- markdown, github-summary, github-annotations: for people who read a pipeline
- save-evidence: what was seen, to be judged again with `mxcheck judge`

Host names, replies and certificates come from servers that nobody vouches for. Each report passes
them through escape.py, so that none can forge a line, a table row or a workflow command.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from mxcheck.judge.verdict import Verdict

# Few runs write more than one or two: each report is imported when it is asked for.
# ruff: noqa: PLC0415


def _junit(verdict: Verdict) -> Iterator[str]:
    from mxcheck.report.junit import render_junit

    return render_junit(verdict)


def _json(verdict: Verdict) -> Iterator[str]:
    from mxcheck.report.json.v1 import render_json

    return render_json(verdict)


def _markdown(verdict: Verdict) -> Iterator[str]:
    from mxcheck.report.markdown import render_markdown

    return render_markdown(verdict)


def _github_summary(verdict: Verdict) -> Iterator[str]:
    from mxcheck.report.markdown import render_github_summary

    return render_github_summary(verdict)


def _github_annotations(verdict: Verdict) -> Iterator[str]:
    from mxcheck.report.github_annotations import render_github_annotations

    return render_github_annotations(verdict)


def _sarif(verdict: Verdict) -> Iterator[str]:
    from mxcheck.report.sarif import render_sarif

    return render_sarif(verdict)


def _codequality(verdict: Verdict) -> Iterator[str]:
    from mxcheck.report.codequality import render_codequality

    return render_codequality(verdict)


def _evidence(verdict: Verdict) -> Iterator[str]:
    from mxcheck.report.evidence import render_evidence

    return render_evidence(verdict)


REPORTS: Mapping[str, Callable[[Verdict], Iterator[str]]] = MappingProxyType(
    {
        "junit-xml": _junit,
        "json": _json,
        "markdown": _markdown,
        "github-summary": _github_summary,
        "github-annotations": _github_annotations,
        "sarif": _sarif,
        "codequality": _codequality,
        "save-evidence": _evidence,
    },
)
"""The reports that are written to a path, by the name of their flag."""
