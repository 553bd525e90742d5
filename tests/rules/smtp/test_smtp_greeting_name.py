import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Greeting, Visit
from mxcheck.rules.smtp.smtp_greeting_name import RULE
from tests.build import ADDRESS, HOST, healthy_visit, reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes

WHERE = f"{HOST} [{ADDRESS}]:25"


def greeting(*lines: str, code: int = 220) -> Visit:
    return visit_until("greeting", Greeting(reply=reply(code, *lines), greeting_ms=50))


GENERAL = ("fully qualified host name", HOST, "firewall")


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, HOST)),
        (greeting("MX1.Example.COM ESMTP"), passes("mx1.example.com")),
        # Another public name of the host will do, and so does the first line of several.
        (greeting("mail.hoster.example", "no UCE please"), passes("mail.hoster.example")),
        (greeting("mx1.example.com. ESMTP"), passes("mx1.example.com")),
        (greeting("localhost ESMTP"), fails(WHERE, "begins with localhost", remedy=GENERAL)),
        (greeting("mx1 ESMTP"), fails("begins with mx1, which", "220 mx1 ESMTP")),
        (greeting("EX01.corp.local Microsoft ESMTP"), fails("EX01.corp.local")),
        (greeting("localhost.localdomain ESMTP"), fails("localhost.localdomain")),
        (greeting("ESMTP Postfix"), fails("begins with ESMTP")),
        (greeting("[192.0.2.1] ESMTP"), fails("[192.0.2.1]")),
        (greeting("192.0.2.1 ESMTP"), fails("192.0.2.1")),
        (greeting("mx_1.example.com ESMTP"), fails("mx_1.example.com")),
        (greeting("****************"), fails("****************", remedy=("firewall",))),
        (greeting("Welcome", HOST), fails("begins with Welcome")),
        (greeting(""), fails("names no host")),
        (greeting(), fails("names no host")),
        (greeting("localhost ESMTP Postfix"), fails("localhost", remedy=("On Postfix: set `myh",))),
        (greeting("mx1 ESMTP Exim 4.96"), fails("mx1", remedy=("On Exim: set `primary_hostname",))),
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
def test_the_greeting_begins_with_a_full_host_name(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))
