"""The evidence itself, to be judged again: all that was seen, word by word."""

from mxcheck.judge.verdict import Verdict
from mxcheck.report.json.encode import without_commands
from mxcheck.saved.text import dump_evidence


def render_evidence(verdict: Verdict) -> str:
    """What `mxcheck judge` reads, in ASCII alone."""
    return without_commands(dump_evidence(verdict.evidence))
