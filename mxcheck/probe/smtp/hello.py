"""ClientHellos of our own behind STARTTLS, and their answers, whatever OpenSSL can speak."""

import secrets
from dataclasses import replace

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.evidence.tls import HelloAnswer, OwnHello, ServerHello
from mxcheck.probe.smtp.session import Session
from mxcheck.probe.smtp.shown import describe_offer
from mxcheck.probe.tcp import Channel
from mxcheck.probe.time_budget import describe_limit, time_budget
from mxcheck.wire.client_hello import GOODBYE, RANDOM_SIZE, build_client_hello
from mxcheck.wire.reply_code import is_ready
from mxcheck.wire.server_hello import AnswerReader

LARGE_HELLO_SECONDS = 10
"""How long the answer to a long ClientHello is waited for, at most: it is a question of bytes."""


async def probe_hello(session: Session, planned: OwnHello) -> OwnHello:
    """Ask for TLS with the planned ClientHello, and return it with its answer.

    The session is of no use afterwards; no handshake is ever completed.
    """
    dialogue = session.dialogue
    reply = await dialogue.command("STARTTLS")
    if isinstance(reply, Unseen):
        return replace(planned, answer=reply)
    channel = dialogue.channel
    if not is_ready(reply) or not isinstance(channel, Channel):
        return replace(planned, answer=_refused(reply))
    answer = await _ask(channel, session, planned)
    dialogue.transcript.note(f"{describe_offer(planned)} is answered: {describe_hello(answer)}")
    return replace(planned, sent=True, answer=answer)


def describe_hello(answer: HelloAnswer) -> str:
    """Return an answer to a ClientHello in words, for the transcript."""
    if isinstance(answer, Unseen):
        return answer.detail
    if isinstance(answer, ServerHello):
        return f"{answer.version}, {answer.cipher}"
    return f"the alert {answer.description}"


def _refused(reply: Reply) -> Unseen:
    detail = f"on a further connection STARTTLS was answered {reply}"
    return Unseen(trouble=Trouble.TURNED_AWAY, detail=detail)


async def _ask(channel: Channel, session: Session, planned: OwnHello) -> HelloAnswer:
    hello = build_client_hello(
        planned.server_name or session.plan.endpoint.host,
        planned.offered,
        secrets.token_bytes(RANDOM_SIZE),
        authentication=planned.authentication,
        large=planned.large,
    )
    own = planned.large and session.plan.timeout > LARGE_HELLO_SECONDS
    timeout = LARGE_HELLO_SECONDS if own else session.plan.timeout
    try:
        async with time_budget(timeout):
            trouble = await channel.send(hello)
            answer = trouble or await _read_answer(channel)
            if isinstance(answer, ServerHello):
                await channel.send(GOODBYE)
    except TimeoutError:
        limit = describe_limit(timeout, "" if own else "--timeout")
        detail = f"a ClientHello of {len(hello)} bytes was not answered within {limit}"
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
