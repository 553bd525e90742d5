"""Tell for each address family whether outbound port 25 is closed on this machine."""

from enum import Enum

from mxcheck.evidence.domain import Run
from mxcheck.evidence.outcome import OUR_OWN, Unseen
from mxcheck.evidence.smtp import CanaryCall, Reply

CLOSED_EGRESS = "outbound port 25 looks closed here"

EGRESS_REMEDY = (
    "Run the check where outbound TCP port 25 is open: on a self-hosted runner, or at a provider"
    " who opens it when asked. Hosted CI networks often close it; that is not the MX's fault."
)


class Egress(Enum):
    """What the control hosts show about outbound port 25 in one address family."""

    OPEN = "a control host answered, or none was to be asked"
    CLOSED = "no control host answered either"
    UNTOLD = "the run ended before the control hosts had answered"


def egress(evidence: Run, family: int) -> Egress:
    """Return what the control hosts showed; they are asked only if no address was reached."""
    greetings = [call.greeting for call in evidence.canaries if call.family == family]
    if not greetings or any(isinstance(greeting, Reply) for greeting in greetings):
        return Egress.OPEN
    cut_off = any(isinstance(seen, Unseen) and seen.trouble in OUR_OWN for seen in greetings)
    return Egress.UNTOLD if cut_off else Egress.CLOSED


def egress_notes(evidence: Run) -> tuple[str, ...]:
    """Return one note for each family in which port 25 is closed: what was tried, what to do."""
    notes = []
    for family in (4, 6):
        if egress(evidence, family) is Egress.CLOSED:
            calls = [call for call in evidence.canaries if call.family == family]
            asked = "; ".join(f"{call.host}: {_why(call)}" for call in calls)
            notes.append(
                f"{CLOSED_EGRESS} over IPv{family}: no address of the checked domains could be"
                f" reached, and no control host either ({asked}). {EGRESS_REMEDY}"
            )
    return tuple(notes)


def _why(call: CanaryCall) -> str:
    return call.greeting.detail if isinstance(call.greeting, Unseen) else str(call.greeting)
