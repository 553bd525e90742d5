"""The Markdown report (GFM): the whole run, for a merge request, an issue or a wiki."""

from collections.abc import Iterator

from mxcheck.judge.verdict import Verdict
from mxcheck.report.markdown_blocks import (
    closing,
    document,
    endpoints,
    finding_items,
    head,
    heading,
    notes,
    rest,
)


def render_markdown(verdict: Verdict) -> str:
    """Render the report in the Markdown that GitHub and GitLab share; passes are folded."""
    return document(_blocks(verdict))


def _blocks(verdict: Verdict) -> Iterator[str]:
    yield from head(verdict)
    yield "\n".join(notes(verdict))
    for domain in verdict.domains:
        yield heading(domain)
        yield endpoints(domain, verdict.evidence)
        yield from finding_items(domain, verdict)
        yield rest(domain)
    yield closing(verdict)
