"""The evidence, saved so that `mxcheck judge` can judge it again."""

from mxcheck.judge.verdict import Verdict
from mxcheck.report.json.encode import without_commands
from mxcheck.saved.text import dump_evidence


def render_evidence(verdict: Verdict) -> str:
    """Render the evidence as `mxcheck judge` reads it, in ASCII only."""
    return without_commands(dump_evidence(verdict.evidence))
