"""A waiver that covers, one that ran out, one that nothing called for: each report names them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from mxcheck import app
from mxcheck.judge.verdict import Verdict
from tests.build import evidence_of, expired_visit
from tests.judge.judging import waiver
from tests.report.rendering import (
    render_github_annotations,
    render_github_summary,
    render_json,
    render_junit,
    render_markdown,
    render_text,
)
from tests.saving import as_evidence
from tests.test_app import config_of

REPORTS: dict[str, Callable[[Verdict], str]] = {
    "text": lambda verdict: render_text(verdict, verbose=False),
    "junit": render_junit,
    "json": render_json,
    "markdown": render_markdown,
    "summary": render_github_summary,
    "annotations": render_github_annotations,
}


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    waivers = (
        waiver("cert-name-mismatch", date(2026, 2, 28)),
        waiver("cert-expired", date(2026, 1, 30)),
        waiver("open-relay"),
    )
    run = app.Checking(replace(config_of(), waivers=waivers))
    return run.judge(as_evidence(evidence_of(expired_visit())))


@pytest.mark.parametrize("render", REPORTS.values(), ids=REPORTS)
def test_every_waiver_is_named(render: Callable[[Verdict], str], verdict: Verdict) -> None:
    text = render(verdict)
    assert "OPS-123" in text
    assert "2026-02-28" in text
    assert "the waiver of cert-expired ran out on 2026-01-30" in text
    assert "the waiver of open-relay matched nothing" in text
