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
OUTSIDE_SENDER, OWN_SENDER = "postmaster@probe.example.net", "postmaster@example.com"
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
    *("MAIL 1", "RCPT 1", "control 1"),
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
    transactions = [one for wire in wires for one in _transactions(wire)]
    relays = any(one.outside.startswith(b"2") for one in transactions)
    if isinstance(answer, Fail) and not relays:
        yield f"open-relay fails, but nothing was relayed: {answer.message}"
    if isinstance(answer, Pass) and (relays or not refuses_to_relay(wires)):
        yield f"open-relay passes without a proof: {answer.message}"


@dataclass(slots=True)
class Transaction:
    """The whole replies to a sender, to an outside recipient and to the control beside it."""

    sender: str
    mail: bytes
    outside: bytes = b""
    control: bytes = b""

    @property
    def is_proven(self) -> bool:
        """Whether it shows that mail from this sender is not relayed."""
        if RELAY_WORDS in self.outside:
            return True
        return self.outside[:1] == b"5" and self.control[:1] == b"2"

    @property
    def is_refused(self) -> bool:
        """Whether the sender itself was refused: by MAIL, or with both recipients."""
        return self.mail[:1] == b"5" or self.outside[:1] == self.control[:1] == b"5"


def refuses_to_relay(wires: Sequence[Wire]) -> bool:
    """Return whether the server showed, form by form, that it does not relay.

    The outside sender's form has to be proven. Of the other two the sender may be refused, if
    another sender reaches the control on that connection.
    """
    by_wire = [_transactions(wire) for wire in wires]
    proven = {one.sender for known in by_wire for one in known if one.is_proven}
    for known in by_wire:
        for one in known:
            others = (other for other in known if other.sender != one.sender)
            if one.is_refused and any(other.control[:1] == b"2" for other in others):
                proven |= {one.sender} - {OUTSIDE_SENDER}
    if OUTSIDE_SENDER in proven:
        return {"", OWN_SENDER} <= proven
    return _only_words(by_wire)


def _only_words(by_wire: Sequence[Sequence[Transaction]]) -> bool:
    """Return whether no outside sender is taken, and the others are refused as relays refuse."""
    everything = [one for known in by_wire for one in known]
    outside = [one for one in everything if one.sender == OUTSIDE_SENDER]
    in_words = {one.sender for one in everything if RELAY_WORDS in one.outside}
    taken = not outside or any(one.mail[:1] != b"5" for one in outside)
    return not taken and {"", OWN_SENDER} <= in_words


def _takes_mail(wire: Wire) -> bool:
    return any(one.control.startswith(b"2") for one in _transactions(wire))


def _transactions(wire: Wire) -> list[Transaction]:
    """Return the transactions of a connection, as far as their replies are whole."""
    found: list[Transaction] = []
    for said in wire.said:
        answer = said.answer
        whole = answer.endswith(b"\r\n") and answer.count(b"\n") == 1 and answer[3:4] == b" "
        if said.command.startswith("MAIL FROM:<"):
            sender = said.command.removeprefix("MAIL FROM:<").removesuffix(">")
            found.append(Transaction(sender=sender, mail=answer if whole else b""))
        elif whole and found and found[-1].mail[:1] == b"2":
            if OUTSIDE in said.command:
                found[-1].outside = answer
            elif CONTROL in said.command:
                found[-1].control = answer
    return found


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
