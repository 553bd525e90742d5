"""Recognize the MTA software of a server by its own words.

Each row contains the software, the source of its words, and the words. Many operators change the
greeting; few change the texts of the replies, which may still identify the software.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from mxcheck.evidence.smtp import Greeting, Reply, Visit


class Software(StrEnum):
    """An MTA, or a service that runs its own servers for its customers."""

    POSTFIX = "Postfix"
    EXIM = "Exim"
    OPENSMTPD = "OpenSMTPD"
    SENDMAIL = "Sendmail"
    EXCHANGE = "Exchange"
    EXCHANGE_ONLINE = "Exchange Online"
    GOOGLE = "Google"
    IIS = "IIS SMTP"
    HARAKA = "Haraka"
    STALWART = "Stalwart"
    MOX = "mox"
    KUMOMTA = "KumoMTA"
    JAMES = "James"
    QPSMTPD = "qpsmtpd"
    QMAIL = "qmail"
    HMAILSERVER = "hMailServer"
    AIOSMTPD = "aiosmtpd"
    COMMUNIGATE = "CommuniGate Pro"
    DOMINO = "Domino"
    ICEWARP = "IceWarp"
    MAILENABLE = "MailEnable"
    MDAEMON = "MDaemon"
    SYMANTEC = "Symantec Messaging Gateway"
    AMAZON_SES = "Amazon SES"
    CLOUDFLARE = "Cloudflare"
    MIMECAST = "Mimecast"
    PROOFPOINT = "Proofpoint"
    YAHOO = "Yahoo"
    SPAMD = "OpenBSD spamd"


_GREETINGS = (
    (Software.POSTFIX, "mail_params.h, DEF_SMTPD_BANNER; Zimbra too", r"\bESMTP Postfix\b"),
    (Software.EXIM, "globals.c, smtp_banner", r"\bESMTP Exim\b"),
    (Software.OPENSMTPD, "smtp_session.c, smtp_send_banner", r"\bESMTP OpenSMTPD\b"),
    (Software.SENDMAIL, "cf/m4/proto.m4, confSMTP_LOGIN_MSG", r"\bESMTP Sendmail\b"),
    (
        Software.EXCHANGE_ONLINE,
        "every *.mail.protection.outlook.com",
        r"\.outlook\.com Microsoft ESMTP MAIL Service\b",
    ),
    (
        Software.IIS,
        "Exchange Server Analyzer, aa997127: IIS, and Exchange up to 2003, which ran on it",
        r"\bMicrosoft ESMTP MAIL Service, Version:",
    ),
    (Software.EXCHANGE, "Exchange since 2007", r"\bMicrosoft ESMTP MAIL Service\b"),
    (Software.GOOGLE, "every mx.google.com", r"\bESMTP \S+ - gsmtp\b|^mx\.google\.com ESMTP\b"),
    (Software.HARAKA, "connection.js, local.info", r"\bESMTP Haraka\b"),
    (Software.STALWART, "structs_impl.rs, ctx_smtp_greeting", r"\bStalwart ESMTP at your service"),
    (Software.MOX, "smtpserver/server.go", r" ESMTP mox$"),
    (Software.KUMOMTA, "smtp_server.rs, banner", r"^\S+ KumoMTA$"),
    (Software.JAMES, "JamesWelcomeMessageHandler, SMTPServer", r"\bJAMES SMTP Server\b"),
    (Software.QPSMTPD, "Qpsmtpd/SMTP.pm", r"\bESMTP qpsmtpd\b"),
    (Software.AIOSMTPD, "smtp.py, __ident__", r"^\S+ Python SMTP \d"),
    (Software.COMMUNIGATE, "its manual, SMTP", r"\bESMTP CommuniGate Pro\b"),
    (Software.DOMINO, "all releases", r"\bESMTP Service \((?:Lotus |IBM |HCL )?Domino Release\b"),
    (Software.ICEWARP, "all releases since Merak", r"\bESMTP IceWarp\b"),
    (Software.MAILENABLE, "all releases", r"\bESMTP MailEnable Service\b"),
    (Software.MDAEMON, "all releases", r"\bESMTP MDaemon\b"),
    (Software.SYMANTEC, "all releases", r"\bESMTP Symantec Messaging Gateway\b"),
    (Software.AMAZON_SES, "SES developer guide", r"\bESMTP SimpleEmailService\b"),
    (Software.CLOUDFLARE, "Email Routing", r"^mx\.cloudflare\.net Cloudflare Email ESMTP\b"),
    (Software.MIMECAST, "every *-smtp-*.mimecast.com", r"^\S+\.mimecast\.com ESMTP\b"),
    (Software.PROOFPOINT, "every *.pphosted.com", r"^\S+\.pphosted\.com ESMTP\b"),
    (Software.YAHOO, "every mtaproxy*.yahoo.com", r"^\S+\.yahoo\.com ESMTP ready$"),
    (Software.SPAMD, "libexec/spamd/spamd.c", r"\bESMTP spamd IP-based SPAM blocker\b"),
)
_EHLO = (
    (
        Software.EXCHANGE_ONLINE,
        "every *.mail.protection.outlook.com",
        r"^\S+\.mail\.protection\.outlook\.com Hello \[",
    ),
    (Software.GOOGLE, "every mx.google.com", r"^mx\.google\.com at your service, \["),
    (Software.SPAMD, "libexec/spamd/spamd.c", r"^Hello, spam sender\. Pleased to be wasting"),
    (Software.EXCHANGE, "Exchange's own extensions", r" X-ANONYMOUSTLS\b| X-EXPS\b"),
)
_STARTTLS = (
    # Not "2.0.0 Ready to start TLS": Postfix, Sendmail, OpenSMTPD and Google all say it.
    (Software.EXIM, "tls-openssl.c, tls-gnu.c", r"^TLS go ahead$"),
    (Software.EXCHANGE, "Exchange since 2007", r"^2\.0\.0 SMTP server ready$"),
)
_MAIL = (
    (Software.POSTFIX, "smtpd.c, mail_cmd", r"^2\.1\.0 Ok$"),
    (Software.SENDMAIL, "srvrsmtp.c", r"^2\.1\.0 <\S*>\.\.\. Sender ok$"),
    (Software.GOOGLE, "every mx.google.com", r" - gsmtp$"),
)
_RCPT = (
    (Software.POSTFIX, "smtpd.c, rcpt_cmd", r"^2\.1\.5 Ok$"),
    (Software.POSTFIX, "smtpd_check.c", r"^[45]\.7\.1 <\S*>: Relay access denied$"),
    (Software.EXIM, "smtp_in.c", r"^Accepted$"),
    (Software.EXIM, "configure.default, acl_check_rcpt", r"^relay not permitted$"),
    (Software.OPENSMTPD, "smtp_session.c", r"^2\.1\.5 Destination address valid: Recipient ok$"),
    (Software.SENDMAIL, "srvrsmtp.c", r"^2\.1\.5 <\S*>\.\.\. Recipient ok"),
    (Software.SENDMAIL, "proto.m4, check_rcpt", r"^5\.7\.1 <\S*>\.\.\. Relaying denied\b"),
    (
        Software.EXCHANGE_ONLINE,
        "its refusals, signed with the server",
        # No bracket within the brackets: many of them would take endless time to match.
        r"\[[^\[\]\s]+\.prod\.protection\.outlook\.com\b[^\[\]]*\]$",
    ),
    (
        Software.EXCHANGE,
        "Exchange since 2013",
        r"^5\.7\.54 SMTP; Unable to relay recipient in non-accepted domain$",
    ),
    (Software.GOOGLE, "every mx.google.com", r" - gsmtp$"),
    (Software.QMAIL, "qmail-smtpd.c", r"\bin my list of allowed rcpthosts \(#5\.7\.1\)$"),
    (Software.HARAKA, "connection.js", r"^I cannot deliver mail for <"),
    (Software.SPAMD, "libexec/spamd/spamd.c", r"^This is hurting you more than it is hurting me"),
    (Software.HMAILSERVER, "SMTPConnection.cpp", r"^Delivery is not allowed to this address\.$"),
)


def parse_software(visit: Visit) -> Software | None:
    """Return the software whose default words the server says, or None."""
    return next(_recognised(visit), None)


def _recognised(visit: Visit) -> Iterator[Software]:
    for reply, rows in _said(visit):
        yield from _whose(reply.text, rows)


@lru_cache(maxsize=4096)  # many domains share few servers
def _whose(text: str, rows: tuple[tuple[Software, str, str], ...]) -> tuple[Software, ...]:
    return tuple(software for software, _, words in rows if re.search(words, text))


def _said(visit: Visit) -> Iterator[tuple[Reply, tuple[tuple[Software, str, str], ...]]]:
    """Yield the replies that came, each with the rows for its stage of the dialogue."""
    if isinstance(visit.greeting, Greeting):
        yield visit.greeting.reply, _GREETINGS
    replies = [(visit.ehlo, _EHLO), (visit.starttls, _STARTTLS), (visit.ehlo_after_tls, _EHLO)]
    for attempt in visit.relay:
        replies += [(attempt.mail, _MAIL), (attempt.rcpt, _RCPT)]
    for reply, rows in replies:
        if isinstance(reply, Reply):
            yield reply, rows
