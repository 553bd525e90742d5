"""What a refusal is about: relaying, this client, or something that its words do not tell.

The words are in lower case, each beside the software or service that says them and the place where
that can be read. What is not in the tables is `OTHER`, which proves nothing by itself: a reply that
is wrongly taken for one about relaying would make an open relay look closed, so only words that
can mean nothing else are listed. "550 Invalid recipient" (OpenSMTPD), "550 5.4.1 Recipient address
rejected: Access denied" (Exchange Online), "550 #5.1.0 Address rejected." (Cisco) and "530 SMTP
authentication is required." (hMailServer) are what those servers say instead of "no relaying", but
they say it of unknown mailboxes, or of everything, too.
"""

import re
from enum import Enum
from typing import NamedTuple

from mxcheck.evidence.smtp import Reply
from mxcheck.wire.reply_code import is_closing, is_permanent, is_positive

"""The server closes the connection (RFC 5321 3.8)."""


class Refusal(Enum):
    """What a reply to EHLO, MAIL or RCPT refuses."""

    NONE = "accepted"
    RELAY = "mail for that recipient is not relayed"
    CLIENT = "this client, or its sender, is not wanted"
    TEMPORARY = "not now"
    OTHER = "refused in other words"


class Words(NamedTuple):
    """A row of a table: a pattern of words, who says them, and where that is written."""

    pattern: str
    speaker: str
    source: str


RELAY_WORDS = (
    Words(r"relay access denied", "Postfix, Proofpoint Essentials", "smtpd_check.c"),
    Words(r"relay access denied", "Exchange Online (5.7.64)", "Microsoft Learn, 5.7.64"),
    Words(r"relay not permitted", "Exim", "configure.default, acl_check_rcpt"),
    Words(r"relaying denied", "Sendmail", "cf/m4/proto.m4, confRELAY_MSG"),
    Words(r"relaying denied", "Courier", "module.esmtp/esmtp.C"),
    Words(r"\bunable to relay\b", "Exchange, also 5.7.54", "Microsoft Learn, 5.7.54"),
    Words(r"isn't in my list of allowed rcpthosts", "qmail", "qmail-smtpd.c, err_nogateway"),
    Words(r"i cannot deliver mail for", "Haraka", "connection.js, rcpt_respond"),
    Words(r"relay not allowed", "Stalwart", "smtp/src/inbound/rcpt.rs"),
    Words(r"open relay (?:is )?not allowed", "Mimecast", "Mimecast SMTP error codes, 451"),
    Words(r"relaying not permitted", "KumoMTA", "kumod/src/smtp_server.rs"),
    Words(r"not accepting email for domain", "mox", "smtpserver/server.go, cmdRcpt"),
    Words(r"not permitted to relay through this server", "Symantec (MessageLabs)", "Sisimai"),
    Words(r"to send to a non-local e-mail address", "MailEnable", "Sisimai, NoRelaying.pm"),
    Words(r"mail relay denied", "Google", "Google Workspace Admin Help, SMTP relay"),
    Words(r"relay rejected for policy reasons", "Domino", "quoted by programs that send to it"),
    Words(r"recipient address rejected: no relaying", "Postfix access tables", "Sisimai"),
)

CLIENT_WORDS = (
    Words(r"service unavailable; (?:client host|helo|sender)", "Postfix", "DEF_DEF_RBL_REPLY"),
    Words(r"client host rejected", "Postfix", "smtpd_check.c, smtpd_client_restrictions"),
    Words(r"helo command rejected", "Postfix", "smtpd_check.c, smtpd_helo_restrictions"),
    Words(r"sender address rejected", "Postfix", "smtpd_check.c, smtpd_sender_restrictions"),
    Words(r"is in a black list at", "Exim", "configure.default, dnslists"),
    Words(r"sender verify failed", "Exim", "acl.c, verify = sender"),
    Words(r"rejected: \S+ listed at", "Sendmail", "cf/m4/proto.m4, FEATURE(dnsbl)"),
    Words(r"fix reverse dns for", "Sendmail", "cf/m4/proto.m4, FEATURE(require_rdns)"),
    Words(r"domain of sender address", "Sendmail", "cf/m4/proto.m4, check_mail"),
    Words(r"in my badmailfrom list", "qmail", "qmail-smtpd.c, err_bmf"),
    Words(r"reverse dns validation failed", "Stalwart", "smtp/src/inbound/mail.rs"),
    Words(r"not accepting email for ip", "mox", "smtpserver/server.go, cmdRcpt"),
    Words(r"\bbanned send(?:ing ip|er)\b", "Exchange Online", "Microsoft Learn, 5.7.501 to 699"),
    Words(r"on our block ?list", "Outlook.com", "Outlook.com postmaster, S3140"),
    Words(r"\bunsolicited mail\b|\bunauthenticated\b", "Google", "Google, SMTP errors and codes"),
    Words(r"host network not allowed", "Mimecast", "Mimecast SMTP error codes, 554"),
    Words(r"sender address blocked", "Mimecast", "Mimecast SMTP error codes, 421"),
    Words(r"barracuda(?:central|networks)\b", "Barracuda", "reply of reject_rbl_client"),
    Words(r"support\.proofpoint\.com/dnsbl-lookup", "Proofpoint, Apple", "Proofpoint, blocks"),
    Words(r"message rejected due to local policy", "Apple (CS01)", "Apple postmaster"),
    Words(r"\bconnections will not be accepted from\b", "Yahoo", "Yahoo Sender Hub, BL21"),
    Words(r"found on one or more dnsbls", "Cloudflare", "Email Routing, Postmaster"),
    Words(r"spf unauthorized mail is prohibited", "Cisco", "AsyncOS guide, SPF response"),
    Words(r"\b(?:spamhaus|spamcop|uceprotect)\b", "blocklists by name", "their return messages"),
    Words(r"\b(?:black|block)[ -]?list(?:ed|ing)?\b|\b(?:rbl|dnsbl)\b", "many", "Sisimai, Blocked"),
    Words(r"\breverse (?:dns|lookup)\b|\bptr\b", "many", "Sisimai, RequirePTR"),
    Words(r"\bpoor reputation\b|\breputation of\b", "many", "Sisimai, BadReputation"),
    Words(r"\bblocked\b|\bspf\b|\bdynamic (?:ip|address)", "many", "Sisimai, Blocked, AuthFailure"),
    Words(r"\binsecure mail relay\b|\ban open relay\b", "many", "Sisimai, set-of-emails"),
    # RFC 3463 X.7.1 is said of both; these are about the client or its sender alone.
    Words(r"^5\.1\.[78] ", "RFC 3463 X.1.7, X.1.8: the sender's address", "RFC 3463 3.2"),
    Words(r"^5\.7\.2[0-9] ", "RFC 7372: DKIM, SPF, reverse DNS; null MX", "IANA registry"),
    Words(r"^5\.7\.[56][0-9][0-9] ", "Exchange Online, restricted senders", "Microsoft Learn"),
)

# Words of no product in particular. They count only where nothing speaks of the client: "your mail
# relay was rejected" is about a relay too.
ANY_RELAY_WORDS = (
    r"\b(?:do not|don't|cannot|can't|won't|will not|not allowed to|no) relay(?:ing)?\b",
    r"\brelaying\b.{0,40}\b(?:denied|disallowed|prohibited|refused)\b",
    r"\brelaying\b.{0,40}\bnot (?:permitted|allowed|authori[sz]ed)\b",
    r"(?<!your )\brelay (?:access |attempt )?(?:denied|disallowed|prohibited|refused)\b",
)


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_RELAY = _any_of([words.pattern for words in RELAY_WORDS])
_CLIENT = _any_of([words.pattern for words in CLIENT_WORDS])
_ANY_RELAY = _any_of(list(ANY_RELAY_WORDS))


def parse_refusal(reply: Reply) -> Refusal:
    """What a reply refuses; an MTA's own words of relaying weigh more than others beside them.

    They weigh more than a 4yz code too: Postfix says "454 4.7.1 Relay access denied" unless told
    otherwise (defer_unauth_destination). Only a 421 is about the connection, whatever it says.
    """
    text = " ".join(reply.text.lower().split())
    if is_positive(reply):
        return Refusal.NONE
    if is_closing(reply):
        return Refusal.TEMPORARY
    about_client = _CLIENT.search(text)
    if _RELAY.search(text) or (_ANY_RELAY.search(text) and not about_client):
        return Refusal.RELAY
    if not is_permanent(reply):  # 4yz: come back later; 3yz has no meaning here
        return Refusal.TEMPORARY
    return Refusal.CLIENT if about_client else Refusal.OTHER
