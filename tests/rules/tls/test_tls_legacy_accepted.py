from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import Alert, HelloAnswer, OwnHello, ServerHello
from mxcheck.model.policy import Policy, TlsVersion
from mxcheck.rules.remedies.old_versions import without_old_versions
from mxcheck.rules.tls.tls_legacy_accepted import RULE
from mxcheck.wire.software import Software
from tests.build import ADDRESS, HOST, ehlo_reply, healthy_tls, healthy_visit, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
TOO_OLD = Alert(level="fatal", description="protocol_version")


def chosen(version: str) -> ServerHello:
    return ServerHello(version=version, cipher="TLS_RSA_WITH_AES_128_CBC_SHA")


def hello(answer: HelloAnswer, offered: str = "TLSv1.1", *, sent: bool = True) -> OwnHello:
    return OwnHello(offered=offered, sent=sent, answer=answer)


def asked(*hellos: OwnHello, version: str = "TLSv1.3") -> Visit:
    return replace(healthy_visit(), hellos=hellos, tls=replace(healthy_tls(), version=version))


HUNG_UP = unseen(Trouble.CLOSED, "the other side closed the connection")
BUDGET = unseen(Trouble.BUDGET, "a further connection was not allowed")
CASES = {
    "refused": (healthy_visit(), passes(WHERE, "refuses TLSv1.1 and older", "protocol_version")),
    "refused otherwise": (
        asked(hello(Alert(level="fatal", description="internal_error"))),
        passes("internal_error"),
    ),
    "hung up": (asked(hello(HUNG_UP)), passes("hangs up")),
    "reset": (asked(hello(unseen(Trouble.RESET))), passes("hangs up")),
    "1.1": (
        asked(hello(chosen("TLSv1.1"))),
        fails(
            WHERE,
            "also accepts TLSv1.1 (TLS_RSA_WITH_AES_128_CBC_SHA)",
            "TLS 1.2 is the minimum",
            remedy=("Turn off every version below TLS 1.2", "`smtpd_tls_protocols = >=TLSv1.2`"),
        ),
    ),
    "1.0": (asked(hello(chosen("TLSv1"))), fails("also accepts TLSv1 (")),
    "SSL 3.0": (asked(hello(chosen("SSLv3"))), fails("also accepts SSLv3 (")),
    "hung up before it was sent": (asked(hello(HUNG_UP, sent=False)), not_applicable("closed")),
    "reset before it was sent": (
        asked(hello(unseen(Trouble.RESET, "reset"), sent=False)),
        not_applicable("reset"),
    ),
    "no answer": (asked(hello(unseen(Trouble.TIMEOUT, "silence"))), not_applicable("silence")),
    "no TLS": (asked(hello(unseen(Trouble.MALFORMED, "not TLS"))), unknown("not TLS")),
    "turned away": (
        asked(hello(unseen(Trouble.TURNED_AWAY, "answered 421"), sent=False)),
        not_applicable("answered 421"),
    ),
    "deadline": (asked(hello(unseen(Trouble.DEADLINE, "no time"), sent=False)), unknown("no time")),
    "over the limit": (asked(hello(BUDGET, sent=False)), unknown("a further connection")),
    "not asked": (asked(), unknown(f"whether {WHERE} accepts TLSv1.1 was not asked")),
    "asked for another minimum": (
        asked(hello(TOO_OLD, "TLSv1")),
        unknown("accepts TLSv1.1 was not asked"),
    ),
    "nothing better": (
        asked(version="TLSv1.1"),
        not_applicable("below the minimum", owner="tls-version-old"),
    ),
    "no handshake": (
        visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=()),
        not_applicable(owner="tls-handshake-failed"),
    ),
    "no handshake because of its age": (
        visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=(hello(chosen("SSLv3"), "TLSv1.3"),)),
        not_applicable(owner="tls-version-old"),
    ),
    "no STARTTLS": (
        visit_until("ehlo", ehlo_reply("SIZE")),
        not_applicable(owner="starttls-missing"),
    ),
}


@pytest.mark.parametrize(("visit", "want"), CASES.values(), ids=CASES)
def test_nothing_below_the_minimum_is_accepted(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


LOW, HIGH = hello(TOO_OLD), hello(chosen("TLSv1.2"), "TLSv1.2")


@pytest.mark.parametrize(
    ("hellos", "minimum", "want"),
    [
        ((LOW, HIGH), "1.2", passes("refuses TLSv1.1")),
        ((LOW, HIGH), "1.3", fails("also accepts TLSv1.2", "TLS 1.3 is the minimum")),
        ((hello(chosen("TLSv1")),), "1.3", fails("also accepts TLSv1 (")),
        ((hello(chosen("TLSv1")),), "1.0", unknown("accepts SSLv3 was not asked")),
        ((hello(TOO_OLD, "SSLv3"),), "1.0", passes("refuses SSLv3 and older")),
        ((hello(chosen("SSLv3"), "SSLv3"),), "1.0", fails("also accepts SSLv3")),
    ],
)
def test_every_domain_has_its_own_minimum(
    hellos: tuple[OwnHello, ...], minimum: str, want: Want
) -> None:
    want(ask_visit(RULE, asked(*hellos), Policy(min_tls=TlsVersion(minimum))))


@pytest.mark.parametrize(
    ("minimum", "postfix", "exim", "sendmail"),
    [
        (
            TlsVersion.TLS10,
            ("= >=TLSv1`", "`!SSLv2, !SSLv3`"),
            ("= +no_sslv3`", "ALL:+VERS-TLS1.3:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0`"),
            "=+SSL_OP_NO_SSLv3`",
        ),
        (
            TlsVersion.TLS12,
            ("= >=TLSv1.2`", "`!SSLv2, !SSLv3, !TLSv1, !TLSv1.1`"),
            ("= +no_sslv3 +no_tlsv1 +no_tlsv1_1`", "ALL:+VERS-TLS1.3:+VERS-TLS1.2`"),
            "=+SSL_OP_NO_SSLv3 +SSL_OP_NO_TLSv1 +SSL_OP_NO_TLSv1_1`",
        ),
        (
            TlsVersion.TLS13,
            ("= >=TLSv1.3`", "!TLSv1.1, !TLSv1.2`"),
            ("+no_tlsv1_1 +no_tlsv1_2`", "ALL:+VERS-TLS1.3`"),
            "+SSL_OP_NO_TLSv1_1 +SSL_OP_NO_TLSv1_2`",
        ),
    ],
)
def test_the_settings_are_those_for_the_minimum(
    minimum: TlsVersion, postfix: tuple[str, ...], exim: tuple[str, ...], sendmail: str
) -> None:
    settings = without_old_versions(minimum)
    assert all(words in settings[Software.POSTFIX] for words in postfix)
    assert all(words in settings[Software.EXIM] for words in exim)
    assert sendmail in settings[Software.SENDMAIL]
