"""The text of `mxcheck probe`: how much was looked at, and what could not be asked."""

from collections.abc import Sequence

from mxcheck.evidence.domain import Run
from mxcheck.report.escape import for_terminal
from mxcheck.report.labels import plural


def render_probe(run: Run, gaps: Sequence[str], exit_code: int) -> str:
    """Return the text; `gaps` are what a run was kept from asking, with the causes."""
    hosts = {visit.host for visit in run.visits}
    shard = f"shard {run.shard}: " if run.shard else ""
    looked = (
        f"{shard}looked at {plural(len(run.domains), 'domain')}, and visited"
        f" {plural(len(hosts), 'MX host')}"
    )
    lines = [looked, *(f"NOT ASKED: {gap}" for gap in gaps), _conclusion(gaps, exit_code)]
    return "\n".join(map(for_terminal, lines))


def _conclusion(gaps: Sequence[str], exit_code: int) -> str:
    asked = "what was seen is saved, the rest is unknown" if gaps else "everything was asked"
    return f"exit code {exit_code}: {asked}; judge it with mxcheck judge"
