"""Whether this machine's own way out on port 25 is shut, judged for each address family."""

from mxcheck.evidence.domain import Evidence
from mxcheck.evidence.reach import unreached_families
from mxcheck.evidence.smtp import Reply

CLOSED_WAY_OUT = "outbound port 25 looks closed here"

WAY_OUT_REMEDY = (
    "Run the check where outbound TCP port 25 is open: on a self-hosted runner, or at a provider"
    " who opens it when asked. Hosted CI networks often close it; that is not the MX's fault."
)


def is_closed(evidence: Evidence, family: int) -> bool:
    """Whether control hosts were asked in that family, and none of them answered."""
    calls = [call for call in evidence.canaries if call.family == family]
    answered = any(isinstance(call.greeting, Reply) for call in calls)
    return bool(calls) and not answered and family in unreached_families(evidence.visits)


def way_out_notes(evidence: Evidence) -> tuple[str, ...]:
    """One note for each family in which the way out is shut: what was tried, and what to do."""
    notes = []
    for family in (4, 6):
        if is_closed(evidence, family):
            asked = ", ".join(c.host for c in evidence.canaries if c.family == family)
            notes.append(
                f"{CLOSED_WAY_OUT} over IPv{family}: no address of the checked domains could be"
                f" reached, and no control host either ({asked}). {WAY_OUT_REMEDY}"
            )
    return tuple(notes)
