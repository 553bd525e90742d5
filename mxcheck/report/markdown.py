"""The Markdown report (GFM): the whole run, for a merge request, an issue or a wiki."""

from collections.abc import Iterator

from mxcheck.judge.verdict import Verdict
from mxcheck.report.markdown_blocks import (
    closing,
    endpoints,
    finding_items,
    head,
    heading,
    notes,
    rest,
    stream_blocks,
)


def render_markdown(verdict: Verdict) -> Iterator[str]:
    """Render the report in the Markdown that GitHub and GitLab share; passes are folded."""
    return stream_blocks(_blocks(verdict))


def _blocks(verdict: Verdict) -> Iterator[str]:
    yield from head(verdict)
    yield "\n".join(notes(verdict))
    for domain in verdict.domains:
        yield heading(domain)
        yield endpoints(domain)
        yield from finding_items(domain, verdict)
        yield rest(domain)
    yield closing(verdict)
