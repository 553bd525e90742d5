from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import Alert, HelloAnswer, OwnHello, ServerHello
from mxcheck.rules.tls import tls_post_quantum_missing
from mxcheck.rules.tls.tls_large_hello_fails import RULE
from tests.build import ADDRESS, HOST, healthy_visit, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
SILENCE = unseen(Trouble.TIMEOUT, "a ClientHello of 1707 bytes was not answered within 10 s")
RESET = unseen(Trouble.RESET, "connection reset by the other side")
CLOSED = unseen(Trouble.CLOSED, "the other side closed the connection")
BUDGET = unseen(Trouble.BUDGET, "a further connection was not allowed (--max-connections 4)")
AWAY = unseen(Trouble.TURNED_AWAY, "a further connection was answered 421 4.7.0 no")
REFUSED = Alert(level="fatal", description="handshake_failure")


def chosen(group: str = "x25519", version: str = "TLSv1.3") -> ServerHello:
    return ServerHello(version=version, cipher="TLS_AES_256_GCM_SHA384", group=group)


def long(answer: HelloAnswer, *, sent: bool = True) -> OwnHello:
    return OwnHello(offered="TLSv1.3", large=True, sent=sent, answer=answer)


def short(answer: HelloAnswer, *, sent: bool = True) -> OwnHello:
    return replace(long(answer, sent=sent), large=False)


def asked(*hellos: OwnHello) -> Visit:
    return replace(healthy_visit(), large_hellos=hellos)


# Another server of the run, without which this network may be the cause.
OTHER = replace(asked(long(chosen())), host="mx2.example.com", address="203.0.114.99")
FAILS = fails(f"{WHERE} does not answer a ClientHello longer than one TCP segment")


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (asked(long(chosen())), passes(WHERE, "longer than one TCP segment")),
        (asked(long(chosen(version="TLSv1.2"))), passes(WHERE)),
        (asked(long(REFUSED)), passes(WHERE)),
        (asked(long(RESET), long(chosen())), passes(WHERE)),
        (asked(long(SILENCE), long(SILENCE), short(chosen())), FAILS),
        (asked(long(RESET), long(CLOSED), short(REFUSED)), FAILS),
        (
            asked(long(RESET), long(SILENCE), short(chosen())),
            fails(
                "(connection reset by the other side and a ClientHello of 1707 bytes was not",
                "but a short one before and after",
                remedy=("Update the firewall",),
            ),
        ),
        (asked(long(SILENCE), long(SILENCE), short(BUDGET, sent=False)), unknown("not allowed")),
        (asked(long(SILENCE), long(SILENCE), short(AWAY, sent=False)), not_applicable("421")),
        (asked(long(SILENCE), long(SILENCE), short(SILENCE)), not_applicable("not answered")),
        (asked(long(SILENCE), long(SILENCE)), unknown("was not asked")),
        (asked(long(SILENCE), long(BUDGET, sent=False)), unknown("not allowed")),
        (asked(long(SILENCE), long(AWAY, sent=False)), not_applicable("421")),
        (asked(long(AWAY, sent=False)), not_applicable("421")),
        (asked(long(CLOSED, sent=False)), not_applicable("closed")),
        (asked(long(BUDGET, sent=False)), unknown("--max-connections")),
        (asked(long(unseen(Trouble.MALFORMED, "no TLS"))), unknown("no TLS")),
        (asked(long(SILENCE)), unknown("was not asked")),
        (asked(), unknown("was not asked")),
        (
            visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=()),
            not_applicable(owner="tls-handshake-failed"),
        ),
    ],
)
def test_a_long_hello_is_answered(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit, others=(OTHER,)))


@pytest.mark.parametrize("others", [(), (replace(OTHER, large_hellos=()),)])
def test_where_no_server_answers_it_may_be_this_network(others: tuple[Visit, ...]) -> None:
    visit = asked(long(SILENCE), long(SILENCE), short(chosen()))
    want = unknown("no server of this run does", remedy=("another network",))
    want(ask_visit(RULE, visit, others=others))


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (asked(long(chosen("X25519MLKEM768"))), passes(WHERE, "chooses X25519MLKEM768")),
        (asked(long(chosen())), fails("chooses x25519", remedy=("OpenSSL 3.5",))),
        (asked(long(chosen(""))), fails("chooses another key exchange")),
        (asked(long(chosen("secp256r1", "TLSv1.2"))), fails("chooses TLSv1.2 without it")),
        (asked(long(REFUSED)), unknown("the alert handshake_failure")),
        (
            asked(long(SILENCE), long(SILENCE), short(chosen())),
            not_applicable(owner="tls-large-hello-fails"),
        ),
        (asked(long(AWAY, sent=False)), not_applicable("421")),
        (asked(), unknown("was not asked")),
    ],
)
def test_the_post_quantum_group_is_chosen(visit: Visit, want: Want) -> None:
    want(ask_visit(tls_post_quantum_missing.RULE, visit))
