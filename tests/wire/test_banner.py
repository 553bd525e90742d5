import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.smtp import Reply
from mxcheck.wire.banner import is_full_host_name, parse_banner_host, parse_version


def greeting(*lines: str) -> Reply:
    return Reply(code=220, lines=lines)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("mx1.example.com ESMTP", "mx1.example.com"),
        ("MX1.Example.COM ESMTP", "mx1.example.com"),
        ("mx1.example.com", "mx1.example.com"),
        ("mx1.example.com. hello", "mx1.example.com."),
        ("mx_1.example.com hello", "mx_1.example.com"),
        ("localhost ESMTP", "localhost"),
        ("", None),
        ("****************", None),
        ("mx1..example.com ESMTP", None),
        ("[192.0.2.1] ESMTP", None),
        ("<mx1> ESMTP", None),
        ("\x1b[31mmx1.example.com", None),
        (" mx1.example.com", None),
    ],
)
def test_the_host_name_is_the_first_word(text: str, host: str | None) -> None:
    assert parse_banner_host(greeting(text)) == host


@pytest.mark.parametrize(
    "name", ["mx1.example.com", "mx1.example.com.", "a.b", "xn--bcher-kva.example", "1.mx.example"]
)
def test_a_full_host_name(name: str) -> None:
    assert is_full_host_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "mx1",
        "localhost",
        "localhost.localdomain",
        "ex01.corp.local",
        "mx1.fritz.lan",
        "192.0.2.1",
        "mx_1.example.com",
        "-mx.example.com",
        "mx1..example.com",
        f"{'a' * 64}.example.com",
        f"{'a.' * 122}example.com",
    ],
)
def test_no_full_host_name(name: str) -> None:
    assert not is_full_host_name(name)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("mx ESMTP Exim 4.96 Tue, 01 Apr 2025 10:11:12 +0000", "Exim 4.96"),
        ("srv.host.com ESMTP Exim 4.96.2 #2 Tue, 01 Apr 2025 10:11:12 +0000", "Exim 4.96.2"),
        ("mx ESMTP Exim 4.97-RC1 Tue", "Exim 4.97-RC1"),
        (
            "mx1.example.com ESMTP Sendmail 8.15.2/8.15.2/Debian-22; Tue, 1 Apr 2025 10:11:12 GMT",
            "Sendmail 8.15.2/8.15.2/Debian-22",
        ),
        ("mx ESMTP Postfix (3.7.11)", "Postfix 3.7.11"),
        ("mx ESMTP Postfix 3.4.13 (Ubuntu)", "Postfix 3.4.13"),
        (
            "ex Microsoft ESMTP MAIL Service, Version: 10.0.17763.1697 ready at  Mon, 5 Feb 2024",
            "Version: 10.0.17763.1697",
        ),
        ("mx ESMTP MDaemon 6.8.5; Mon, 15 Sep 2003 12:46:42 -0500", "MDaemon 6.8.5"),
        ("mx ESMTP MDaemon 21; Mon, 15 Sep 2003", "MDaemon 21"),
        (
            "mx ESMTP Service (Lotus Domino Release 9.0.1FP7HF92) ready at Wed, 16 Sep 2020",
            "Release 9.0.1FP7HF92",
        ),
        ("mx ESMTP CommuniGate Pro 6.3.20 is glad to see you!", "CommuniGate Pro 6.3.20"),
        ("mx ESMTP IceWarp 11.4.6.0 x64; Tue, 22 May 2018 15:53:07 +0200", "IceWarp 11.4.6.0"),
        ("mx ESMTP MailEnable Service, Version: 10.55-- ready at 03/01/16", "Version: 10.55"),
        ("mx ESMTP qpsmtpd 0.96 ready; send us your mail, but not your spam.", "qpsmtpd 0.96"),
        ("mx Python SMTP 1.4.6", "SMTP 1.4.6"),
        ("mx ESMTP Haraka/2.8.28 ready (A1B2)", "Haraka/2.8.28"),
        ("mx Kerio Connect 9.2.12 patch 1 ESMTP ready", "Connect 9.2.12"),
        ("[XMail 1.27 ESMTP Server] service ready", "XMail 1.27"),
        ("testsrv.com SMTP Guerrilla(1.5.1-90-gf9c4965) #1", "Guerrilla 1.5.1-90-gf9c4965"),
        ("localhost v8.0.0.0 ESMTP ready", "v8.0.0.0"),
        ("mx ESMTP server 7.2.", "server 7.2"),
    ],
)
def test_a_version_is_found(text: str, version: str) -> None:
    assert parse_version(greeting(text)) == version


@pytest.mark.parametrize(
    "text",
    [
        "",
        "****************",
        "mx1.example.com ESMTP Postfix",
        "mx1.example.com ESMTP Postfix (Debian/GNU)",
        "mx1.example.com ESMTP Sendmail; Mon, 5 Feb 2024",
        # Google's ids.
        "mx.google.com ESMTP ffacd0b85a97d-1si - gsmtp",
        "mx.google.com ESMTP 12sm2095603fks.9",
        "mx.google.com ESMTP 9si6782547iwn.6.2009.12.14",
        "mx.google.com ESMTP a640c23a62f3a-a8d25d9970csi572004166b.1002 - gsmtp",
        "mx.google.com ESMTP u12-20020a1f2e0c000000b003b3c744be47si1521687vku.95 - gsmtp",
        # Other ids.
        (
            "SN1NAM02FT0049.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at Wed,"
            " 28 Jun 2023 12:02:11 +0000 [08DB7A3F5C6D7E8F]"
        ),
        "mx0b-00000d03.pphosted.com ESMTP mfa-m0214089",
        "email-smtp.amazonaws.com ESMTP SimpleEmailService-d-GI38EMLB2 hkD7YwduxMJw9KrXpof7",
        "mx1.example.com ESMTP 1718000000.12345",
        "mx1.example.com ESMTP (c7a1f0b2d3e4)",
        # Dates and times.
        "eu-smtp-1.mimecast.com ESMTP; Sat, 27 Jul 2024 09:26:38 +0100",
        "mx1.example.com ESMTP 05.02.2024 10:11",
        "mx1.example.com ESMTP ready 5.2.2024",
        "mx1.example.com ESMTP ready 05.02.24",
        "mx1.example.com ESMTP 2024.02.05",
        "mx1.example.com ESMTP Exim 2024-02-05 10:11:12",
        "mx1.example.com ESMTP Postfix 2024.02.05",
        "mx1.example.com ESMTP Postfix 5 Feb 2024 10:00",
        "mx1.example.com ESMTP Postfix at 12:00:01.234",
        "mx1.example.com ESMTP ready at 10.30",
        # Host names and addresses.
        "mx-1.2.example.com ESMTP",
        "mail-4.96.example.com ESMTP Exim",
        "mx1.example.com ESMTP Exim mail-4.96.example.com",
        "mx1.example.com ESMTP server 192.0.2.1.",
        "mx1.example.com ESMTP Exim 192.0.2.1",
        "mx1.example.com ESMTP [192.0.2.1]",
        # Other numbers.
        "mx1.example.com ESMTP TLSv1.2 ready",
        "mx1.example.com ESMTP TLS 1.3",
        "mx1.example.com ESMTP RFC 5321",
        "mx1.example.com ESMTP load 0.12",
    ],
)
def test_what_is_no_version(text: str) -> None:
    assert parse_version(greeting(text)) is None


def test_a_version_on_a_later_line() -> None:
    assert parse_version(greeting("mx ESMTP", "Exim 4.96", "no UCE")) == "Exim 4.96"


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_greeting_can_be_read(lines: list[str]) -> None:
    host = parse_banner_host(greeting(*lines))
    assert host is None or (host.isascii() and " " not in host)
    parse_version(greeting(*lines))


@pytest.mark.parametrize("character", ["a", "a.", "_", "-", "a-", "*"])
def test_long_words_take_no_time(character: str) -> None:
    parse_banner_host(greeting(character * 100_000 + "!"))
    parse_version(greeting(character * 2048 + "!"))
