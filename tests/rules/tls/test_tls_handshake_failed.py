from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import Alert, HelloAnswer, OwnHello, ServerHello, ShownTls
from mxcheck.rules.tls.tls_handshake_failed import RULE
from tests.build import (
    ADDRESS,
    HOST,
    ehlo_reply,
    healthy_chain,
    healthy_tls,
    healthy_visit,
    reply,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
BARE = ServerHello(version="TLSv1.2", cipher="")
ALERT = "the server sent the alert handshake_failure"


def failed(*answers: HelloAnswer) -> Visit:
    hellos = (
        OwnHello(offered=offered, sent=True, answer=answer)
        for offered, answer in zip(("TLSv1.3", "TLSv1.2"), answers, strict=False)
    )
    return visit_until("tls", unseen(Trouble.HANDSHAKE, ALERT), hellos=tuple(hellos))


def chosen(version: str, chain: tuple[bytes, ...] = ()) -> ServerHello:
    return ServerHello(version=version, cipher="TLS_RSA_WITH_RC4_128_MD5", chain=chain)


REFUSED = Alert(level="fatal", description="internal_error")


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (failed(), fails(f"the handshake fails: {ALERT}")),
        (
            failed(chosen("TLSv1.2", healthy_chain())),
            fails(
                f"{ALERT}; offered everything old too, up to TLSv1.3, it chooses TLSv1.2 with"
                " TLS_RSA_WITH_RC4_128_MD5 and the key EC secp256r1"
            ),
        ),
        (failed(chosen("TLSv1.2", (b"junk",))), fails("it chooses TLSv1.2")),
        (
            failed(REFUSED, REFUSED),
            fails("up to TLSv1.3, it sends the alert internal_error; offered", "up to TLSv1.2, it"),
        ),
        (failed(REFUSED, chosen("TLSv1.2")), fails("internal_error", "it chooses TLSv1.2 with")),
        (failed(unseen(Trouble.TIMEOUT, "silence")), fails(f"the handshake fails: {ALERT}")),
        (failed(chosen("SSLv3")), not_applicable("SSLv3", owner="tls-version-old")),
        (failed(REFUSED, chosen("TLSv1")), not_applicable("TLSv1", owner="tls-version-old")),
    ],
)
def test_what_the_server_answers_to_another_hello(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, "TLSv1.3", "TLS_AES_256_GCM_SHA384")),
        (
            visit_until("tls", unseen(Trouble.HANDSHAKE, ALERT)),
            fails(WHERE, ALERT, remedy=("openssl s_client -starttls smtp", "TLS 1.2 and 1.3")),
        ),
        (visit_until("tls", unseen(Trouble.CLOSED, "hung up")), fails(WHERE, "hung up")),
        (
            visit_until("tls", unseen(Trouble.TIMEOUT, "not complete after 30 s (--timeout)")),
            unknown(WHERE, "30 s (--timeout)", remedy=("longer --timeout",)),
        ),
        (visit_until("tls", unseen(Trouble.DEADLINE, "no time")), unknown("no time")),
        (visit_until("starttls", reply(454, "no")), not_applicable(owner="starttls-refused")),
        (
            visit_until("starttls", unseen(Trouble.CLOSED)),
            not_applicable(owner="starttls-refused"),
        ),
        (visit_until("ehlo", ehlo_reply("SIZE")), not_applicable(owner="starttls-missing")),
    ],
)
def test_the_handshake_completes(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


@pytest.mark.parametrize(
    ("version", "announced", "want"),
    [
        ("TLSv1.2", True, passes(WHERE)),
        ("TLSv1.3", False, passes(WHERE)),
        (
            "TLSv1.2",
            False,
            fails(
                f"{WHERE} speaks TLSv1.2 without secure renegotiation (RFC 5746)",
                "Postfix for one, break off",
                remedy=("Upgrade the TLS library",),
            ),
        ),
        ("TLSv1", False, fails("speaks TLSv1 without")),
        ("SSLv3", False, fails("speaks SSLv3 without")),
    ],
)
def test_senders_with_openssl_3_insist_on_secure_renegotiation(
    version: str, *, announced: bool, want: Want
) -> None:
    hello = ServerHello(version=version, cipher="", renegotiation_info=announced)
    session = replace(healthy_tls(), version=version, hello=hello)
    want(ask_visit(RULE, replace(healthy_visit(), tls=session)))


@pytest.mark.parametrize(
    ("version", "hello", "want"),
    [
        ("TLSv1.2", BARE, fails("speaks TLSv1.2 on another connection without secure")),
        ("TLSv1.2", replace(BARE, renegotiation_info=True), passes(WHERE)),
        ("TLSv1.3", replace(BARE, version="TLSv1.3"), passes(WHERE)),
        ("TLSv1.2", NOT_ASKED, passes(WHERE)),
    ],
)
def test_so_does_another_server_behind_the_address(
    version: str, hello: ServerHello | Unseen, want: Want
) -> None:
    shown = ShownTls(
        connection="another connection",
        server_name=HOST,
        offered="TLSv1.3",
        version=version,
        chain=(),
        hello=hello,
    )
    want(ask_visit(RULE, replace(healthy_visit(), shown=(shown,))))


def test_what_was_not_read_is_not_held_against_the_server() -> None:
    session = replace(healthy_tls(), version="TLSv1.2", hello=unseen(Trouble.MALFORMED))
    passes(WHERE)(ask_visit(RULE, replace(healthy_visit(), tls=session)))


@pytest.mark.parametrize(
    ("seen", "remedy"),
    [
        ("the server sent the alert unrecognized_name", "asks for by SNI: add the MX host"),
        ("OpenSSL refuses a Diffie-Hellman group of 768 bits", "group of 2048 bits"),
        ("the server sent the alert internal_error", "openssl s_client -starttls smtp"),
    ],
)
def test_the_remedy_is_about_what_was_seen(seen: str, remedy: str) -> None:
    visit = visit_until("tls", unseen(Trouble.HANDSHAKE, seen))
    fails(seen, remedy=(remedy,))(ask_visit(RULE, visit))
