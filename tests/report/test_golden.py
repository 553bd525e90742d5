import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import mxcheck
from mxcheck.judge.verdict import Verdict
from mxcheck.report.text.page import render_summary
from tests.report import verdicts
from tests.report.rendering import (
    render_codequality,
    render_github_annotations,
    render_github_summary,
    render_json,
    render_junit,
    render_markdown,
    render_sarif,
    render_text,
)

GOLDEN = Path(__file__).parent / "golden"
UPDATE = "UPDATE_GOLDEN" in os.environ
BUILDERS = (verdicts.healthy, verdicts.broken, verdicts.closed, verdicts.null_mx)


def without_rules(text: str) -> str:
    """SARIF but for the catalogue, which test_sarif.py looks at."""
    document = json.loads(text)
    del document["runs"][0]["tool"]["driver"]["rules"]
    return json.dumps(document, indent=2) + "\n"


FORMATS: dict[str, Callable[[Verdict], str]] = {
    "txt": lambda verdict: render_text(verdict, verbose=False),
    "verbose.txt": lambda verdict: render_text(verdict, verbose=True),
    "summary.txt": render_summary,
    "json": render_json,
    "xml": render_junit,
    "md": render_markdown,
    "summary.md": render_github_summary,
    "annotations.txt": render_github_annotations,
    "sarif": lambda verdict: without_rules(render_sarif(verdict)),
    "codequality.json": render_codequality,
}


def mask(text: str) -> str:
    """Certificates are made anew for each run; the version changes with each release."""
    fingerprints = re.sub(r"\b[0-9a-f]{64}\b", "SHA256", text)
    return fingerprints.replace(mxcheck.__version__, "VERSION")


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
@pytest.mark.parametrize("suffix", FORMATS)
def test_report_is_as_kept(build: Callable[[], Verdict], suffix: str) -> None:
    path = GOLDEN / f"{build.__name__}.{suffix}"
    made = mask(FORMATS[suffix](build()))
    if UPDATE:
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8")
