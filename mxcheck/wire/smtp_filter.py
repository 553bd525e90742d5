"""The traces of a firewall that rewrites SMTP, as Cisco's PIX and ASA do (fixup, inspect esmtp).

Such a firewall covers the greeting with asterisks, leaving the digits 2 and 0, replaces keywords in
the reply to EHLO, and commands that it does not know, with as many X and a letter at the end.
"""

import re
from collections.abc import Iterable

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import CanaryCall, Greeting, Reply, Visit
from mxcheck.wire.address import ip_version
from mxcheck.wire.reply_code import is_refusal

_MASKED_GREETING = re.compile(r"[*20\s]*\*{4}[*20\s]*")
_MASKED_KEYWORD = re.compile(r"X{3,}[A-Z]?")
_MASKED_COMMAND = re.compile(r"\bX{4,}\b")


def masked_greeting(reply: Reply) -> bool:
    """Return whether a greeting is covered with asterisks."""
    return _MASKED_GREETING.fullmatch(reply.text) is not None


def masked_keywords(reply: Reply | Unseen) -> tuple[str, ...]:
    """Return the keywords of a reply to EHLO that are replaced.

    A refusal quotes the command that it was given, which may be replaced too.
    """
    if isinstance(reply, Unseen):
        return ()
    if is_refusal(reply):
        return tuple(_MASKED_COMMAND.findall(reply.text))
    words = (line.split(maxsplit=1) for line in reply.lines[1:])
    return tuple(word[0] for word in words if word and _MASKED_KEYWORD.fullmatch(word[0]))


def rewritten_words(seen: Visit | CanaryCall) -> str:
    """Return the words of a server that a firewall has rewritten, or "" if there are none."""
    greeting = _greeting_of(seen)
    if greeting and masked_greeting(greeting):
        return str(greeting)
    return ", ".join(masked_keywords(seen.ehlo))


def shows_plain_words(seen: Visit | CanaryCall) -> bool:
    """Return whether a server was heard up to EHLO, and nothing of it was rewritten."""
    return isinstance(seen.ehlo, Reply) and not rewritten_words(seen)


def rewritten_families(visits: Iterable[Visit]) -> tuple[int, ...]:
    """Return the address families (4, 6) in which all that was heard up to EHLO was rewritten."""
    seen = list(visits)
    rewritten = {ip_version(visit.address) for visit in seen if rewritten_words(visit)}
    plain = {ip_version(visit.address) for visit in seen if shows_plain_words(visit)}
    return tuple(sorted(rewritten - plain))


def _greeting_of(seen: Visit | CanaryCall) -> Reply | None:
    greeting = seen.greeting.reply if isinstance(seen.greeting, Greeting) else seen.greeting
    return greeting if isinstance(greeting, Reply) else None
