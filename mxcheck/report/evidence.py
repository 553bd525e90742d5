"""The evidence itself, to be judged again: all that was seen, word by word."""

from mxcheck.evidence.store import dump_evidence
from mxcheck.report.json_text import without_commands
from mxcheck.verdict import Verdict


def render_evidence(verdict: Verdict) -> str:
    """What `mxcheck judge` reads, in ASCII alone."""
    return without_commands(dump_evidence(verdict.evidence))
