"""A healthy SMTP server in which one answer is not the due one, and what was really said."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from mxcheck.demo.loopback import Connection, Listening
from mxcheck.demo.smtp_script import Act
from mxcheck.demo.speech import say
from tests.faults.faults import LATE_SECONDS, Fault, Kind
from tests.faults.handshake import CONTEXT, half_a_flight
from tests.probe.harness import AT_HOME, HOST

EXTENSIONS = ("SIZE 52428800", "8BITMIME")
_PATH = re.compile(rb"<(.*?)>")

Plan = Callable[[int, str], Fault | None]
"""The fault of a connection (1 is the first) at a phase, if there is one."""


@dataclass(frozen=True, slots=True)
class Said:
    """One command, the answer that was sent, and whether that was the due one, whole."""

    phase: str
    command: str
    answer: bytes
    due: bool


@dataclass(slots=True)
class Wire:
    """What one connection really brought.

    hello: a ClientHello came behind STARTTLS. shaken: a handshake was completed.
    """

    said: list[Said] = field(default_factory=list)
    hello: bool = False
    shaken: bool = False

    def answer(self, phase: str) -> bytes:
        """The answer that was sent at a phase, empty where there was none."""
        return next((said.answer for said in self.said if said.phase == phase), b"")


class FaultySmtp(Listening):
    """Listens on a free port of 127.0.0.1; `wires` are its connections, in the order made.

    pipelining: whether it is announced. esmtp: whether EHLO is known. tls: whether STARTTLS is
    announced.
    """

    def __init__(
        self, plan: Plan, *, pipelining: bool = True, esmtp: bool = True, tls: bool = True
    ) -> None:
        super().__init__()
        self.wires: list[Wire] = []
        self.plan = plan
        self.esmtp = esmtp
        self.extensions = (
            *EXTENSIONS,
            *(("PIPELINING",) if pipelining else ()),
            *(("STARTTLS",) if tls else ()),
        )

    async def _serve(self, connection: Connection) -> None:
        wire = Wire()
        self.wires.append(wire)
        await _Dialogue(self, connection, wire, len(self.wires)).hold()


@dataclass(slots=True)
class _Dialogue:
    server: FaultySmtp
    connection: Connection
    wire: Wire
    number: int
    forms: int = 0
    recipients: int = 0

    async def hold(self) -> None:
        await self._say("greeting", "", f"220 {HOST} ESMTP\r\n".encode())
        while True:
            line = (await self.connection.line()).decode("ascii").strip()
            await self._command(line, line.partition(" ")[0].upper())

    async def _command(self, line: str, verb: str) -> None:
        if verb == "STARTTLS":
            due = await self._say("STARTTLS", line, b"220 2.0.0 Ready to start TLS\r\n")
            if due:
                await self._shake_hands()
            return
        self.forms += verb == "MAIL"
        self.recipients = self.recipients + 1 if verb == "RCPT" else 0
        await self._say(self._phase(verb), line, self._due(line, verb))
        if verb == "QUIT":
            raise ConnectionAbortedError

    def _phase(self, verb: str) -> str:
        match verb:
            case "EHLO" if self.wire.shaken:
                return "EHLO in TLS"
            case "RSET":  # it stands before the form that it makes room for
                return f"RSET {self.forms + 1}"
            case "RCPT" if self.recipients > 1:  # the control beside the outside recipient
                return f"control {self.forms}"
            case "MAIL" | "RCPT":
                return f"{verb} {self.forms}"
            case _:
                return verb

    def _due(self, line: str, verb: str) -> bytes:
        match verb:
            case "EHLO" if self.server.esmtp:
                return self._announcement()
            case "HELO":
                return f"250 {HOST}\r\n".encode()
            case "MAIL" | "RSET" | "NOOP":
                return b"250 2.0.0 Ok\r\n"
            case "RCPT":
                path = _PATH.search(line.encode())
                answer = AT_HOME("", path[1].decode() if path else "")
                assert isinstance(answer, bytes)
                return answer
            case "QUIT":
                return b"221 2.0.0 Bye\r\n"
            case _:
                return b"502 5.5.2 command not recognized\r\n"

    def _announcement(self) -> bytes:
        inside = [word for word in self.server.extensions if word != "STARTTLS"]
        words = [HOST, *(inside if self.wire.shaken else self.server.extensions)]
        marks = "-" * (len(words) - 1) + " "
        lines = (f"250{mark}{word}\r\n" for mark, word in zip(marks, words, strict=True))
        return "".join(lines).encode()

    async def _say(self, phase: str, command: str, due: bytes) -> bool:
        """Answer, and tell whether that was as due."""
        fault = self.server.plan(self.number, phase)
        words = fault.words(due) if fault else due
        self.wire.said.append(Said(phase, command, words, words == due))
        await self._let_happen(fault, words)
        return words.startswith(due)

    async def _let_happen(self, fault: Fault | None, words: bytes) -> None:
        if fault and fault.kind is Kind.LATE:
            await asyncio.sleep(LATE_SECONDS)
        if words:
            await self.connection.send(words)
        if fault and fault.act:
            await say(self.connection, fault.act)

    async def _shake_hands(self) -> None:
        self.connection.received.clear()  # RFC 3207 4.2
        hello = await self.connection.anything()
        self.wire.hello = True
        begun = self.server.plan(self.number, "handshake")
        middle = self.server.plan(self.number, "middle of the handshake")
        fault = begun or middle
        if fault and fault.kind is not Kind.LATE:
            flight = half_a_flight(hello) if middle else b""
            await self.connection.send(flight + fault.words(b"220 2.0.0 Ok\r\n"))
            await say(self.connection, fault.act or Act.SILENCE)
        await asyncio.sleep(LATE_SECONDS if fault else 0)
        asyncio.get_running_loop().call_soon(self.connection.data_received, hello)
        await self.connection.upgrade(CONTEXT)
        self.wire.shaken = True
