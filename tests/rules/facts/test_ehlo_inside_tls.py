"""The first reply inside TLS: which rule owns what is wrong with it."""

from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, OUR_OWN, Trouble, Unseen
from mxcheck.evidence.smtp import Reply, Visit
from mxcheck.rules.base import Pass
from mxcheck.rules.smtp import smtp_ehlo_refused, smtp_extension_missing
from mxcheck.rules.tls import tls_handshake_failed
from tests.build import ADDRESS, HOST, healthy_visit, reply, unseen, visit_until
from tests.rules.ask import ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
EHLO, TLS = smtp_ehlo_refused.RULE, tls_handshake_failed.RULE
EXTENSIONS = smtp_extension_missing.RULE
BLOCKED = reply(550, "5.7.1 Client host rejected: blocked using zen.spamhaus.org")
GONE = (Trouble.CLOSED, Trouble.RESET, Trouble.NETWORK)
NO_REPLY = (Trouble.MALFORMED, Trouble.FLOOD, Trouble.DRIP)


def inside(answer: Reply | Unseen) -> Visit:
    return replace(healthy_visit(), ehlo_after_tls=answer, relay=())


@pytest.mark.parametrize("trouble", GONE)
def test_a_session_that_ends_before_its_first_reply_is_no_session(trouble: Trouble) -> None:
    alert = "TLS ended: the server sent the alert certificate_required"
    visit = inside(unseen(trouble, alert))
    want = fails(
        WHERE, "completes the handshake (TLSv1.3)", alert, remedy=("no client certificate",)
    )
    want(ask_visit(TLS, visit))
    passes(WHERE, "accepts EHLO")(ask_visit(EHLO, visit))
    not_applicable("inside TLS", owner="tls-handshake-failed")(ask_visit(EXTENSIONS, visit))


def test_silence_inside_tls_is_this_check_waiting_too_briefly() -> None:
    visit = inside(unseen(Trouble.TIMEOUT, "no reply within 30 s (--timeout)"))
    unknown(WHERE, "30 s (--timeout)", remedy=("longer --timeout",))(ask_visit(TLS, visit))
    passes(WHERE, "accepts EHLO")(ask_visit(EHLO, visit))
    not_applicable("inside TLS", owner="tls-handshake-failed")(ask_visit(EXTENSIONS, visit))


@pytest.mark.parametrize("trouble", NO_REPLY)
def test_what_is_no_reply_is_no_fault_of_tls(trouble: Trouble) -> None:
    visit = inside(unseen(trouble, "junk"))
    fails(WHERE, "no valid answer to EHLO inside TLS: junk")(ask_visit(EHLO, visit))
    passes(WHERE, "speaks TLSv1.3")(ask_visit(TLS, visit))
    not_applicable(owner="smtp-ehlo-refused")(ask_visit(EXTENSIONS, visit))


@pytest.mark.parametrize("answer", [reply(502, "5.5.1 no"), reply(554, "no"), reply(354, "go")])
def test_ehlo_that_is_refused_inside_tls_alone(answer: Reply) -> None:
    visit = inside(answer)
    want = fails(WHERE, f"refuses EHLO inside TLS with {answer}", remedy=("accept EHLO",))
    want(ask_visit(EHLO, visit))
    passes("speaks TLSv1.3")(ask_visit(TLS, visit))
    not_applicable(owner="smtp-ehlo-refused")(ask_visit(EXTENSIONS, visit))


@pytest.mark.parametrize("answer", [reply(421, "busy"), reply(450, "4.3.2 later"), BLOCKED])
def test_a_refusal_of_this_client_inside_tls_tells_nothing(answer: Reply) -> None:
    visit = inside(answer)
    unknown(WHERE, str(answer), remedy=("--ehlo-name",))(ask_visit(EHLO, visit))
    passes("speaks TLSv1.3")(ask_visit(TLS, visit))


@pytest.mark.parametrize("trouble", sorted(OUR_OWN))
def test_what_the_probe_did_not_come_to_ask_is_unknown(trouble: Trouble) -> None:
    visit = inside(unseen(trouble, "out of time"))
    unknown("out of time")(ask_visit(TLS, visit))
    unknown("out of time")(ask_visit(EHLO, visit))
    unknown("out of time")(ask_visit(EXTENSIONS, visit))


def test_no_trouble_inside_tls_is_a_pass_of_both_rules() -> None:
    for trouble in Trouble:
        visit = inside(unseen(trouble))
        answers = [ask_visit(rule, visit) for rule in (TLS, EHLO)]
        assert not all(isinstance(answer, Pass) for answer in answers), trouble


def test_without_a_session_there_is_nothing_inside() -> None:
    failed = visit_until("tls", unseen(Trouble.HANDSHAKE, "handshake_failure"))
    passes("accepts EHLO")(ask_visit(EHLO, failed))
    fails("the handshake fails: handshake_failure")(ask_visit(TLS, failed))
    assert failed.ehlo_after_tls == NOT_ASKED
