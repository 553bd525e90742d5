"""Where a visit is written down while it goes on, so that an ended run keeps what it has."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Injection, RelayAttempt, Visit
from mxcheck.evidence.tls import OwnHello
from mxcheck.probe.smtp.transcript import Transcript

PENDING = Unseen(trouble=Trouble.NOT_ASKED, detail="it was about to be asked")
"""A stage that has begun and not ended; `closed` puts in its place why it never did."""


@dataclass(slots=True)
class Notebook:
    """The visit as far as it has come; `before` is the furthest of the connections before it.

    `connections` counts those that `max_connections` limits: retries are none of them. `ended` is
    why the visit was ended before its time, if it was. `relay_left_out` is as in Visit.
    """

    visit: Visit
    before: Visit | None = None
    transcript: Transcript = field(default_factory=Transcript)
    relay: list[RelayAttempt] = field(default_factory=list)
    relay_left_out: Unseen = NOT_ASKED
    hellos: list[OwnHello] = field(default_factory=list)
    injection: Injection | Unseen = NOT_ASKED
    connections: int = 1
    ended: Unseen | None = None

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
        """The connection that showed most: a server that bans us after a 421 was still reached.

        Of two that came as far, that is the later, unless it was cut off and the other was not.
        """
        if self.before is None:
            return self.visit
        nearer = _depth(self.visit) - _depth(self.before)
        if nearer < 0 or (nearer == 0 and _is_cut_off(self.visit) > _is_cut_off(self.before)):
            return replace(self.before, tries=self.visit.tries)
        return self.visit

    def closed(self, ended: Unseen) -> Visit:
        """The visit as evidence; the run `ended` for this reason where a stage is still pending."""
        visit, ended = self.furthest, self.ended or ended
        pending: dict[str, Any] = {
            entry.name: ended for entry in fields(visit) if getattr(visit, entry.name) is PENDING
        }
        return replace(
            visit,
            **pending,
            relay=tuple(self.relay),
            relay_left_out=ended if self.relay_left_out is PENDING else self.relay_left_out,
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


def _is_cut_off(visit: Visit) -> bool:
    return any(getattr(visit, entry.name) is PENDING for entry in fields(visit))
