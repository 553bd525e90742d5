"""What the log of an OpenSSH client that shares its connection tells of the streams through it.

A client that asks for a stream learns no more than "refused by peer"; the reason is in the log
(`LogLevel DEBUG1`) of the client that holds the connection. There each stream is a channel with a
number, and the words behind "open failed" are the other machine's (RFC 4254 5.1).
"""

import re
from collections import deque
from dataclasses import dataclass, field

from mxcheck.evidence.outcome import Trouble

_ASKED = re.compile(r"channel_connect_stdio_fwd:? (\S+)$")
_NEW = re.compile(r"channel (\d+): new .*stdio-forward")
_FAILED = re.compile(r"channel (\d+): open failed: (.*)$")
_FREE = re.compile(r"channel (\d+): free: ")
_LOGGED_IN = re.compile(r"Authenticated to (\S+) \((?:\[([^\]]+)\]:\d+|via proxy)\)")
_READY = "Entering interactive session"
_DEBUG = re.compile(r"debug\d: ")
_TROUBLE_OF_WORDS = {
    "Connection refused": Trouble.REFUSED,
    "Connection reset by peer": Trouble.RESET,
    "Connection timed out": Trouble.TIMEOUT,
    "Operation timed out": Trouble.TIMEOUT,
    "No route to host": Trouble.HOST_UNREACHABLE,
    "Host is unreachable": Trouble.HOST_UNREACHABLE,
    "Network is unreachable": Trouble.NO_ROUTE,
    "Cannot assign requested address": Trouble.NO_ROUTE,
    "Can't assign requested address": Trouble.NO_ROUTE,
    "Address family not supported by protocol": Trouble.NO_ROUTE,
    "Address family not supported by protocol family": Trouble.NO_ROUTE,
}
"""The words of strerror(3) on Linux and BSD, behind "connect failed"."""
_CONNECT_FAILED = "connect failed: "


@dataclass(slots=True)
class Stream:
    """A stream that was asked for: `failure` is the reason why it was not opened, if it was not.

    `settled` says that the other machine has answered, one way or the other.
    """

    target: str
    failure: str = ""
    settled: bool = False


@dataclass(slots=True)
class SshLog:
    """The log as far as it was read; lines are without their end.

    `host` and `address` are those of the machine, "" if the log does not tell. `is_ready` says that
    the login is complete.
    """

    host: str = ""
    address: str = ""
    is_ready: bool = False
    _words: deque[str] = field(default_factory=lambda: deque(maxlen=2))
    _expected: dict[str, deque[Stream]] = field(default_factory=dict)
    _asked: Stream | None = None
    _channels: dict[str, Stream] = field(default_factory=dict)

    def expect(self, address: str, port: int) -> Stream:
        """Return a stream that is about to be asked for; the log will tell what becomes of it."""
        stream = Stream(target=f"{address}:{port}")
        self._expected.setdefault(stream.target, deque()).append(stream)
        return stream

    @property
    def waiting(self) -> int:
        """Return how many streams the other machine has not answered yet."""
        return sum(not stream.settled for stream in self._channels.values())

    @property
    def complaint(self) -> str:
        """Return the last words that were not for debugging."""
        return " ".join(self._words)

    def feed(self, line: str) -> None:
        """Take the next line."""
        if not _DEBUG.match(line):
            self._note_words(line)
        if match := _ASKED.search(line):
            expected = self._expected.get(match[1])
            self._asked = expected.popleft() if expected else None
        elif match := _NEW.search(line):
            self._channels[match[1]] = self._asked or Stream(target="")
            self._asked = None
        elif match := _FAILED.search(line):
            self._fail(match[1], match[2])
        elif match := _FREE.search(line):
            self._channels.pop(match[1], None)
        self.is_ready |= _READY in line

    def _note_words(self, line: str) -> None:
        if match := _LOGGED_IN.match(line):
            self.host, self.address = match[1], match[2] or ""
        elif line.strip() and not _FAILED.search(line):
            self._words.append(line.strip())

    def _fail(self, number: str, words: str) -> None:
        if stream := self._channels.get(number):
            stream.failure, stream.settled = words.strip(), True


def parse_open_failure(words: str) -> Trouble | None:
    """Return what the reason of a failure means; None if it tells no cause apart."""
    if not words.startswith(_CONNECT_FAILED):
        return None
    return _TROUBLE_OF_WORDS.get(words.removeprefix(_CONNECT_FAILED))
