"""The injection test: whether a command in clear behind STARTTLS is answered inside TLS.

See CVE-2011-0411 and RFC 3207 6. The command is NOOP; inside TLS nothing but QUIT is sent.
"""

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Injection, Reply
from mxcheck.probe.smtp.dialogue import Dialogue
from mxcheck.probe.smtp.session import Session, shake_hands
from mxcheck.wire.reply_code import is_ready

INJECTED = "NOOP"
GOODBYE = 221


async def probe_injection(session: Session) -> Injection:
    """Send STARTTLS and NOOP in one segment, then QUIT inside TLS, and write down what comes."""
    dialogue = session.dialogue
    for line in ("STARTTLS", INJECTED):
        dialogue.transcript.client(line)
    trouble = await dialogue.channel.send(f"STARTTLS\r\n{INJECTED}\r\n".encode("ascii"))
    answer = trouble or await dialogue.read_reply(dialogue.timeout)
    if not is_ready(answer):
        return Injection(starttls=answer)
    shaken = await shake_hands(session)
    if isinstance(shaken, Unseen):
        return Injection(starttls=answer, tls=shaken)
    seen, secured = shaken
    return Injection(starttls=answer, tls=seen, replies=await _quit(secured))


async def _quit(secured: Dialogue) -> tuple[Reply | Unseen, ...]:
    """Return the reply to QUIT, and the one before it if there was one that nobody asked for."""
    first = await secured.command("QUIT")
    if isinstance(first, Unseen) or first.code == GOODBYE:
        return (first,)
    return (first, await secured.read_reply(secured.timeout))
