"""What a scripted server saw of the relay test: transactions, each a sender and its recipients."""

from mxcheck.evidence.smtp import RelayForm, Visit
from tests.probe.harness import Seen

Transaction = tuple[str, list[str]]


def transactions(seen: Seen, connection: int = 0) -> list[Transaction]:
    """Return the transactions of a connection to the only server."""
    found: list[Transaction] = []
    for line in seen.server.sessions[connection].lines:
        verb, _, address = line.data.decode().strip().rstrip(">").partition(":<")
        if verb == "MAIL FROM":
            found.append((address, []))
        elif verb == "RCPT TO":
            found[-1][1].append(address)
    return found


def answers(visit: Visit) -> list[tuple[RelayForm, int, int | str]]:
    """Return form, connection and the code of the reply to RCPT, or what kept it from coming."""
    return [
        (one.form, one.connection, getattr(one.rcpt, "code", None) or one.rcpt.trouble)  # type: ignore[union-attr]
        for one in visit.relay
    ]
