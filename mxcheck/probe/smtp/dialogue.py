"""The SMTP dialogue (RFC 5321): send commands, read whole replies, within limits."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.probe.smtp.starttls import TlsChannel
from mxcheck.probe.smtp.transcript import Transcript
from mxcheck.probe.tcp import Channel
from mxcheck.probe.time_budget import describe_limit, time_budget
from mxcheck.wire.smtp_reply import (
    MAX_LINE_KEPT,
    MAX_REPLY_LINES,
    decode_text,
    is_last_line,
    parse_reply,
    quote,
)

MAX_LINE_READ = 65536
FORBIDDEN = frozenset({"DATA", "BDAT", "VRFY", "EXPN", "AUTH"})
"""Commands that are never sent: no mail, no lookup of mailboxes, no credentials."""
QUIT_SECONDS = 2.0
"""How long the answer to QUIT is waited for: nothing depends on it."""


@dataclass(slots=True)
class Dialogue:
    """The SMTP dialogue of one connection; `unread` are bytes that came and were not read yet."""

    channel: Channel | TlsChannel
    transcript: Transcript
    timeout: float
    unread: bytearray = field(default_factory=bytearray)

    async def read_reply(
        self,
        timeout: float,  # noqa: ASYNC109 - it reports DRIP
        flag: str = "--timeout",
    ) -> Reply | Unseen:
        """Read the next reply, whole, within `timeout` seconds, which `flag` sets."""
        lines: list[bytes] = []
        try:
            async with time_budget(timeout):
                reply = await self._read_lines(lines)
        except TimeoutError:
            reply = _describe_timeout(bool(lines or self.unread), describe_limit(timeout, flag))
        if isinstance(reply, Unseen):
            self.transcript.note(reply.detail)
        return reply

    async def command(self, line: str) -> Reply | Unseen:
        """Send one command and read its reply."""
        return (await self.commands((line,)))[0]

    async def commands(self, lines: Sequence[str]) -> list[Reply | Unseen]:
        """Send commands as one group (RFC 2920 3.1) and read a reply for each."""
        for line in lines:
            _ensure_harmless(line)
        out_of_turn = await self.spoken_out_of_turn()
        if out_of_turn:
            return [out_of_turn for _ in lines]
        return await self.exchange(lines)

    async def exchange(self, lines: Sequence[str]) -> list[Reply | Unseen]:
        """Send commands and read a reply for each, without a look at what came before them."""
        for line in lines:
            _ensure_harmless(line)
            self.transcript.client(line)
        trouble = await self._send("".join(f"{line}\r\n" for line in lines).encode("ascii"))
        if trouble:
            self.transcript.note(trouble.detail)
            return [trouble for _ in lines]
        replies: list[Reply | Unseen] = []
        for _ in lines:
            lost = replies and isinstance(replies[-1], Unseen)
            replies.append(replies[-1] if lost else await self.read_reply(self.timeout))
        return replies

    async def quit(self) -> None:
        """Send QUIT and wait a moment for the answer (RFC 5321 4.1.1.10)."""
        if await self.spoken_out_of_turn():
            return
        self.transcript.client("QUIT")
        if not await self._send(b"QUIT\r\n"):
            await self.read_reply(min(self.timeout, QUIT_SECONDS), flag="")

    async def _send(self, data: bytes) -> Unseen | None:
        """Send bytes, within the time limit: the server may not read them."""
        try:
            async with time_budget(self.timeout):
                return await self.channel.send(data)
        except TimeoutError:
            limit = describe_limit(self.timeout, "--timeout")
            detail = f"the server took no more bytes within {limit}"
            return Unseen(trouble=Trouble.TIMEOUT, detail=detail)

    async def spoken_out_of_turn(self) -> Unseen | None:
        """Return what the server said without being asked, or that the connection is gone.

        After such words no reply can be assigned to its command: a stray "250", read as the answer
        to the next command, would turn a refusal of relaying into an open relay.
        """
        ended = await self._take_what_came()
        if not self.unread:
            return ended
        if _is_farewell(bytes(self.unread), ended):
            return None
        detail = f"the server speaks out of turn: {quote(bytes(self.unread))}"
        self.transcript.note(detail)
        return Unseen(trouble=Trouble.MALFORMED, detail=detail)

    async def _take_what_came(self) -> Unseen | None:
        """Put what has arrived into `unread`; return Unseen if nothing more will come."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0):
                while len(self.unread) < MAX_LINE_READ:
                    data = await self.channel.receive()
                    if isinstance(data, Unseen):
                        return data
                    self.unread += data
        return None

    async def _read_lines(self, lines: list[bytes]) -> Reply | Unseen:
        while len(lines) < MAX_REPLY_LINES:
            line = await self._read_line()
            if isinstance(line, Unseen):
                return line
            self.transcript.server(decode_text(line))
            lines.append(line)
            if is_last_line(line):
                return parse_reply(lines)
        detail = f"the reply does not end within {MAX_REPLY_LINES} lines"
        return Unseen(trouble=Trouble.FLOOD, detail=detail)

    async def _read_line(self) -> bytes | Unseen:
        while (end := self.unread.find(b"\n")) < 0:
            if len(self.unread) > MAX_LINE_READ:
                detail = f"a line does not end within {MAX_LINE_READ // 1024} KiB"
                return Unseen(trouble=Trouble.FLOOD, detail=detail)
            data = await self.channel.receive()
            if isinstance(data, Unseen):
                return data
            self.unread += data
        line = bytes(self.unread[:end]).removesuffix(b"\r")[:MAX_LINE_KEPT]
        del self.unread[: end + 1]
        return line


def _describe_timeout(began: bool, limit: str) -> Unseen:  # noqa: FBT001 - a private helper
    if began:
        detail = f"the reply was not complete after {limit}, though bytes kept coming"
        return Unseen(trouble=Trouble.DRIP, detail=detail)
    return Unseen(trouble=Trouble.TIMEOUT, detail=f"no reply within {limit}")


def _is_farewell(unread: bytes, ended: Unseen | None) -> bool:
    """Return whether a server says goodbye: with 421 (RFC 5321 3.8), or by a refusal and a close.

    Its words are then the answer to the next command: a refusal cannot be read as an acceptance.
    """
    if unread.startswith(b"421"):
        return True
    return ended is not None and all(line[:1] in {b"4", b"5"} for line in unread.splitlines())


def _ensure_harmless(line: str) -> None:
    """Raise ValueError for a command that SECURITY.md rules out, or that contains another one."""
    verb = line.strip().partition(" ")[0].upper()
    if verb in FORBIDDEN or not line.isascii() or not line.isprintable():
        raise ValueError(f"mxcheck must never send {line!r}")
