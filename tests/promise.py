"""The promise of SECURITY.md: what no server of any test is ever sent."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from mxcheck.demo.loopback import Connection

NEVER_SENT = frozenset({"DATA", "BDAT", "VRFY", "EXPN", "AUTH"})


def verb_of(line: str) -> str:
    """The verb of a command line, as a server reads it."""
    return line.strip().partition(" ")[0].upper()


def broken_by(lines: Iterable[str]) -> list[str]:
    """Those of some command lines that break the promise."""
    return [line for line in lines if verb_of(line) in NEVER_SENT]


@dataclass(slots=True)
class Listeners:
    """What the servers on loopback received, whoever started them, decrypted if it came by TLS.

    Their connections are kept until they are over and were looked at.
    """

    heard: dict[tuple[Connection, bool], bytearray] = field(default_factory=dict)

    def hear(self, connection: Connection, data: bytes) -> None:
        """Something has come, be it that the server never reads it as a command."""
        # Apart, for the handshake stands between the two and ends in no line.
        self.heard.setdefault((connection, connection.in_tls), bytearray()).extend(data)

    def look(self) -> list[str]:
        """The lines that break the promise."""
        everything = [bytes(data) for data in self.heard.values()]
        self.heard = {key: data for key, data in self.heard.items() if not key[0].lost.is_set()}
        return [
            line for data in everything for line in broken_by(data.decode("latin-1").splitlines())
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
