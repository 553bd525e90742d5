"""What mail servers write into their logs about connections."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

_POLL_SECONDS = 0.02
_POLL_TRIES = 250


def count(pattern: re.Pattern[str], lines: list[str]) -> int:
    return sum(1 for line in lines if pattern.search(line))


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLog:
    """A log with a line of the first kind before each greeting, of the second after the end."""

    path: Path
    begin: re.Pattern[str]
    end: re.Pattern[str]

    def read(self) -> list[str]:
        """Return the lines of the log, once all sessions have ended."""
        for _ in range(_POLL_TRIES):
            lines = self.path.read_text(errors="replace").splitlines()
            if count(self.begin, lines) <= count(self.end, lines):
                return lines
            time.sleep(_POLL_SECONDS)
        raise TimeoutError(f"there still are open sessions:\n{self.path.read_text()}")
