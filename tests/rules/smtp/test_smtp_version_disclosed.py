import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Greeting, Visit
from mxcheck.rules.smtp.smtp_version_disclosed import RULE
from tests.build import ADDRESS, HOST, healthy_visit, reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes

WHERE = f"{HOST} [{ADDRESS}]:25"


def greeting(*lines: str, code: int = 220) -> Visit:
    return visit_until("greeting", Greeting(reply=reply(code, *lines), greeting_ms=50))


GENERAL = "Remove the version from the greeting"
IIS = f"{HOST} Microsoft ESMTP MAIL Service, Version: 10.0.17763.1697 ready at Mon, 5 Feb 2024"


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, "no version")),
        (greeting(f"{HOST} ESMTP"), passes(WHERE)),
        (greeting("mx.google.com ESMTP 12sm2095603fks.9 - gsmtp"), passes()),
        (
            greeting(
                "SN1NAM02FT0049.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at"
                " Wed, 28 Jun 2023 12:02:11 +0000"
            ),
            passes(),
        ),
        (greeting("mx-1.2.example.com ESMTP 05.02.2024"), passes()),
        (
            greeting(f"{HOST} ESMTP Exim 4.96 Tue, 01 Apr 2025 10:11:12 +0000"),
            fails(WHERE, "a version, Exim 4.96:", remedy=("On Exim: set `smtp_banner", GENERAL)),
        ),
        (
            greeting(f"{HOST} ESMTP Sendmail 8.15.2/8.15.2; Tue, 1 Apr 2025"),
            fails("Sendmail 8.15.2/8.15.2", remedy=("On Sendmail: define `confSMTP_LOGIN_MSG",)),
        ),
        (
            greeting(f"{HOST} ESMTP Postfix (3.7.11)"),
            fails("Postfix 3.7.11", remedy=("On Postfix: set `smtpd_banner",)),
        ),
        (greeting(IIS), fails("10.0.17763.1697", remedy=("On IIS SMTP: set `ConnectResponse`",))),
        (greeting(f"{HOST} ESMTP", "MDaemon 21.0.2"), fails("MDaemon 21.0.2", remedy=(GENERAL,))),
        (greeting(HOST, code=554), not_applicable(owner="smtp-greeting-bad")),
        (
            visit_until("greeting", unseen(Trouble.TIMEOUT)),
            not_applicable(owner="smtp-greeting-bad"),
        ),
        (
            visit_until("connection", unseen(Trouble.REFUSED)),
            not_applicable(owner="smtp-unreachable"),
        ),
    ],
)
def test_the_greeting_gives_away_no_version(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))
