"""What must come of a fault, told from the fault and from the wire, and from nothing of mxcheck."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mxcheck.demo.smtp_script import Act
from mxcheck.rules.base import Fail, NotApplicable, Pass, Unknown
from tests.faults.faults import Fault, Kind
from tests.faults.smtp import Wire

Answered = Pass | Fail | NotApplicable | Unknown

FAILS, UNKNOWN = Fail, Unknown
RELAY_FAMILY = frozenset({"open-relay", "mx-rejects-domain"})
RELAY_WORDS = b"Relay access denied"
OUTSIDE, CONTROL = "TO:<postmaster@iana.org>", "TO:<postmaster@example.com>"

STAGES: Sequence[tuple[str, Sequence[str]]] = (
    ("connect", ("smtp-unreachable",)),
    (
        "greeting",
        ("smtp-greeting-bad", "smtp-slow", "smtp-greeting-name", "smtp-version-disclosed"),
    ),
    ("EHLO", ("smtp-ehlo-refused", "starttls-missing", "smtp-auth-in-clear")),
    ("last EHLO", ("smtp-extension-missing",)),
    ("STARTTLS", ("starttls-refused",)),
    ("session", ("tls-handshake-failed",)),
    (
        "handshake",
        (
            *("tls-version-old", "tls13-missing", "tls-cipher-weak"),
            *("tls-legacy-accepted", "starttls-injectable"),
            *("cert-expired", "cert-not-yet-valid", "cert-expiring", "cert-name-mismatch"),
            *("cert-chain-incomplete", "cert-untrusted", "cert-key-weak", "cert-signature-weak"),
        ),
    ),
)
"""The rules about a server, by the stage that the server must have gone through for a pass."""
STAGE_OF = {rule: stage for stage, rules in STAGES for rule in rules}

FAILURES: Mapping[str, tuple[str, Mapping[Kind, type[Fail | Unknown]]]] = {
    "greeting": (
        "smtp-greeting-bad",
        dict.fromkeys((Kind.BUSY, Kind.NO, Kind.LEAVING), Unknown),
    ),
    "EHLO": ("smtp-ehlo-refused", dict.fromkeys((Kind.BUSY, Kind.LEAVING), Unknown)),
    "STARTTLS": ("starttls-refused", {}),
    "handshake": ("tls-handshake-failed", {}),
    "middle of the handshake": ("tls-handshake-failed", {}),
    "EHLO in TLS": ("smtp-ehlo-refused", dict.fromkeys((Kind.BUSY, Kind.LEAVING), Unknown)),
}
"""The rule that owns a fault which stays, and what it answers where that is not a failure."""

BEFORE_RELAY = tuple(FAILURES)
RELAY = (
    *("MAIL 1", "RCPT 1"),
    *("RSET 2", "MAIL 2", "RCPT 2"),
    *("RSET 3", "MAIL 3", "RCPT 3", "QUIT"),
)
IN_CLEAR = ("greeting", "EHLO", *RELAY)
"""The phases of the relay test come after those; in clear they come sooner."""

_PASSING = frozenset({Kind.LOST, Kind.BUSY, Kind.LEAVING})
_TLS_RECORD_HEAD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """The rule that owns the cause and what it answers; without an owner all is well."""

    owner: str = ""
    answer: type[Answered] = Pass

    @property
    def exit_code(self) -> int:
        """What the run ends with."""
        return {Fail: 1, Unknown: 3}.get(self.answer, 0)


def wanted(phase: str, fault: Fault, *, stays: bool) -> Want:
    """What comes of a fault before the relay test, on the first connection or on all of them."""
    if fault.kind is Kind.LATE or (not stays and may_pass(phase, fault)):
        return Want()
    if fault.name == "one reply too many" and phase != "greeting":
        return _one_too_many(phase)
    owner, milder = FAILURES[phase]
    if phase == "EHLO in TLS" and fault.kind is Kind.LOST:
        owner = "tls-handshake-failed"
    answer = Unknown if is_silence(phase, fault) else milder.get(fault.kind, Fail)
    return Want(owner=owner, answer=answer)


def is_silence(phase: str, fault: Fault) -> bool:
    """Return whether nothing ends the wait but this client's own limit: senders wait longer."""
    words = fault.words(b"220 ")
    match phase:
        case "middle of the handshake":
            return fault.act in {None, Act.SILENCE}
        case "handshake":
            return fault.act in {None, Act.SILENCE} and len(words) < _TLS_RECORD_HEAD
        case _:
            return fault.act is Act.SILENCE and not words


def may_pass(phase: str, fault: Fault) -> bool:
    """Whether a fault is worth another try: trouble, or a server that is not able to just now."""
    if phase == "middle of the handshake":
        return True  # nothing comes behind the half of a flight that could be read
    if phase == "handshake":
        return len(fault.words(b"220 ")) < _TLS_RECORD_HEAD  # more than that, and it is not TLS
    return fault.kind in _PASSING or (phase == "greeting" and fault.kind is Kind.NO)


def _one_too_many(phase: str) -> Want:
    """What is noticed at the next step; and what is in clear before the handshake is dropped."""
    match phase:
        case "EHLO":
            return Want(owner="starttls-refused", answer=Fail)
        case "STARTTLS":
            return Want()
        case "EHLO in TLS":
            return Want(owner="open-relay", answer=Unknown)
        case "middle of the handshake":
            return Want(owner="tls-handshake-failed", answer=Unknown)
        case _:
            return Want(owner="tls-handshake-failed", answer=Fail)


def unfounded(wires: Sequence[Wire], answers: Mapping[str, Answered]) -> Iterator[str]:
    """The passes, and the failures of relaying, for which the server gave no cause."""
    for rule, answer in answers.items():
        stage = STAGE_OF.get(rule)
        if isinstance(answer, Pass) and stage and not any(_went_through(w, stage) for w in wires):
            yield f"{rule} passes, but no connection went through {stage}: {answer.message}"
    yield from _unfounded_relay(wires, answers["open-relay"])
    if isinstance(answers["mx-rejects-domain"], Pass) and not any(map(_takes_mail, wires)):
        yield "mx-rejects-domain passes, but the control recipient was never accepted"
    if isinstance(answers["starttls-missing"], Fail):
        yield "starttls-missing fails, but STARTTLS was announced"


def _unfounded_relay(wires: Sequence[Wire], answer: Answered) -> Iterator[str]:
    relays = any(reply.startswith(b"2") for wire in wires for reply in _to(wire, OUTSIDE))
    refuses = any(map(refuses_to_relay, wires))
    if isinstance(answer, Fail) and not relays:
        yield f"open-relay fails, but nothing was relayed: {answer.message}"
    if isinstance(answer, Pass) and (relays or not refuses):
        yield f"open-relay passes without a proof: {answer.message}"


def refuses_to_relay(wire: Wire) -> bool:
    """Whether a connection proved that the server does not relay."""
    refusals = [reply for reply in _to(wire, OUTSIDE) if reply[:1] in {b"4", b"5"}]
    in_words = any(RELAY_WORDS in reply for reply in refusals)
    return in_words or (_takes_mail(wire) and any(reply[:1] == b"5" for reply in refusals))


def _takes_mail(wire: Wire) -> bool:
    return any(reply.startswith(b"2") for reply in _to(wire, CONTROL))


def _to(wire: Wire, recipient: str) -> list[bytes]:
    """The whole replies to a recipient that stood behind a sender who was let in."""
    return [
        said.answer
        for said in wire.said
        if recipient in said.command and said.answer.endswith(b"\r\n") and said.answer[3:4] == b" "
    ]


def _went_through(wire: Wire, stage: str) -> bool:
    match stage:
        case "connect":
            return True
        case "handshake":
            return wire.shaken
        case "session":
            return bool(wire.answer("EHLO in TLS"))
        case "greeting" | "STARTTLS":
            return wire.answer(stage).startswith(b"220 ")
        case "last EHLO":
            return wire.answer("EHLO in TLS" if wire.shaken else "EHLO").startswith(b"250-")
        case _:
            return wire.answer(stage).startswith(b"250-")
