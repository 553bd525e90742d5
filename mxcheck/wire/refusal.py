"""Parser of what a refusal is about: relaying, this client, its sender, the domain, a mailbox."""

import re
from collections.abc import Iterable
from enum import Enum

from mxcheck.evidence.smtp import Reply
from mxcheck.wire.refusal_words import (
    ANY_RELAY_WORDS,
    CLIENT_WORDS,
    COUNT_WORDS,
    DOMAIN_WORDS,
    MAILBOX_WORDS,
    RELAY_WORDS,
    SENDER_WORDS,
    Words,
)
from mxcheck.wire.reply_code import is_closing, is_permanent, is_positive, is_refusal

_ACCESS_DENIED = re.compile(r"^5\.4\.1 .*\baccess denied\b")


class Refusal(Enum):
    """What a reply to EHLO, MAIL or RCPT refuses."""

    NONE = "accepted"
    RELAY = "mail for that recipient is not relayed"
    CLIENT = "this client is not wanted"
    SENDER = "this sender is not wanted"
    COUNT = "there are too many recipients"
    DOMAIN = "mail for that domain is not taken"
    MAILBOX = "there is no such mailbox"
    TEMPORARY = "not now"
    OTHER = "refused in other words"


def _any_of(table: Iterable[Words]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{words.pattern})" for words in table))


_RELAY = _any_of(RELAY_WORDS)
_ANY_RELAY = _any_of(ANY_RELAY_WORDS)
_COUNT = _any_of(COUNT_WORDS)
_SENDER = _any_of(SENDER_WORDS)
_KINDS = (
    (_SENDER, Refusal.SENDER),
    (_any_of(CLIENT_WORDS), Refusal.CLIENT),
    (_any_of(DOMAIN_WORDS), Refusal.DOMAIN),
    (_any_of(MAILBOX_WORDS), Refusal.MAILBOX),
)
_OF_US = (Refusal.SENDER, Refusal.CLIENT)


def parse_refusal(reply: Reply) -> Refusal:
    """Return what a reply refuses; an MTA's own words of relaying weigh more than others.

    They weigh more than a 4yz code too: Postfix says "454 4.7.1 Relay access denied" unless told
    otherwise (defer_unauth_destination). Only a 421 is about the connection, whatever it says.
    """
    if is_positive(reply):
        return Refusal.NONE
    if is_closing(reply):
        return Refusal.TEMPORARY
    text = _text(reply)
    kind = next((kind for pattern, kind in _KINDS if pattern.search(text)), Refusal.OTHER)
    if _RELAY.search(text) or (_ANY_RELAY.search(text) and kind not in _OF_US):
        return Refusal.RELAY
    if _COUNT.search(text):
        return Refusal.COUNT
    # 4yz: come back later; 3yz has no meaning here.
    return kind if is_permanent(reply) else Refusal.TEMPORARY


def is_about_sender(reply: Reply) -> bool:
    """Return whether a refusal, for now or for good, speaks of the sender."""
    refused = is_refusal(reply) and not is_closing(reply)
    return refused and not _RELAY.search(_text(reply)) and bool(_SENDER.search(_text(reply)))


def is_access_denied(reply: Reply) -> bool:
    """Return whether a reply is Exchange Online's 5.4.1, said of unknown and outside recipients."""
    return is_permanent(reply) and bool(_ACCESS_DENIED.search(_text(reply)))


def _text(reply: Reply) -> str:
    return " ".join(reply.text.lower().split())
