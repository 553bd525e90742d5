"""Where a visit is written down while it goes on, so that an ended run keeps what it has."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Injection, RelayAttempt, Visit
from mxcheck.evidence.tls import OwnHello
from mxcheck.probe.transcript import Transcript

PENDING = Unseen(trouble=Trouble.NOT_ASKED, detail="it was about to be asked")
"""A stage that has begun and not ended; `closed` puts in its place why it never did."""


@dataclass(slots=True)
class Notebook:
    """The visit as far as it has come; `before` is the furthest of the connections before it.

    `connections` counts those that `max_connections` limits: retries are none of them.
    """

    visit: Visit
    before: Visit | None = None
    transcript: Transcript = field(default_factory=Transcript)
    relay: list[RelayAttempt] = field(default_factory=list)
    hellos: list[OwnHello] = field(default_factory=list)
    injection: Injection | Unseen = NOT_ASKED
    connections: int = 1

    def note(self, **stages: Any) -> None:  # noqa: ANN401 - the fields of Visit
        """Write down stages of the visit, by the names of Visit's fields."""
        self.visit = replace(self.visit, **stages)

    def restart(self) -> None:
        """Begin a new connection."""
        self.before = self.furthest
        self.visit = Visit(
            host=self.visit.host,
            address=self.visit.address,
            port=self.visit.port,
            tries=self.visit.tries + 1,
            connection=PENDING,
        )

    @property
    def furthest(self) -> Visit:
        """The connection that showed most: a server that bans us after a 421 was still reached."""
        if self.before is None or _depth(self.before) <= _depth(self.visit):
            return self.visit
        return replace(self.before, tries=self.visit.tries)

    def closed(self, ended: Unseen) -> Visit:
        """The visit as evidence; `ended` is why a stage that is still pending never ended."""
        visit = self.furthest
        pending: dict[str, Any] = {
            entry.name: ended for entry in fields(visit) if getattr(visit, entry.name) is PENDING
        }
        return replace(
            visit,
            **pending,
            relay=tuple(self.relay),
            hellos=tuple(
                replace(hello, answer=ended) if hello.answer is PENDING else hello
                for hello in self.hellos
            ),
            injection=ended if self.injection is PENDING else self.injection,
            transcript=tuple(self.transcript.lines),
        )


def _depth(visit: Visit) -> int:
    stages = (visit.connection, visit.greeting, visit.ehlo)
    return sum(not isinstance(stage, Unseen) for stage in stages)
