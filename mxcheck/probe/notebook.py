"""Where a visit is written down while it goes on, so that an ended run keeps what it has."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import RelayAttempt, Visit
from mxcheck.probe.transcript import Transcript

PENDING = Unseen(trouble=Trouble.NOT_ASKED, detail="it was about to be asked")
"""A stage that has begun and not ended; `closed` puts in its place why it never did."""


@dataclass(slots=True)
class Notebook:
    """The visit as far as it has come."""

    visit: Visit
    transcript: Transcript = field(default_factory=Transcript)
    relay: list[RelayAttempt] = field(default_factory=list)

    def note(self, **stages: Any) -> None:  # noqa: ANN401 - the fields of Visit
        """Write down stages of the visit, by the names of Visit's fields."""
        self.visit = replace(self.visit, **stages)

    def restart(self) -> None:
        """Begin a new connection: of the one before only the transcript stays."""
        self.visit = Visit(
            host=self.visit.host,
            address=self.visit.address,
            port=self.visit.port,
            tries=self.visit.tries + 1,
            connection=PENDING,
        )

    def closed(self, ended: Unseen) -> Visit:
        """The visit as evidence; `ended` is why a stage that is still pending never ended."""
        pending: dict[str, Any] = {
            entry.name: ended
            for entry in fields(self.visit)
            if getattr(self.visit, entry.name) is PENDING
        }
        return replace(
            self.visit,
            **pending,
            relay=tuple(self.relay),
            transcript=tuple(self.transcript.lines),
        )
