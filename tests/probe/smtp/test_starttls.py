import ssl
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Act, Answer, Handshake, Script, Tls
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.evidence.tls import TlsSession
from tests.keys import rsa_key
from tests.probe.harness import (
    ADDRESS,
    BYTE_FLOOD,
    HEALTHY,
    HOST,
    ISSUED,
    NO_RELAY,
    ROOT,
    SETTINGS,
    TLS,
    Seen,
    mx_zone,
    probe,
    probe_host,
)

FORMS = ["MAIL", "RCPT", "RCPT", "RSET", "MAIL", "RCPT", "RSET", "MAIL", "RCPT"]
IN_CLEAR_AGAIN = ["EHLO", *FORMS, "QUIT"]
ONCE = replace(SETTINGS, retries=0)
IMPATIENT = replace(ONCE, timeout=1)


def tls_of(seen: Seen) -> TlsSession:
    assert isinstance(seen.visit.tls, TlsSession)
    return seen.visit.tls


def trouble_of(stage: object) -> Trouble:
    assert isinstance(stage, Unseen)
    return stage.trouble


@pytest.mark.parametrize(
    ("version", "name"),
    [
        (ssl.TLSVersion.TLSv1, "TLSv1"),
        (ssl.TLSVersion.TLSv1_1, "TLSv1.1"),
        (ssl.TLSVersion.TLSv1_2, "TLSv1.2"),
        (ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
    ],
)
async def test_every_version_is_seen_also_where_it_is_the_only_one(
    version: ssl.TLSVersion, name: str
) -> None:
    only = replace(TLS, minimum_version=version, maximum_version=version)
    seen = await probe_host(replace(HEALTHY, tls=only), target=NO_RELAY)
    assert (tls_of(seen).version, tls_of(seen).chain) == (name, ISSUED.der_chain)
    assert tls_of(seen).cipher
    assert seen.verbs == [["EHLO", "STARTTLS", "EHLO", "QUIT"]]


async def test_the_chain_is_written_down_as_sent() -> None:
    bare = ISSUED.without_intermediates()
    tls = Tls(chain_pem=bare.chain_pem, key_pem=bare.key_pem)
    assert tls_of(await probe_host(replace(HEALTHY, tls=tls))).chain == bare.der_chain
    whole = tls_of(await probe_host(HEALTHY)).chain
    assert (len(whole), whole[0]) == (2, bare.der_chain[0])


@pytest.mark.parametrize("ciphers", ["AES128-SHA", "ECDHE-RSA-AES128-SHA"])
async def test_weak_ciphers_are_seen(ciphers: str) -> None:
    issued = ROOT.issue(names=(HOST,), key=rsa_key())
    tls = Tls(
        chain_pem=issued.chain_pem,
        key_pem=issued.key_pem,
        maximum_version=ssl.TLSVersion.TLSv1_2,
        ciphers=f"{ciphers}@SECLEVEL=0",
    )
    assert tls_of(await probe_host(replace(HEALTHY, tls=tls), target=NO_RELAY)).cipher == ciphers


async def test_starttls_is_tried_where_it_is_not_announced() -> None:
    seen = await probe_host(replace(HEALTHY, extensions=("PIPELINING",)))
    assert tls_of(seen).version == "TLSv1.3"
    assert seen.verbs == [["EHLO", "STARTTLS", "EHLO", *FORMS, "QUIT"]]


async def test_starttls_that_is_put_off_is_tried_once_more_and_the_session_kept_in_clear() -> None:
    seen = await probe_host(replace(HEALTHY, starttls=b"454 4.7.0 not now\r\n"))
    assert isinstance(seen.visit.starttls, Reply)
    assert (seen.visit.starttls.code, seen.visit.tls, seen.visit.tries) == (454, NOT_ASKED, 2)
    assert seen.verbs == [["EHLO", "STARTTLS", "QUIT"], ["EHLO", "STARTTLS", *FORMS, "QUIT"]]


@pytest.mark.parametrize("answer", [b"502 5.5.1 no\r\n", b"250 ok\r\n"])
async def test_a_refused_starttls_leaves_the_session_in_clear(answer: bytes) -> None:
    seen = await probe_host(replace(HEALTHY, starttls=answer))
    assert isinstance(seen.visit.starttls, Reply)
    assert seen.visit.starttls.code == int(answer[:3])
    assert (seen.visit.tls, seen.visit.ehlo_after_tls) == (NOT_ASKED, NOT_ASKED)
    assert seen.verbs == [["EHLO", "STARTTLS", *FORMS, "QUIT"]]
    assert all(isinstance(attempt.rcpt, Reply) for attempt in seen.visit.relay)


REFUSES_ALL_CIPHERS = replace(
    TLS, ciphers="ADH-AES256-GCM-SHA384@SECLEVEL=0", maximum_version=ssl.TLSVersion.TLSv1_2
)
FAILURES: dict[str, tuple[Tls | Handshake, Trouble, str]] = {
    "garbage": (
        Handshake.GARBAGE,
        Trouble.HANDSHAKE,
        "the server's answer is not TLS (wrong version number)",
    ),
    "close": (Handshake.CLOSE, Trouble.CLOSED, "the other side closed the connection"),
    "stall": (
        Handshake.STALL,
        Trouble.TIMEOUT,
        "the handshake was not complete after 1 s (--timeout)",
    ),
    "alert": (
        REFUSES_ALL_CIPHERS,
        Trouble.HANDSHAKE,
        "the server sent the alert handshake_failure",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_after_a_failed_handshake_relaying_is_tested_in_clear_on_a_new_connection(
    name: str,
) -> None:
    tls, trouble, words = FAILURES[name]
    seen = await probe_host(replace(HEALTHY, tls=tls), settings=IMPATIENT)
    assert seen.visit.tls == Unseen(trouble=trouble, detail=words)
    assert seen.verbs == [["EHLO", "STARTTLS"], IN_CLEAR_AGAIN]
    assert [attempt.rcpt.code for attempt in seen.visit.relay if isinstance(attempt.rcpt, Reply)]
    assert isinstance(seen.visit.starttls, Reply)
    assert seen.visit.ehlo_after_tls == NOT_ASKED
    assert words in [line.text for line in seen.visit.transcript]


async def test_what_the_second_connection_shows_replaces_no_stage() -> None:
    first = replace(HEALTHY, tls=Handshake.GARBAGE)
    second = Script(hostname="elsewhere.example", greeting=b"220 elsewhere.example ESMTP\r\n")
    visit = (await probe_host(first, second)).visit
    assert isinstance(visit.ehlo, Reply)
    assert visit.ehlo.lines[0] == HOST
    assert visit.tries == 1


async def test_without_a_relay_test_there_is_no_second_connection() -> None:
    seen = await probe_host(replace(HEALTHY, tls=Handshake.GARBAGE), target=NO_RELAY)
    assert seen.verbs == [["EHLO", "STARTTLS"]]


async def test_where_a_second_connection_is_not_allowed() -> None:
    settings = replace(SETTINGS, max_connections=1)
    seen = await probe_host(replace(HEALTHY, tls=Handshake.GARBAGE), settings=settings)
    assert seen.verbs == [["EHLO", "STARTTLS"]]
    assert seen.visit.relay == ()
    assert seen.visit.relay_left_out.trouble is Trouble.BUDGET
    assert "max_connections" in seen.visit.relay_left_out.detail


@pytest.mark.parametrize(
    ("greeting", "trouble"),
    [
        (b"421 4.3.2 too many connections\r\n", Trouble.NOT_ASKED),
        (Act.CLOSE, Trouble.CLOSED),
    ],
)
async def test_where_the_second_connection_comes_to_nothing(
    greeting: Answer, trouble: Trouble
) -> None:
    first = replace(HEALTHY, tls=Handshake.GARBAGE)
    seen = await probe_host(first, replace(HEALTHY, greeting=greeting))
    assert seen.visit.relay == ()
    assert seen.visit.relay_left_out.trouble is trouble
    assert trouble_of(seen.visit.tls) is Trouble.HANDSHAKE


@pytest.mark.parametrize("answer", [Act.CLOSE, b"421 4.7.0 no\r\n", BYTE_FLOOD])
async def test_a_connection_lost_at_starttls(answer: Answer) -> None:
    seen = await probe_host(replace(HEALTHY, starttls=answer), settings=ONCE)
    assert seen.visit.tls == NOT_ASKED
    assert seen.verbs == [["EHLO", "STARTTLS"], IN_CLEAR_AGAIN]


async def test_what_was_sent_in_clear_behind_the_answer_is_written_down() -> None:
    seen = await probe_host(replace(HEALTHY, starttls=b"220 go\r\n250 injected\r\n250 more\r\n"))
    assert tls_of(seen).unread == b"250 injected\r\n250 more\r\n"
    assert isinstance(seen.visit.ehlo_after_tls, Reply)
    assert seen.visit.ehlo_after_tls.lines[0] == HOST


async def test_of_what_was_sent_in_clear_only_so_much_is_kept() -> None:
    seen = await probe_host(replace(HEALTHY, starttls=b"220 go\r\n" + b"x" * 20000))
    assert len(tls_of(seen).unread) == 2048


async def test_a_server_that_forgets_itself_inside_tls() -> None:
    refusing = replace(HEALTHY, ehlo=None, extensions_in_tls=(), drop_after=2)
    seen = await probe_host(refusing, HEALTHY, settings=ONCE)
    assert isinstance(seen.visit.tls, TlsSession)
    assert trouble_of(seen.visit.ehlo_after_tls) is Trouble.CLOSED
    assert seen.verbs[1] == IN_CLEAR_AGAIN


LONG_LABEL = "\\255" * 30
STRANGE = {
    "a label of bytes": f"{LONG_LABEL}.example.com",
    "longer than 255 in text": ".".join([LONG_LABEL] * 3) + ".example.com",
    "a dot in a label": "mx\\.1.example.com",
    "an underscore": "_mx.example.com",
}


@pytest.mark.parametrize("host", STRANGE.values(), ids=STRANGE)
async def test_a_host_name_that_no_sni_can_carry_does_no_harm(host: str) -> None:
    seen = await probe({ADDRESS: HEALTHY}, NO_RELAY, dns=mx_zone(ADDRESS, host=host))
    # A value that is not a host name is not visited at all (RFC 5321 2.3.5).
    assert all(tls_of(seen).chain == ISSUED.der_chain for _ in seen.evidence.visits)
