from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.outcome import NOT_ASKED, Trouble
from mxcheck.evidence.smtp import Greeting, Reply, Visit
from mxcheck.wire.smtp_reply import MAX_LINE_KEPT, MAX_REPLY_LINES
from mxcheck.wire.software import Software, parse_software
from tests.build import (
    ehlo_reply,
    healthy_visit,
    relay_attempts,
    reply,
    unseen,
    visit_until,
)

NOTHING = Visit(host="mx1.example.com", address="192.0.2.1", port=25)
OUTSIDE, CONTROL, *_ = relay_attempts()


def greeted(*lines: str) -> Visit:
    return replace(NOTHING, greeting=Greeting(reply=reply(220, *lines), greeting_ms=5))


def silent(**stages: Any) -> Visit:  # noqa: ANN401 - fields of Visit
    """A server whose greeting was changed."""
    return replace(greeted("mx1.example.com ESMTP"), **stages)


@pytest.mark.parametrize(
    ("greeting", "software"),
    [
        ("mx1.example.com ESMTP Postfix", Software.POSTFIX),
        ("mx1.example.com ESMTP Postfix (Debian/GNU)", Software.POSTFIX),
        ("mx1.example.com ESMTP Postfix (Ubuntu)", Software.POSTFIX),
        ("mx1.example.com ESMTP Exim 4.96 Tue, 01 Apr 2025 10:11:12 +0000", Software.EXIM),
        ("mx1.example.com ESMTP OpenSMTPD", Software.OPENSMTPD),
        (
            "mx1.example.com ESMTP Sendmail 8.17.1/8.17.1; Tue, 1 Apr 2025 10:11:12 GMT",
            Software.SENDMAIL,
        ),
        (
            "EX01.example.com Microsoft ESMTP MAIL Service ready at Mon, 5 Feb 2024 10:11:12 +0100",
            Software.EXCHANGE,
        ),
        (
            (
                "SN1NAM02FT0049.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at"
                " Wed, 28 Jun 2023 12:02:11 +0000"
            ),
            Software.EXCHANGE_ONLINE,
        ),
        (
            (
                "BL02EPF0001A0F9.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at"
                " Wed, 3 Apr 2024 12:02:11 +0000 [08DC4F1B2F1C7A6D]"
            ),
            Software.EXCHANGE_ONLINE,
        ),
        (
            "w2016 Microsoft ESMTP MAIL Service, Version: 10.0.14393.4169 ready at  Mon, 5 Feb",
            Software.IIS,
        ),
        ("mx.google.com ESMTP ffacd0b85a97d-1si - gsmtp", Software.GOOGLE),
        ("mx.google.com ESMTP 9si8465377iwn.40", Software.GOOGLE),
        ("mx1.example.com ESMTP Haraka ready", Software.HARAKA),
        ("mx1.example.com ESMTP Haraka/2.8.28 ready (A1B2C3)", Software.HARAKA),
        ("mx1.example.com Stalwart ESMTP at your service", Software.STALWART),
        ("mx1.example.com ESMTP mox", Software.MOX),
        ("mx1.example.com KumoMTA", Software.KUMOMTA),
        ("mx1 JAMES SMTP Server Server (JAMES SMTP Server ) ready", Software.JAMES),
        (
            "mx1.example.com ESMTP qpsmtpd 1.00 ready; send us your mail, but not your spam.",
            Software.QPSMTPD,
        ),
        ("mx1.example.com Python SMTP 1.4.6", Software.AIOSMTPD),
        ("mx1.example.com ESMTP CommuniGate Pro 6.3.20 is glad to see you!", Software.COMMUNIGATE),
        ("mx1 ESMTP Service (Lotus Domino Release 8.5.1) ready at Wed", Software.DOMINO),
        ("mx1 ESMTP Service (IBM Domino Release 9.0.1FP7HF92) ready at Wed", Software.DOMINO),
        ("mx1.example.com ESMTP IceWarp 11.4.6.0 x64; Tue, 22 May 2018", Software.ICEWARP),
        ("mx1 ESMTP MailEnable Service, Version: 10.55-- ready at 03/01/16", Software.MAILENABLE),
        ("mx1.example.com ESMTP MDaemon 6.8.5; Mon, 15 Sep 2003", Software.MDAEMON),
        ("mx1.example.com ESMTP Symantec Messaging Gateway", Software.SYMANTEC),
        (
            "inbound-smtp.us-east-1.amazonaws.com ESMTP SimpleEmailService-d-GI38EMLB2 hkD7Y",
            Software.AMAZON_SES,
        ),
        ("mx.cloudflare.net Cloudflare Email ESMTP Service ready", Software.CLOUDFLARE),
        ("eu-smtp-inbound-1.mimecast.com ESMTP; Sat, 27 Jul 2024 09:26:38", Software.MIMECAST),
        ("mx0b-00000d03.pphosted.com ESMTP mfa-m0214089", Software.PROOFPOINT),
        ("mtaproxy121.aol.mail.ne1.yahoo.com ESMTP ready", Software.YAHOO),
        ("mx1.example.com ESMTP", None),
        ("postfix.example.com ESMTP", None),
        ("mx1.example.com ESMTP We love mx.google.com ESMTP", None),
        ("", None),
    ],
)
def test_the_default_greeting_names_the_software(greeting: str, software: Software | None) -> None:
    assert parse_software(greeted(greeting)) is software


def test_a_greeting_of_several_lines() -> None:
    assert parse_software(greeted("mx1.example.com", "mx1.example.com ESMTP Postfix")) == "Postfix"


OUTLOOK = "[DM3NAM03FT051.eop-NAM03.prod.protection.outlook.com 2024-02-05T10:11:12.000Z 08DC]"


@pytest.mark.parametrize(
    ("visit", "software"),
    [
        (
            silent(ehlo=reply(250, "SN1.mail.protection.outlook.com Hello [192.0.2.1]", "SIZE 1")),
            Software.EXCHANGE_ONLINE,
        ),
        (
            silent(ehlo=reply(250, "mx.google.com at your service, [192.0.2.1]", "SIZE 1")),
            Software.GOOGLE,
        ),
        (silent(ehlo=ehlo_reply("SIZE", "X-ANONYMOUSTLS", "AUTH NTLM")), Software.EXCHANGE),
        (silent(ehlo_after_tls=ehlo_reply("SIZE", "X-EXPS GSSAPI")), Software.EXCHANGE),
        (silent(starttls=reply(220, "TLS go ahead")), Software.EXIM),
        (silent(starttls=reply(220, "2.0.0 SMTP server ready")), Software.EXCHANGE),
        # Postfix, Sendmail, OpenSMTPD and Google say the same.
        (silent(starttls=reply(220, "2.0.0 Ready to start TLS")), None),
        (silent(ehlo=ehlo_reply("SIZE", "PIPELINING", "8BITMIME")), None),
        (silent(ehlo=unseen(Trouble.CLOSED)), None),
    ],
)
def test_replies_tell_where_the_greeting_does_not(visit: Visit, software: Software | None) -> None:
    assert parse_software(visit) is software


def answered(mail: Reply, rcpt: Reply) -> Visit:
    return silent(relay=(replace(OUTSIDE, mail=mail, rcpt=rcpt),))


FINE = reply(250, "ok")


@pytest.mark.parametrize(
    ("visit", "software"),
    [
        (answered(reply(250, "2.1.0 Ok"), reply(250, "ok")), Software.POSTFIX),
        (answered(FINE, reply(250, "2.1.5 Ok")), Software.POSTFIX),
        (answered(FINE, reply(454, "4.7.1 <a@b.net>: Relay access denied")), Software.POSTFIX),
        (answered(FINE, reply(554, "5.7.1 <a@b.net>: Relay access denied")), Software.POSTFIX),
        (answered(reply(250, "OK"), reply(250, "Accepted")), Software.EXIM),
        (answered(reply(250, "OK"), reply(550, "relay not permitted")), Software.EXIM),
        (
            answered(
                reply(250, "2.0.0 Ok"),
                reply(250, "2.1.5 Destination address valid: Recipient ok"),
            ),
            Software.OPENSMTPD,
        ),
        (answered(reply(250, "2.1.0 <a@b.net>... Sender ok"), FINE), Software.SENDMAIL),
        (answered(FINE, reply(250, "2.1.5 <a@b.net>... Recipient ok")), Software.SENDMAIL),
        (
            answered(FINE, reply(550, "5.7.1 <a@b.net>... Relaying denied. IP name lookup failed")),
            Software.SENDMAIL,
        ),
        (
            answered(
                FINE, reply(550, f"5.4.1 Recipient address rejected: Access denied. {OUTLOOK}")
            ),
            Software.EXCHANGE_ONLINE,
        ),
        (
            answered(
                FINE,
                reply(550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
            ),
            Software.EXCHANGE,
        ),
        (answered(reply(250, "2.1.0 OK 12sm2095603fks.9 - gsmtp"), FINE), Software.GOOGLE),
        (answered(FINE, reply(550, "5.1.1 NoSuchUser", "a1-2si - gsmtp")), Software.GOOGLE),
        (
            answered(
                FINE,
                reply(553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
            ),
            Software.QMAIL,
        ),
        (answered(FINE, reply(550, "I cannot deliver mail for <a@b.net>")), Software.HARAKA),
        (answered(FINE, reply(550, "Delivery is not allowed to this address.")), "hMailServer"),
        (answered(FINE, reply(550, "5.7.1 Relaying denied")), None),
        (answered(FINE, reply(550, "Relay access denied")), None),
    ],
)
def test_the_replies_of_the_relay_test_tell_too(visit: Visit, software: Software | None) -> None:
    assert parse_software(visit) == software


def test_the_greeting_weighs_more_than_the_replies() -> None:
    postfix_in_front = replace(healthy_visit(), relay=answered(FINE, reply(250, "Accepted")).relay)
    assert parse_software(postfix_in_front) is Software.POSTFIX


def test_a_visit_that_saw_nothing() -> None:
    assert parse_software(NOTHING) is None
    assert parse_software(visit_until("greeting", NOT_ASKED)) is None


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_words_can_be_read(lines: list[str]) -> None:
    said = reply(250, *lines)
    parse_software(replace(answered(said, said), ehlo=said, starttls=said))
    parse_software(greeted(*lines))


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "words",
    [
        "a",
        " ",
        "ESMTP ",
        "[",
        "<",
        ".prod",
        "[a.prod",
        "[a.prod.protection.outlook.com",
        "[ ",
        "<> ",
    ],
)
def test_long_words_take_no_time(words: str) -> None:
    line = words * (MAX_LINE_KEPT // len(words)) + "!"
    said = reply(550, *[line] * MAX_REPLY_LINES)
    parse_software(replace(answered(said, said), ehlo=said, starttls=said))
    parse_software(greeted(*said.lines))
