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
from mxcheck.report.codequality import render_codequality
from mxcheck.report.evidence import render_evidence
from mxcheck.report.github_annotations import render_github_annotations
from mxcheck.report.json.v1 import render_json
from mxcheck.report.junit import render_junit
from mxcheck.report.markdown import render_github_summary, render_markdown
from mxcheck.report.sarif import render_sarif

REPORTS: Mapping[str, Callable[[Verdict], Iterator[str]]] = MappingProxyType(
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
"""The reports that are written to a path, by the name of their flag."""
