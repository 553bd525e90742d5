"""The promise of SECURITY.md: what no server of any test is ever sent."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mxcheck.demo.smtp_server import ScriptedSmtp, Session

NEVER_SENT = frozenset({"DATA", "BDAT", "VRFY", "EXPN", "AUTH"})


def verb_of(line: str) -> str:
    """The verb of a command line, as a server reads it."""
    return line.strip().partition(" ")[0].upper()


def broken_by(lines: Iterable[str]) -> list[str]:
    """Those of some command lines that break the promise."""
    return [line for line in lines if verb_of(line) in NEVER_SENT]


def lines_of(session: Session) -> Iterator[str]:
    """What one connection brought, that which the server never read as a command included."""
    for line in session.lines:
        yield line.data.decode("latin-1")
    yield from session.unread.decode("latin-1").splitlines()


@dataclass(slots=True)
class Listeners:
    """The scripted servers that tests have started, until they end and are looked at."""

    running: list[ScriptedSmtp] = field(default_factory=list)
    ended: list[ScriptedSmtp] = field(default_factory=list)

    def begin(self, server: ScriptedSmtp) -> None:
        """A server starts."""
        self.running.append(server)

    def end(self, server: ScriptedSmtp) -> None:
        """A server stops."""
        self.running.remove(server)
        self.ended.append(server)

    def look(self) -> list[str]:
        """What was sent that breaks the promise, each server that has ended looked at once."""
        servers = [*self.running, *self.ended]
        self.ended.clear()
        return [
            line
            for server in servers
            for session in server.sessions
            for line in broken_by(lines_of(session))
        ]


@dataclass(slots=True)
class Watch:
    """What a real server was sent that breaks the promise, told once; `harm` is all so far."""

    harm: Callable[[], Sequence[str]]
    _told: int = 0

    def look(self) -> list[str]:
        """What is new."""
        everything = self.harm()
        new = list(everything[self._told :])
        self._told = len(everything)
        return new
