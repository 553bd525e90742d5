"""ClientHellos of our own behind STARTTLS: what they are answered, whatever OpenSSL can speak."""

import secrets

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.evidence.tls import HelloAnswer, OwnHello, ServerHello
from mxcheck.probe.smtp.session import Session
from mxcheck.probe.tcp import Channel
from mxcheck.probe.time_budget import describe_limit, time_budget
from mxcheck.wire.client_hello import GOODBYE, RANDOM_SIZE, build_client_hello
from mxcheck.wire.reply_code import is_ready
from mxcheck.wire.server_hello import AnswerReader


async def probe_hello(session: Session, offered: str) -> OwnHello:
    """Ask for TLS with a ClientHello that offers every version up to `offered`.

    The session is of no use afterwards; no handshake is ever completed.
    """
    dialogue = session.dialogue
    answer = await dialogue.command("STARTTLS")
    if isinstance(answer, Unseen):
        return OwnHello(offered=offered, sent=False, answer=answer)
    channel = dialogue.channel
    if not is_ready(answer) or not isinstance(channel, Channel):
        return OwnHello(offered=offered, sent=False, answer=_refused(answer))
    seen = await _ask(channel, session, offered)
    dialogue.transcript.note(f"a ClientHello up to {offered} is answered: {describe_hello(seen)}")
    return OwnHello(offered=offered, sent=True, answer=seen)


def describe_hello(answer: HelloAnswer) -> str:
    """An answer to a ClientHello in words, for the transcript."""
    if isinstance(answer, Unseen):
        return answer.detail
    if isinstance(answer, ServerHello):
        return f"{answer.version}, {answer.cipher}"
    return f"the alert {answer.description}"


def _refused(answer: Reply) -> Unseen:
    detail = f"on a further connection STARTTLS was answered {answer}"
    return Unseen(trouble=Trouble.NOT_ASKED, detail=detail)


async def _ask(channel: Channel, session: Session, offered: str) -> HelloAnswer:
    hello = build_client_hello(session.plan.host, offered, secrets.token_bytes(RANDOM_SIZE))
    timeout = session.plan.timeout
    try:
        async with time_budget(timeout):
            trouble = await channel.send(hello)
            answer = trouble or await _read_answer(channel)
            if isinstance(answer, ServerHello):
                await channel.send(GOODBYE)
    except TimeoutError:
        limit = describe_limit(timeout, "--timeout")
        detail = f"a ClientHello was not answered within {limit}"
        return Unseen(trouble=Trouble.TIMEOUT, detail=detail)
    return answer


async def _read_answer(channel: Channel) -> HelloAnswer:
    reader = AnswerReader()
    while True:
        data = await channel.receive()
        if isinstance(data, Unseen):
            return data
        answer = reader.feed(data)
        if answer is not None:
            return answer
