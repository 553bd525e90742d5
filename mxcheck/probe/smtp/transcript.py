"""The transcript of a visit, of limited length."""

import time
from dataclasses import dataclass, field

from mxcheck.evidence.smtp import Direction, Line

MAX_LINES = 1000
MAX_TEXT = 512
MAX_SIZE = 131072
"""Characters, all lines together."""


@dataclass(slots=True)
class Transcript:
    """The lines of a dialogue, with the milliseconds since the visit began."""

    begun: float = field(default_factory=time.monotonic)
    lines: list[Line] = field(default_factory=list)
    size: int = 0

    def client(self, text: str) -> None:
        """Record what this client said."""
        self._add(Direction.CLIENT, text)

    def server(self, text: str) -> None:
        """Record what the server said."""
        self._add(Direction.SERVER, text)

    def note(self, text: str) -> None:
        """Record what happened besides words."""
        self._add(Direction.NOTE, text)

    def _add(self, direction: Direction, text: str) -> None:
        if len(self.lines) < MAX_LINES and self.size < MAX_SIZE:
            self.size += len(text[:MAX_TEXT])
            at_ms = round((time.monotonic() - self.begun) * 1000, 1)
            self.lines.append(Line(at_ms=at_ms, direction=direction, text=text[:MAX_TEXT]))
