"""What a refusal is about: relaying, this client, or something that its words do not tell.

The words are those of the software or service named beside them, in lower case.
"""

import re
from enum import Enum

from mxcheck.evidence.smtp import Reply

CLOSING = 421
"""The server closes the connection (RFC 5321 3.8)."""


class Refusal(Enum):
    """What a reply to EHLO, MAIL or RCPT refuses."""

    NONE = "accepted"
    RELAY = "mail for that recipient is not relayed"
    CLIENT = "this client, or its sender, is not wanted"
    TEMPORARY = "not now"
    OTHER = "refused in other words"


# Row by row: where the words come from, and the words.
_RELAY_WORDS = (
    ("Postfix, reject_unauth_destination", r"relay access denied"),
    ("Exim, acl_check_rcpt", r"relay not permitted"),
    ("Sendmail, check_rcpt; Courier", r"relaying denied"),
    ("Exchange and Exchange Online", r"unable to relay"),
    ("Domino", r"relay rejected for policy reasons"),
    ("qmail", r"isn't in my list of allowed rcpthosts"),
    ("Haraka", r"i cannot deliver mail for"),
    ("no one product", r"\b(?:do not|cannot|can't|won't|will not|not allowed to) relay\b"),
    ("no one product", r"\brelay(?:ing)?\b.{0,40}\b(?:denied|prohibited|rejected|refused)\b"),
    ("no one product", r"\brelay(?:ing)?\b.{0,40}\bnot (?:permitted|allowed|authori[sz]ed)\b"),
)
_CLIENT_WORDS = (
    ("blocklists by name", r"\b(?:spamhaus|spamcop|barracudacentral|uceprotect)\b"),
    ("blocklists", r"\b(?:black|block)[ -]?list(?:ed|ing)?\b|\b(?:rbl|dnsbl)\b"),
    ("Postfix, reject_rbl_client", r"service unavailable; client host"),
    ("Postfix, smtpd_client_restrictions", r"client host rejected"),
    ("Postfix, smtpd_helo_restrictions", r"helo command rejected"),
    ("Postfix, smtpd_sender_restrictions", r"sender address rejected"),
    ("Sendmail, Exim and others", r"\breverse (?:dns|lookup)\b|\bptr\b"),
    ("reputation services", r"\breputation\b"),
    ("Exchange Online", r"\bbanned sending ip\b"),
    ("Google", r"\bunsolicited mail\b|\bunauthenticated\b"),
    ("no one product", r"\bblocked\b|\bspf\b|\bdynamic (?:ip|address)"),
)
_RELAY = re.compile("|".join(words for _, words in _RELAY_WORDS))
_CLIENT = re.compile("|".join(words for _, words in _CLIENT_WORDS))


def parse_refusal(reply: Reply) -> Refusal:
    """What a reply refuses; words of relaying weigh more than any others in the same reply.

    They weigh more than a 4yz code too: Postfix says "454 4.7.1 Relay access denied" unless told
    otherwise (defer_unauth_destination). Only a 421 is about the connection, whatever it says.
    """
    text = " ".join(reply.text.lower().split())
    first_digit = reply.code // 100
    if first_digit == 2:  # noqa: PLR2004 - RFC 5321 4.2.1: 2yz alone accepts
        return Refusal.NONE
    if reply.code == CLOSING:
        return Refusal.TEMPORARY
    if _RELAY.search(text):
        return Refusal.RELAY
    if first_digit != 5:  # noqa: PLR2004 - 4yz: come back later; 3yz has no meaning here
        return Refusal.TEMPORARY
    return Refusal.CLIENT if _CLIENT.search(text) else Refusal.OTHER
