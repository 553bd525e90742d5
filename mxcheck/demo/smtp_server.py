"""An SMTP server on loopback that follows a script and records what clients send."""

import re
import ssl
from dataclasses import dataclass, field
from typing import assert_never

from mxcheck.demo.loopback import Connection, Listening
from mxcheck.demo.smtp_script import Answer, Handshake, Script, Tls
from mxcheck.demo.speech import answer_hello, say, spoil

_PATH = re.compile(r"<(.*?)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that a client sent, with its end."""

    data: bytes
    in_tls: bool

    @property
    def verb(self) -> str:
        """The first word, in upper case."""
        return self.data.decode("ascii", "replace").strip().partition(" ")[0].upper()


@dataclass(slots=True, kw_only=True)
class Session:
    """What one client sent.

    early: the bytes that arrived before the greeting was sent.
    lines: the command lines. unread: bytes that arrived and were not read as a line, also those
        discarded at STARTTLS.
    server_name: the name in the client's SNI. tls_version: as OpenSSL writes it, "TLSv1.3"; None
        if no handshake was completed.
    """

    early: bytes = b""
    lines: list[Line] = field(default_factory=list)
    unread: bytes = b""
    server_name: str | None = None
    tls_version: str | None = None

    @property
    def verbs(self) -> list[str]:
        """The verbs in the order in which they came."""
        return [line.verb for line in self.lines]


class ScriptedSmtp(Listening):
    """A server on a free port of 127.0.0.1; the n-th connection follows the n-th script.

    Further connections follow the last script.
    sessions: one for every connection, in order.
    """

    def __init__(self, *scripts: Script) -> None:
        super().__init__()
        self.sessions: list[Session] = []
        self._scripts = scripts or (Script(),)

    async def start(self) -> None:
        """Begin to listen; raises ssl.SSLError if a certificate or cipher is unusable."""
        for script in self._scripts:
            if isinstance(script.tls, Tls):
                script.tls.context()
        await super().start()

    @property
    def verbs(self) -> list[str]:
        """The verbs of all connections."""
        return [verb for session in self.sessions for verb in session.verbs]

    async def _serve(self, connection: Connection) -> None:
        script = self._scripts[min(len(self.sessions), len(self._scripts) - 1)]
        session = Session()
        self.sessions.append(session)
        try:
            await _Dialogue(script=script, connection=connection, session=session).hold()
        finally:
            session.unread += bytes(connection.received)


@dataclass(slots=True, kw_only=True)
class _Dialogue:
    """One connection in progress; a script ends it by ConnectionAbortedError.

    refuses: the greeting was 554. sender: the one of the open mail transaction.
    """

    script: Script
    connection: Connection
    session: Session
    refuses: bool = False
    sender: str | None = None

    @property
    def in_tls(self) -> bool:
        return self.session.tls_version is not None

    async def hold(self) -> None:
        await self._greet()
        while True:
            await self._command()

    async def _greet(self) -> None:
        greeting = self.script.greeting_answer()
        self.refuses = isinstance(greeting, bytes) and greeting.startswith(b"554")
        try:
            await self._say(greeting)
        finally:
            self.session.early = bytes(self.connection.received)

    async def _command(self) -> None:
        line = Line(data=await self.connection.line(), in_tls=self.in_tls)
        self.session.lines.append(line)
        if line.verb == self.script.drop_at:
            raise ConnectionAbortedError
        await self._answer(line)
        if len(self.session.lines) == self.script.drop_after:
            raise ConnectionAbortedError

    async def _answer(self, line: Line) -> None:
        path = _PATH.search(line.data.decode("utf-8", "replace"))
        address = path.group(1) if path else ""
        match line.verb:
            case "QUIT":
                await self._say(b"221 2.0.0 Bye\r\n")
                raise ConnectionAbortedError
            case _ if self.refuses:
                await self._say(b"503 5.5.1 No SMTP service here\r\n")
            case "STARTTLS":
                await self._starttls()
            case "MAIL":
                await self._mail(address)
            case "RCPT":
                await self._recipient(address)
            case verb:
                await self._simple(verb)

    async def _simple(self, verb: str) -> None:
        self.sender = None if verb in {"EHLO", "HELO", "RSET"} else self.sender
        match verb:
            case "EHLO":
                await self._say(self.script.ehlo_answer(in_tls=self.in_tls))
            case "HELO":
                await self._say(self.script.helo_answer())
            case "RSET" | "NOOP":
                await self._say(b"250 2.0.0 Ok\r\n")
            case _:
                await self._say(b"502 5.5.2 Error: command not recognized\r\n")

    async def _mail(self, sender: str) -> None:
        answer = self.script.mail_answer(sender)
        await self._say(answer)
        self.sender = sender if _accepts(answer) else None

    async def _recipient(self, recipient: str) -> None:
        if self.sender is None:
            await self._say(b"503 5.5.1 Error: need MAIL command\r\n")
        else:
            await self._say(self.script.recipient(self.sender, recipient))

    async def _starttls(self) -> None:
        if self.in_tls:
            await self._say(b"503 5.5.1 Error: TLS already active\r\n")
            return
        answer = self.script.starttls_answer()
        await self._say(answer)
        if isinstance(answer, bytes) and answer.startswith(b"220"):
            await self._shake_hands()

    async def _shake_hands(self) -> None:
        match self.script.tls:
            case Tls() as tls:
                await self._upgrade(tls)
            case bytes() as flight:
                await answer_hello(self.connection, flight)
            case Handshake() as handshake:
                await spoil(self.connection, handshake)
            case None:
                await spoil(self.connection, Handshake.CLOSE)
            case never:
                assert_never(never)

    async def _upgrade(self, tls: Tls) -> None:
        if not self.script.keeps_plaintext:
            self.session.unread += bytes(self.connection.received)
            self.connection.received.clear()
        context = tls.context()
        context.sni_callback = self._note_server_name
        self.session.tls_version = (await self.connection.upgrade(context)).version()
        self.sender = None

    def _note_server_name(
        self, _tls: ssl.SSLObject, server_name: str | None, _context: ssl.SSLContext
    ) -> None:
        self.session.server_name = server_name

    async def _say(self, answer: Answer) -> None:
        await say(self.connection, answer)
        if isinstance(answer, bytes) and answer.startswith(b"421"):
            raise ConnectionAbortedError


def _accepts(answer: Answer) -> bool:
    return isinstance(answer, bytes) and answer.startswith(b"2")
