"""The notes of a visit while it goes on, so that a run which is ended keeps what it has."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any, Protocol, TypedDict, Unpack

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Connection, Greeting, Injection, RelayAttempt, Reply, Visit
from mxcheck.evidence.tls import OwnHello, TlsSession
from mxcheck.probe.smtp.shown import shown_beside
from mxcheck.probe.smtp.transcript import Transcript

PENDING = Unseen(trouble=Trouble.NOT_ASKED, detail="it was about to be asked")
"""A stage that has begun and not ended; `closed` puts in its place why it never did."""


class Stages(TypedDict, total=False):
    """The stages of one connection, by the names of Visit's fields."""

    connection: Connection | Unseen
    greeting: Greeting | Unseen
    ehlo: Reply | Unseen
    helo: Reply | Unseen
    starttls: Reply | Unseen
    tls: TlsSession | Unseen
    ehlo_after_tls: Reply | Unseen


class Note(Protocol):
    """Writes down stages of a connection."""

    def __call__(self, **stages: Unpack[Stages]) -> None:
        """Write down these stages."""


@dataclass(slots=True)
class Notebook:
    """The visit as far as it has come; `before` is the furthest of the connections before it.

    `sessions` are the TLS sessions of all connections. `connections` counts those that
    `max_connections` limits: retries are not among them. `ended` is why the visit was ended before
    its time, if it was. `relay_left_out` is as in Visit. `watch` is told of each connection that
    begins or ends.
    """

    visit: Visit
    before: Visit | None = None
    transcript: Transcript = field(default_factory=Transcript)
    relay: list[RelayAttempt] = field(default_factory=list)
    relay_left_out: Unseen = NOT_ASKED
    hellos: list[OwnHello] = field(default_factory=list)
    chain_hellos: list[OwnHello] = field(default_factory=list)
    base_hellos: list[OwnHello] = field(default_factory=list)
    large_hellos: list[OwnHello] = field(default_factory=list)
    sessions: list[TlsSession] = field(default_factory=list)
    injection: Injection | Unseen = NOT_ASKED
    connections: int = 1
    ended: Unseen | None = None
    watch: Callable[[Visit], None] = lambda _visit: None

    def note(self, **stages: Unpack[Stages]) -> None:
        """Write down stages of the visit."""
        self.visit = replace(self.visit, **stages)
        if "connection" in stages:
            self.watch(self.visit)
        self.note_aside(**stages)

    def note_aside(self, **stages: Unpack[Stages]) -> None:
        """Write down the TLS session of a connection that repeats what the visit has shown."""
        session = stages.get("tls")
        if isinstance(session, TlsSession):
            self.sessions.append(session)

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

    @property
    def all_hellos(self) -> tuple[OwnHello, ...]:
        """Return the ClientHellos of all questions."""
        return (*self.hellos, *self.chain_hellos, *self.base_hellos, *self.large_hellos)

    def closed(self, ended: Unseen) -> Visit:
        """Return the visit as evidence; `ended` is why stages that are still pending never came."""
        visit, ended = self.furthest, self.ended or ended
        pending: dict[str, Any] = {
            entry.name: ended for entry in fields(visit) if getattr(visit, entry.name) is PENDING
        }
        return replace(
            visit,
            **pending,
            relay=tuple(self.relay),
            relay_left_out=ended if self.relay_left_out is PENDING else self.relay_left_out,
            hellos=_closed(self.hellos, ended),
            chain_hellos=_closed(self.chain_hellos, ended),
            base_hellos=_closed(self.base_hellos, ended),
            large_hellos=_closed(self.large_hellos, ended),
            injection=ended if self.injection is PENDING else self.injection,
            shown=shown_beside(visit, self.sessions, self.all_hellos, self.injection),
            transcript=tuple(self.transcript.lines),
        )


def _closed(hellos: list[OwnHello], ended: Unseen) -> tuple[OwnHello, ...]:
    return tuple(
        replace(hello, answer=ended) if hello.answer is PENDING else hello for hello in hellos
    )


def _depth(visit: Visit) -> int:
    stages = (visit.connection, visit.greeting, visit.ehlo)
    return sum(not isinstance(stage, Unseen) for stage in stages)


def _is_cut_off(visit: Visit) -> bool:
    return any(getattr(visit, entry.name) is PENDING for entry in fields(visit))
