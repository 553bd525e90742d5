"""Tables of words by which servers say why they refuse a recipient or a sender.

The words are in lower case. Each row names the software or service that says them, and where that
can be read. A pattern that begins with `^5` is an enhanced status code (RFC 3463).

Only words that mean nothing else are listed. A reply that is wrongly taken for one about relaying
makes an open relay look closed, and one that is wrongly taken for one about the domain is a false
alarm. "530 SMTP authentication is required." (hMailServer) and a bare "5.7.1 Access denied", for
example, are said of relaying and of much else, and so are in no table.

"Your domain" is about the client: a server speaks to whoever connects. In public collections of
replies it is the domain of the sender or of the client each time (ADR 5).
"""

from typing import NamedTuple


class Words(NamedTuple):
    """A row of a table: a pattern of words, who says them, and where that is written."""

    pattern: str
    speaker: str
    source: str


# The word itself, not a part of a name such as "my-domain.example".
_DOMAIN = r"(?<![-.@\w])domain(?![-\w]|\.\w)"

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
"""The server does not relay."""

ANY_RELAY_WORDS = (
    Words(
        r"\b(?:do not|don't|cannot|can't|won't|will not|not allowed to|no) relay(?:ing)?\b",
        "many",
        "Sisimai, NoRelaying",
    ),
    Words(
        r"\brelaying\b.{0,40}\b(?:denied|disallowed|prohibited|refused)\b",
        "many",
        "Sisimai, NoRelaying",
    ),
    Words(
        r"\brelaying\b.{0,40}\bnot (?:permitted|allowed|authori[sz]ed)\b",
        "many",
        "Sisimai, NoRelaying",
    ),
    Words(
        r"(?<!your )\brelay (?:access |attempt )?(?:denied|disallowed|prohibited|refused)\b",
        "many",
        "Sisimai, NoRelaying",
    ),
)
"""Words of no product in particular, which count only if nothing speaks of client or sender:
"your mail relay was rejected" is about a relay too."""

SENDER_WORDS = (
    Words(r"service unavailable; sender address", "Postfix, reject_rhsbl_sender", "smtpd_check.c"),
    Words(r"sender address rejected", "Postfix", "smtpd_check.c, smtpd_sender_restrictions"),
    Words(r"\bsender verif(?:y|ication) failed", "Exim", "acl.c, verify = sender"),
    Words(r"domain literals not allowed", "Exim, of MAIL", "receive.c, smtp_in.c"),
    Words(r"domain of sender address", "Sendmail", "cf/m4/proto.m4, check_mail"),
    Words(r"in my badmailfrom list", "qmail", "qmail-smtpd.c, err_bmf"),
    Words(r"\bbanned sender\b", "Exchange Online", "Microsoft Learn, 5.7.501 to 699"),
    Words(r"\bunauthenticated\b", "Google", "Google, SMTP errors and codes"),
    Words(r"sender address blocked", "Mimecast", "Mimecast SMTP error codes, 421"),
    Words(r"\bspf\b|\bdmarc\b", "many", "Sisimai, AuthFailure"),
    Words(
        r"not (?:allowed|permitted|authori[sz]ed) to send (?:e?-?mail )?(?:from|as|for)\b",
        "many",
        "Sisimai, AuthFailure",
    ),
    Words(
        r"\b(?:null|empty|invalid|unknown|forged|spoofed) (?:sender|return path)\b",
        "many",
        "Sisimai, Rejected",
    ),
    Words(
        r"\bsender (?:domain |address |is )?(?:not allowed|not permitted|denied|refused|rejected)",
        "many",
        "Sisimai, Rejected",
    ),
    Words(
        rf"\b(?:sender|sending|return|from|envelope)(?:'s)? (?:mail |address )?{_DOMAIN}",
        "many",
        "Sisimai, Rejected",
    ),
    Words(r"^[45]\.1\.[78]\b", "RFC 3463 X.1.7, X.1.8: the sender's address", "RFC 3463 3.2"),
    Words(r"^[45]\.7\.2[0-46-9]\b", "RFC 7372, 7505: DKIM, SPF; null MX", "IANA registry"),
)
"""The sender is not wanted, or cannot be verified."""

CLIENT_WORDS = (
    Words(r"service unavailable; (?:client host|helo)", "Postfix", "DEF_DEF_RBL_REPLY"),
    Words(r"client host rejected", "Postfix", "smtpd_check.c, smtpd_client_restrictions"),
    Words(r"helo command rejected", "Postfix", "smtpd_check.c, smtpd_helo_restrictions"),
    Words(r"is in a black list at", "Exim", "configure.default, dnslists"),
    Words(r"rejected: \S+ listed at", "Sendmail", "cf/m4/proto.m4, FEATURE(dnsbl)"),
    Words(r"fix reverse dns for", "Sendmail", "cf/m4/proto.m4, FEATURE(require_rdns)"),
    Words(r"reverse dns validation failed", "Stalwart", "smtp/src/inbound/mail.rs"),
    Words(r"not accepting email for ip", "mox", "smtpserver/server.go, cmdRcpt"),
    Words(r"\bbanned sending ip\b", "Exchange Online", "Microsoft Learn, 5.7.501 to 699"),
    Words(r"on our block ?list", "Outlook.com", "Outlook.com postmaster, S3140"),
    Words(r"\bunsolicited mail\b", "Google", "Google, SMTP errors and codes"),
    Words(r"host network not allowed", "Mimecast", "Mimecast SMTP error codes, 554"),
    Words(r"barracuda(?:central|networks)\b", "Barracuda", "reply of reject_rbl_client"),
    Words(r"support\.proofpoint\.com/dnsbl-lookup", "Proofpoint, Apple", "Proofpoint, blocks"),
    Words(r"message rejected due to local policy", "Apple (CS01)", "Apple postmaster"),
    Words(r"\bconnections will not be accepted from\b", "Yahoo", "Yahoo Sender Hub, BL21"),
    Words(r"found on one or more dnsbls", "Cloudflare", "Email Routing, Postmaster"),
    Words(r"\b(?:spamhaus|spamcop|uceprotect)\b", "blocklists by name", "their return messages"),
    Words(r"\b(?:black|block)[ -]?list(?:ed|ing)?\b|\b(?:rbl|dnsbl)\b", "many", "Sisimai, Blocked"),
    Words(r"\breverse (?:dns|lookup)\b|\bptr\b", "many", "Sisimai, RequirePTR"),
    Words(r"\bpoor reputation\b|\breputation of\b", "many", "Sisimai, BadReputation"),
    Words(r"\bblocked\b|\bdynamic (?:ip|address)", "many", "Sisimai, Blocked"),
    Words(r"\binsecure mail relay\b|\ban open relay\b", "many", "Sisimai, set-of-emails"),
    Words(
        rf"\b(?:he|eh)lo\b.{{0,40}}{_DOMAIN}|{_DOMAIN}.{{0,40}}\b(?:he|eh)lo\b",
        "many",
        "Sisimai, Blocked",
    ),
    Words(
        rf"\b(?:client|connecting|remote|your|ip|rdns)(?: host)? {_DOMAIN}",
        "many",
        "Sisimai, Blocked, RequirePTR",
    ),
    # RFC 3463 X.7.1 is said of much; these are about the client alone.
    Words(r"^#?5\.7\.25\b", "RFC 7372: reverse DNS", "IANA registry"),
    Words(r"^5\.7\.[56][0-9][0-9]\b", "Exchange Online, restricted senders", "Microsoft Learn"),
)
"""This client is not wanted: its address, its reputation, its name."""

COUNT_WORDS = (
    Words(r"^[45]\.5\.3\b", "RFC 3463 X.5.3: too many recipients", "RFC 3463 3.6"),
    Words(r"\btoo many (?:\w+ )?(?:recipients|rcpts)\b", "many", "Sisimai, TooManyConn"),
    Words(r"multiple destination domains per transaction", "Google", "Google, SMTP errors"),
    Words(r"\b(?:one|single) recipient\b", "many", "RFC 5321 4.5.3.1.10"),
    Words(r"\brecipients? (?:count )?limit\b", "many", "RFC 5321 4.5.3.1.10"),
)
"""There are too many recipients, in this transaction or on this connection."""

_ANY_DOMAIN = r"(?!\S*@)[-\w.]+\.[a-z]{2}"
_GAP = r"(?:(?!user|mailbox|recipient|account|address|sender).){0,80}"

DOMAIN_WORDS = (
    Words(r"^#?5\.1\.2\b", "RFC 3463 X.1.2: bad destination system address", "RFC 3463 3.2"),
    Words(
        rf"{_DOMAIN}{_GAP}\b(?:suspended|disabled|inactive|expired|locked|unknown|over quota)\b",
        "hosting providers",
        "Sisimai, Suspend, HostUnknown",
    ),
    Words(
        rf"{_DOMAIN}{_GAP}\b(?:not (?:found|hosted|local|configured|handled|served|accepted|active)"
        r"|not in (?:our|my|the) list|no longer)\b",
        "many",
        "Sisimai, HostUnknown",
    ),
    Words(rf"{_DOMAIN}{_GAP}\bdoes(?: not|n't) exist\b", "many", "Sisimai, HostUnknown"),
    Words(
        rf"{_DOMAIN} (?:\S+ )?does(?: not|n't) accept (?:e-?)?mail\b(?! from)",
        "RFC 7504 4, of a null MX",
        "RFC 7504 4",
    ),
    Words(
        r"\b(?:unknown|no such|non-?local|suspended|disabled|inactive|unroute?able) domain\b",
        "many",
        "Sisimai, HostUnknown",
    ),
    Words(
        r"\b(?:unknown|no such|invalid|bad) (?:recipient|destination) domain\b",
        "many",
        "Sisimai, HostUnknown",
    ),
    Words(r"\bnot hosted (?:here|on this)\b", "hosting providers", "Sisimai, HostUnknown"),
    Words(
        r"\b(?:do not|don't|does not|doesn't|no longer) (?:accept|handle|host|serve|receive)s?\b"
        rf".{{0,30}}\bfor (?:(?:this|that|the) domain\b|{_ANY_DOMAIN})",
        "many",
        "Sisimai, HostUnknown",
    ),
)
"""The server does not take mail for the recipient's domain."""

_MAILBOX = r"\b(?:user|mailbox|recipient|account)\b"

MAILBOX_WORDS = (
    Words(
        r"^#?5\.(?:1\.0|1\.1|1\.6|1\.10|2\.1|2\.2|4\.1)\b",
        "RFC 3463, one mailbox",
        "RFC 3463 3.2, 3.3",
    ),
    Words(rf"{_MAILBOX}.{{0,40}}\bunknown\b", "Postfix and many", "Sisimai, UserUnknown"),
    Words(rf"{_MAILBOX}.{{0,40}}\b(?:not found|unavailable)\b", "many", "Sisimai, UserUnknown"),
    Words(
        rf"{_MAILBOX}.{{0,40}}\b(?:disabled|suspended|inactive|locked|full|over quota)\b",
        "many",
        "Sisimai, Suspend, MailboxFull",
    ),
    Words(
        rf"{_MAILBOX}.{{0,60}}\b(?:does not|doesn't) (?:exist|have)\b",
        "many",
        "Sisimai, UserUnknown",
    ),
    Words(
        r"\b(?:no such|unknown|invalid) (?:user|mailbox|recipient|account|address)\b",
        "many; OpenSMTPD says so of relaying too",
        "Sisimai, UserUnknown; lka_session.c",
    ),
    Words(r"\bunroute?able address\b", "Exim", "configure.default, verify = recipient"),
    Words(r"\bno mailbox (?:here )?by that name\b", "qmail and others", "Sisimai, UserUnknown"),
)
"""The server has no such mailbox, or does not tell it from others."""
