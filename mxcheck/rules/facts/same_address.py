"""What an address showed under another MX name, before a server that limits connections hung up.

Until the handshake (SNI) a server does not know by which of its names it is visited: what it did
for one of them, it does for all, unless it has had enough of this client.
"""

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.rules.base import EndpointCase, Unknown
from mxcheck.wire.reply_code import is_transient

_HUNG_UP = frozenset({Trouble.CLOSED, Trouble.RESET})
_SHOWN = {
    "connection": "took a connection of",
    "greeting": "greeted",
    "ehlo": "answered the EHLO of",
    "tls": "completed a handshake with",
}


def limited_at(stage: str, seen: Reply | Unseen, case: EndpointCase) -> Unknown | None:
    """Return what to say if the address came as far as this stage under another MX name."""
    visit = case.visit
    if (visit.address, visit.port, stage) not in case.run.shown:
        return None
    detail = seen.detail if isinstance(seen, Unseen) else str(seen)
    return Unknown(
        message=(
            f"{visit.host} [{visit.address}]:{visit.port} {_SHOWN[stage]} this run under another MX"
            f" name, and then no more ({detail}): it seems to limit connections"
        ),
        remedy=f"Run the check for {visit.host} alone, or let the server take more connections from"
        " the address of this machine.",
    )


def hung_up_later(seen: object, stage: str, case: EndpointCase) -> Unknown | None:
    """Return the same if the server hung up in place of this stage."""
    if isinstance(seen, Unseen) and seen.trouble in _HUNG_UP:
        return limited_at(stage, seen, case)
    return None


def put_off_later(answer: Reply | Unseen, case: EndpointCase) -> Unknown | None:
    """Return the same if the server hung up at STARTTLS, or put this client off (RFC 3207 4)."""
    if isinstance(answer, Reply) and is_transient(answer):
        return limited_at("tls", answer, case)
    return hung_up_later(answer, "tls", case)
