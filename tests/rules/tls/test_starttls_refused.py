from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.rules.tls.starttls_refused import RULE
from tests.build import ADDRESS, HOST, ehlo_reply, healthy_visit, reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, "accepts STARTTLS")),
        (
            visit_until("starttls", reply(454, "4.7.0 TLS not available")),
            fails(WHERE, "454 4.7.0 TLS not available", remedy=("certificate and private key",)),
        ),
        (visit_until("starttls", reply(502, "5.5.1 no")), fails(WHERE, "502 5.5.1 no")),
        (visit_until("starttls", reply(250, "ok")), fails(WHERE, "250 ok")),
        (visit_until("starttls", unseen(Trouble.CLOSED, "hung up")), fails(WHERE, "hung up")),
        (visit_until("starttls", unseen(Trouble.DEADLINE, "no time")), unknown("no time")),
        (visit_until("starttls", unseen(Trouble.INTERRUPTED, "ended")), unknown("ended")),
        (visit_until("ehlo", ehlo_reply("SIZE")), not_applicable(owner="starttls-missing")),
        (visit_until("ehlo", reply(502, "no")), not_applicable(owner="smtp-ehlo-refused")),
        (
            visit_until("connection", unseen(Trouble.REFUSED)),
            not_applicable(owner="smtp-unreachable"),
        ),
    ],
)
def test_starttls_is_accepted(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


OUT_OF_ORDER = ("--ehlo-name",)


@pytest.mark.parametrize(
    ("code", "text", "remedy"),
    [
        (503, "5.5.1 EHLO/HELO first", OUT_OF_ORDER),
        (503, "5.5.1 bad sequence of commands", OUT_OF_ORDER),
        (550, "5.7.1 Rejected: invalid HELO hostname", OUT_OF_ORDER),
        (501, "polite people say hello first", OUT_OF_ORDER),
        (454, "4.7.0 TLS not available due to local problem", ("certificate and private key",)),
        (554, "5.3.3 no", ("certificate and private key",)),
    ],
)
def test_a_refusal_over_ehlo_is_not_about_files(
    code: int, text: str, remedy: tuple[str, ...]
) -> None:
    visit = visit_until("starttls", reply(code, text))
    fails(text, remedy=remedy)(ask_visit(RULE, visit))


def test_a_firewall_that_replaces_the_command_may_be_the_one_before_this_machine() -> None:
    visit = visit_until("starttls", reply(500, '5.5.1 Command unrecognized: "XXXXXXXX"'))
    other = replace(healthy_visit(), host="mx2.example.com", address="203.0.114.9")
    over_ipv6 = replace(other, address="2001:500::9")
    want = unknown(WHERE, "XXXXXXXX", remedy=("firewall in front of this machine",))
    want(ask_visit(RULE, visit))
    want(ask_visit(RULE, visit, others=[over_ipv6]))
    fails("XXXXXXXX", remedy=("firewall in front of the server",))(
        ask_visit(RULE, visit, others=[other])
    )
