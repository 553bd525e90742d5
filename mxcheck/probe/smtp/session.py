"""One SMTP session, from the connection to the end of STARTTLS; each stage is recorded."""

import asyncio
from dataclasses import dataclass

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Connection, Greeting, Reply
from mxcheck.evidence.tls import TlsSession
from mxcheck.model.endpoint import Endpoint
from mxcheck.probe.smtp.dialogue import Dialogue
from mxcheck.probe.smtp.notebook import PENDING, Note
from mxcheck.probe.smtp.own_name import address_literal
from mxcheck.probe.smtp.starttls import describe_session, wrap
from mxcheck.probe.smtp.transcript import Transcript
from mxcheck.probe.tcp import MAY_PASS, Channel, Dialer
from mxcheck.probe.time_budget import time_budget
from mxcheck.wire.ehlo import parse_ehlo
from mxcheck.wire.reply_code import is_closing, is_positive, is_ready, is_refusal, is_transient

MAX_UNREAD_KEPT = 2048
MAX_STRAY_LINES = 5
_NOTHING_CAME = frozenset({Trouble.TIMEOUT, Trouble.CLOSED, Trouble.RESET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The server to visit, and how. Times in seconds; without `ehlo_name` the address literal."""

    endpoint: Endpoint
    dialer: Dialer
    greeting_timeout: float
    timeout: float
    ehlo_name: str


@dataclass(slots=True)
class Session:
    """A session in which EHLO or HELO was accepted; `extensions` are those announced last."""

    dialogue: Dialogue
    plan: Plan
    extensions: dict[str, str]
    speaks_esmtp: bool = True
    in_tls: bool = False

    async def quit(self) -> None:
        """Send QUIT, as RFC 5321 4.1.1.10 asks, and close the connection."""
        await self.dialogue.quit()
        self.close()

    def close(self) -> None:
        """Close the connection without QUIT."""
        self.dialogue.channel.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Why there is no session: a reply of the server, or the lack of one.

    `may_pass` says that another try may succeed.
    """

    why: Unseen | Reply
    may_pass: bool


async def open_session(plan: Plan, transcript: Transcript, note: Note) -> Session | Ended:
    """Connect, read the greeting and send EHLO (or HELO); record each stage."""
    note(connection=PENDING)
    transcript.note(f"connecting to {plan.endpoint.address} port {plan.endpoint.port}")
    opened = await plan.dialer.connect(plan.endpoint.address, plan.endpoint.port)
    if isinstance(opened, Unseen):
        transcript.note(opened.detail)
        note(connection=opened)
        return _lost(opened)
    channel, connect_ms = opened
    note(connection=Connection(connect_ms=connect_ms), greeting=PENDING)
    dialogue = Dialogue(channel, transcript, plan.timeout)
    try:
        session = await _greet(dialogue, plan, note)
    except BaseException:
        channel.close()
        raise
    if isinstance(session, Ended):
        channel.close()
    return session


async def _greet(dialogue: Dialogue, plan: Plan, note: Note) -> Session | Ended:
    clock = asyncio.get_running_loop()
    begun = clock.time()
    reply = await dialogue.read_reply(plan.greeting_timeout, "--greeting-timeout")
    if isinstance(reply, Unseen):
        return _no_greeting(dialogue, reply, note)
    greeting_ms = (clock.time() - begun) * 1000
    note(greeting=Greeting(reply=reply, greeting_ms=greeting_ms))
    if not is_ready(reply):
        if is_refusal(reply):
            await dialogue.quit()
        return Ended(why=reply, may_pass=is_refusal(reply))
    return await _introduce(dialogue, plan, note)


def _no_greeting(dialogue: Dialogue, trouble: Unseen, note: Note) -> Ended:
    if dialogue.channel.is_certain or trouble.trouble not in _NOTHING_CAME:
        note(greeting=trouble)
        return _lost(trouble)
    detail = f"the way out says that it connected, but nothing came: {trouble.detail}"
    doubt = Unseen(trouble=Trouble.WAY_OUT, detail=detail)
    note(connection=doubt, greeting=NOT_ASKED)
    return _lost(doubt)


async def _introduce(dialogue: Dialogue, plan: Plan, note: Note) -> Session | Ended:
    name = ehlo_name(plan, dialogue.channel.local_address)
    ehlo = await _say_ehlo(dialogue, name, note)
    if isinstance(ehlo, Unseen):
        return _lost(ehlo)
    if is_positive(ehlo):
        return Session(dialogue, plan, parse_ehlo(ehlo))
    if is_transient(ehlo):
        return await _put_off(dialogue, ehlo)
    # RFC 5321 3.2: a client falls back to HELO if EHLO is not known.
    helo = await dialogue.command(f"HELO {name}")
    note(helo=helo)
    if is_positive(helo):
        return Session(dialogue, plan, {}, speaks_esmtp=False)
    if isinstance(helo, Unseen):
        return _lost(helo)
    if is_transient(helo):
        return await _put_off(dialogue, helo)
    await dialogue.quit()
    return Ended(why=ehlo, may_pass=False)


async def _say_ehlo(dialogue: Dialogue, name: str, note: Note) -> Reply | Unseen:
    """Send EHLO and record its reply, or that unsolicited words follow the greeting."""
    early = await dialogue.spoken_out_of_turn()
    if early and early.trouble is Trouble.MALFORMED:
        note(greeting=early)
        return early
    note(ehlo=PENDING)
    ehlo = early or (await dialogue.exchange([f"EHLO {name}"]))[0]
    stray = await _read_stray(dialogue, ehlo)
    if stray:
        note(greeting=stray, ehlo=NOT_ASKED)
        return stray
    note(ehlo=ehlo)
    return ehlo


async def _read_stray(dialogue: Dialogue, ehlo: Reply | Unseen) -> Unseen | None:
    """Return why the first reply after EHLO belongs to the greeting, if another one follows it.

    Such words are usually there before EHLO is sent. If they arrive later, the verdict must be
    the same.
    """
    if isinstance(ehlo, Reply):
        what = repr(str(ehlo)) if is_ready(ehlo) else ""
    else:
        what = ehlo.detail if ehlo.trouble is Trouble.MALFORMED else ""
    if not what:
        return None
    for _ in range(MAX_STRAY_LINES):
        behind = await dialogue.read_reply(dialogue.timeout)
        if isinstance(behind, Reply):
            detail = f"the server speaks out of turn after its greeting: {what}"
            return Unseen(trouble=Trouble.MALFORMED, detail=detail)
        if behind.trouble is not Trouble.MALFORMED:
            break
    return None


async def _put_off(dialogue: Dialogue, reply: Reply) -> Ended:
    """End a session that the server puts off, unless the server ends it itself (421)."""
    if not is_closing(reply):
        await dialogue.quit()
    return Ended(why=reply, may_pass=True)


async def start_tls(session: Session, note: Note) -> Session | Ended:
    """Upgrade the session to TLS; return Ended, with the session closed, if it is lost.

    STARTTLS is sent also where it is not announced: the evidence shows whether it would work.
    """
    try:
        secured = await _upgrade(session, note)
    except BaseException:
        session.close()
        raise
    if isinstance(secured, Ended):
        session.close()
    return secured


async def _upgrade(session: Session, note: Note) -> Session | Ended:
    note(starttls=PENDING)
    answer = await session.dialogue.command("STARTTLS")
    note(starttls=answer)
    if isinstance(answer, Unseen):
        return _lost(answer)
    if is_closing(answer):
        return Ended(why=answer, may_pass=True)
    if not is_ready(answer):
        return session
    note(tls=PENDING)
    return await _handshake(session, note)


async def _handshake(session: Session, note: Note) -> Session | Ended:
    shaken = await shake_hands(session)
    if isinstance(shaken, Unseen):
        note(tls=shaken)
        return _lost(shaken)
    seen, secured = shaken
    note(tls=seen, ehlo_after_tls=PENDING)
    plan = session.plan
    ehlo = await secured.command(f"EHLO {ehlo_name(plan, secured.channel.local_address)}")
    note(ehlo_after_tls=ehlo)
    if isinstance(ehlo, Reply) and is_positive(ehlo):
        return Session(secured, plan, parse_ehlo(ehlo), in_tls=True)
    return _lost(ehlo) if isinstance(ehlo, Unseen) else Ended(why=ehlo, may_pass=is_transient(ehlo))


async def shake_hands(session: Session) -> tuple[TlsSession, Dialogue] | Unseen:
    """Complete the handshake after STARTTLS; return what it showed, and the dialogue inside TLS."""
    dialogue, plan = session.dialogue, session.plan
    # RFC 3207 4.2: whatever was learned or left over from before TLS is discarded.
    unread = bytes(dialogue.unread[:MAX_UNREAD_KEPT])
    if not isinstance(dialogue.channel, Channel):
        raise TypeError("the session is in TLS already")
    channel = wrap(dialogue.channel, plan.endpoint.host)
    try:
        async with time_budget(plan.timeout):
            trouble = await channel.handshake()
    except TimeoutError:
        trouble = channel.describe_timeout(plan.timeout)
    if trouble:
        dialogue.transcript.note(trouble.detail)
        return trouble
    seen = describe_session(channel, unread)
    dialogue.transcript.note(f"TLS began: {seen.version}, {seen.cipher}")
    return seen, Dialogue(channel, dialogue.transcript, plan.timeout)


def _lost(trouble: Unseen) -> Ended:
    return Ended(why=trouble, may_pass=trouble.trouble in MAY_PASS)


def ehlo_name(plan: Plan, local_address: str) -> str:
    """Return the name for EHLO; an address literal if there is none (RFC 5321 4.1.3)."""
    return plan.ehlo_name or address_literal(local_address)
