"""The reports: each is a function from a verdict to text, without I/O, thresholds or sorting."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mxcheck.judge.verdict import Verdict
from mxcheck.report.codequality import render_codequality
from mxcheck.report.evidence import render_evidence
from mxcheck.report.github_annotations import render_github_annotations
from mxcheck.report.github_summary import render_github_summary
from mxcheck.report.json.v1 import render_json
from mxcheck.report.junit import render_junit
from mxcheck.report.markdown import render_markdown
from mxcheck.report.sarif import render_sarif

REPORTS: Mapping[str, Callable[[Verdict], str]] = MappingProxyType(
    {
        "junit-xml": render_junit,
        "json": render_json,
        "markdown": render_markdown,
        "github-summary": render_github_summary,
        "github-annotations": render_github_annotations,
        "sarif": render_sarif,
        "codequality": render_codequality,
        "save-evidence": render_evidence,
    },
)
"""Each report that is written to a path, under the name of its flag."""
