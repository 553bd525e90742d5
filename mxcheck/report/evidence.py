"""The evidence, saved so that `mxcheck judge` can judge it again."""

from collections.abc import Iterator

from mxcheck.judge.verdict import Verdict
from mxcheck.report.json.encode import without_commands
from mxcheck.saved.lines import dump_evidence


def render_evidence(verdict: Verdict) -> Iterator[str]:
    """Render the evidence as `mxcheck judge` reads it, in ASCII only; a line at a time."""
    return map(without_commands, dump_evidence(verdict.evidence))
