"""What can go wrong where a server should answer, and what each of that is to a client."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from mxcheck.demo.smtp_script import Act


class Kind(Enum):
    """What a fault is to a client.

    LOST: no complete reply arrived, and a retry may succeed. SPOILT: the data is not a reply, or is
    one reply too many, and a server does not send that by chance. BUSY, NO, LEAVING: a reply 4yz,
    5yz, 421. LATE: the due reply, just within the time.
    """

    LOST = auto()
    SPOILT = auto()
    BUSY = auto()
    NO = auto()
    LEAVING = auto()
    LATE = auto()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is said in place of the due answer, and what happens then; None: the dialogue goes on.

    `words` are made from the due answer.
    """

    name: str
    kind: Kind
    words: Callable[[bytes], bytes]
    act: Act | None = None

    def __str__(self) -> str:
        return self.name


def says(words: bytes) -> Callable[[bytes], bytes]:
    """The same words, whatever is due."""
    return lambda _due: words


def first_line_alone(due: bytes) -> bytes:
    """The beginning of an answer of several lines."""
    return due[:3] + b"-there is more\r\n"


NOTHING = says(b"")
LATE_SECONDS = 25
"""Within every timeout of the default settings, which are 30 at least where a reply is due."""

FAULTS = (
    Fault("reset", Kind.LOST, NOTHING, Act.RESET),
    Fault("timeout", Kind.LOST, NOTHING, Act.SILENCE),
    Fault("half-close", Kind.LOST, NOTHING, Act.HALF_CLOSE),
    Fault("close", Kind.LOST, NOTHING, Act.CLOSE),
    Fault("cut in a line", Kind.LOST, lambda due: due[:2], Act.CLOSE),
    Fault("cut between lines", Kind.LOST, first_line_alone, Act.HALF_CLOSE),
    Fault("stalled in a line", Kind.SPOILT, lambda due: due[:2], Act.SILENCE),
    Fault("stalled between lines", Kind.SPOILT, first_line_alone, Act.SILENCE),
    Fault("garbage", Kind.SPOILT, says(b"\x00\xff what do you mean?\r\n")),
    Fault("one reply too many", Kind.SPOILT, lambda due: due + b"250 2.0.0 Ok\r\n"),
    Fault("450", Kind.BUSY, says(b"450 4.3.0 come back later\r\n")),
    Fault("454", Kind.BUSY, says(b"454 4.3.0 come back later\r\n")),
    Fault("550", Kind.NO, says(b"550 5.3.0 no\r\n")),
    Fault("421", Kind.LEAVING, says(b"421 4.3.2 leaving\r\n"), Act.CLOSE),
    Fault("late", Kind.LATE, lambda due: due),
)


def by_name(*names: str) -> tuple[Fault, ...]:
    return tuple(fault for fault in FAULTS if fault.name in names)


A_FEW = by_name("reset", "timeout", "garbage", "one reply too many", "450", "550", "421")
FEWER = by_name("reset", "garbage", "450", "421")
