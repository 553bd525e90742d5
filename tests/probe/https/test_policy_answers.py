"""What a policy host answers: certificates, and everything that HTTP lets a server say."""

import asyncio
import gzip
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat

import pytest

from mxcheck.demo.certificates import Issued, self_signed
from mxcheck.demo.https_server import Site, http_response
from mxcheck.demo.smtp_script import Act, Answer, Handshake, Paced
from mxcheck.evidence.outcome import Trouble
from mxcheck.probe.https.get import MAX_BODY
from tests.probe.harness import ROOT, then_silence
from tests.probe.https.policy_world import (
    POLICY,
    POLICY_HOST,
    TLS,
    TRUSTING,
    Fetched,
    fetch_from,
    site,
    tls_of,
)

NOW = datetime.now(UTC)
HURRIED = replace(TRUSTING, timeout=1)
ISSUER = ROOT.issue_intermediate()
OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"


def endless(part: bytes, begun: bytes = b"") -> Paced:
    """An answer that never ends; the client, which shares the loop, has its turns."""
    return Paced(parts=(begun, *repeat(part, 2000)), pace=lambda: asyncio.sleep(0))


def chunked(*parts: bytes, begun: bytes = b"") -> bytes:
    """A body in chunks (RFC 9112 7.1)."""
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*parts, b""))
    return OK + begun + b"transfer-encoding: chunked\r\n\r\n" + chunks


async def answered(answer: Answer) -> Fetched:
    return await fetch_from(site(answer))


@pytest.mark.parametrize(
    "issued",
    [
        ISSUER.issue(names=(POLICY_HOST,)),
        ISSUER.issue(names=(POLICY_HOST,), not_after=timedelta(days=-1)),
        ISSUER.issue(names=("*.example.net",)),
        ISSUER.issue(names=(POLICY_HOST,)).without_intermediates(),
        self_signed(NOW, names=(POLICY_HOST,)),
    ],
)
async def test_every_certificate_is_written_down_with_what_is_behind_it(issued: Issued) -> None:
    fetched = await fetch_from(Site(tls=tls_of(issued), answer=http_response(POLICY)))
    assert fetched.answer.chain == issued.der_chain
    assert fetched.response.body == POLICY
    assert fetched.requests[0].server_name == POLICY_HOST


async def test_the_certificate_is_kept_where_no_answer_follows_it() -> None:
    for site_ in (Site(tls=TLS, answer=Act.CLOSE), Site(tls=TLS, answer=b"220 mx1\r\n\r\n")):
        fetched = await fetch_from(site_)
        assert len(fetched.answer.chain) == 2
        assert fetched.answer.trouble


async def test_the_oldest_version_is_tls_1_2() -> None:
    old = replace(TLS, minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)
    fetched = await fetch_from(Site(tls=old))
    assert fetched.trouble is Trouble.HANDSHAKE
    assert fetched.detail == "the server sent the alert protocol_version"
    fine = replace(TLS, maximum_version=ssl.TLSVersion.TLSv1_2)
    fetched = await fetch_from(Site(tls=fine, answer=http_response()))
    assert fetched.response.status == 200
    assert fetched.requests[0].tls_version == "TLSv1.2"


@pytest.mark.parametrize(
    ("handshake", "trouble", "words"),
    [
        (Handshake.GARBAGE, Trouble.HANDSHAKE, "the server's answer is not TLS"),
        (Handshake.CLOSE, Trouble.CLOSED, "closed the connection"),
    ],
)
async def test_handshakes_that_fail(handshake: Handshake, trouble: Trouble, words: str) -> None:
    fetched = await fetch_from(Site(tls=handshake))
    assert fetched.trouble is trouble
    assert words in fetched.detail


@pytest.mark.parametrize(
    ("status", "location"),
    [
        ("301 Moved Permanently", "https://example.com/.well-known/mta-sts.txt"),
        ("307 Temporary Redirect", f"https://{POLICY_HOST}/"),
        ("404 Not Found", ""),
        ("500 Internal Server Error", ""),
        ("206 Partial Content", ""),
    ],
)
async def test_only_200_has_a_body_that_is_read(status: str, location: str) -> None:
    fetched = await answered(http_response(POLICY, status, location=location))
    response = fetched.response
    assert (response.status, response.location) == (int(status[:3]), location)
    assert response.body == b""
    assert len(fetched.requests) == 1


async def test_a_body_of_another_status_is_not_even_waited_for() -> None:
    head = b"HTTP/1.1 404 Not Found\r\ncontent-length: 999999999\r\n\r\n"
    assert (await answered(then_silence(head))).response.status == 404


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream", ""])
async def test_the_type_is_written_down(kind: str) -> None:
    response = (await answered(http_response(POLICY, content_type=kind))).response
    assert (response.content_type, response.body) == (kind, POLICY)


@pytest.mark.parametrize(
    "answer",
    [
        chunked(POLICY),
        chunked(*(POLICY[at : at + 1] for at in range(len(POLICY)))),
        OK + b"\r\n" + POLICY,
        b"HTTP/1.0 200 OK\r\n\r\n" + POLICY,
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + http_response(POLICY),
        http_response(POLICY) + b"HTTP/1.1 500 Not Asked For\r\n\r\n",
        http_response(POLICY, content_encoding="identity"),
        http_response(POLICY, content_encoding="utf-8"),
        Paced(parts=[b"%c" % byte for byte in http_response(POLICY)]),
    ],
)
async def test_ways_to_send_the_same_policy(answer: Answer) -> None:
    response = (await answered(answer)).response
    assert (response.status, response.body) == (200, POLICY)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "the answer is not HTTP: illegal status line"),
        (b"220 mx1.example.com ESMTP\r\n\r\n", "the answer is not HTTP"),
        (b"<html>\r\n\r\n", "the answer is not HTTP"),
        (b"\x00\xff\xfe\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n", "not HTTP"),
        (OK + b"transfer-encoding: chunked\r\n\r\nzz\r\n", "the answer is not HTTP"),
    ],
)
async def test_answers_that_are_malformed(answer: bytes, words: str) -> None:
    fetched = await answered(answer)
    assert fetched.trouble is Trouble.MALFORMED
    assert words in fetched.detail


@pytest.fixture(scope="module")
def bomb() -> bytes:
    return gzip.compress(b"\0" * 50_000_000)


@pytest.mark.parametrize("coding", ["gzip", "BR", "utf-8", ""])
async def test_a_bomb_is_not_inflated(coding: str, bomb: bytes) -> None:
    assert len(bomb) < MAX_BODY
    response = (await answered(http_response(bomb, content_encoding=coding))).response
    assert (response.body, response.content_encoding) == (bomb, coding)


async def test_a_field_in_several_parts_is_kept_whole() -> None:
    head = OK + b"content-encoding: identity\r\ncontent-encoding: gzip\r\n\r\n"
    assert (await answered(head + POLICY)).response.content_encoding == "identity, gzip"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-",
        OK + b"content-length: 999\r\n\r\n" + POLICY,
        OK + b"transfer-encoding: chunked\r\n\r\n5\r\nvers",
        Paced(parts=(OK + b"content-length: 999\r\n\r\n",)),
    ],
)
async def test_answers_that_break_off(answer: Answer) -> None:
    fetched = await answered(answer)
    assert fetched.trouble is Trouble.CLOSED
    assert fetched.detail.startswith("the other side closed the ")
    broken_off = "before the answer was complete"
    assert fetched.detail.endswith(broken_off) == (answer != b"")


async def test_a_connection_that_is_dropped_in_place_of_an_answer() -> None:
    assert (await answered(Act.CLOSE)).trouble is Trouble.CLOSED


async def test_the_largest_policy() -> None:
    body = b"x" * MAX_BODY
    assert (await answered(http_response(body))).response.body == body
    assert (await answered(chunked(body))).response.body == body


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (http_response(b"x" * (MAX_BODY + 1)), "the policy is longer than 64 KiB"),
        (chunked(b"x" * MAX_BODY, b"x"), "the policy is longer than 64 KiB"),
        (endless(b"x" * 999, OK + b"\r\n"), "the policy is longer than 64 KiB"),
        (endless(b"x" * 999), "the answer does not end within 64 KiB"),
        (endless(b"x-more: and more\r\n" * 99, OK), "the answer does not end within 64 KiB"),
        (endless(b"x" * 999, OK + b"x-long: "), "the answer does not end within 64 KiB"),
        (endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 99), "the answer does not end within 64 KiB"),
        (
            endless(b"1;" + b"x" * 999 + b"\r\n \r\n", OK + b"transfer-encoding: chunked\r\n\r\n"),
            "the answer does not end within 512 KiB",
        ),
        (
            endless(b"x: y\r\n" * 99, OK + b"transfer-encoding: chunked\r\n\r\n0\r\n"),
            "the answer does not end within 512 KiB",
        ),
    ],
)
async def test_floods(answer: Answer, words: str) -> None:
    fetched = await answered(answer)
    assert fetched.trouble is Trouble.FLOOD
    assert fetched.detail == words


@pytest.mark.parametrize("begun", [b"HTTP/1.1 200", OK, OK + b"\r\nversion: STSv1\r\n"])
async def test_drips(begun: bytes) -> None:
    fetched = await fetch_from(site(then_silence(begun)), settings=replace(HURRIED, retries=2))
    assert fetched.trouble is Trouble.BUDGET
    words = "the answer was not complete after 2 s (twice --timeout), though bytes kept coming"
    assert fetched.detail == words
    assert len(fetched.requests) == 1


async def test_a_drip_of_a_minute_is_the_servers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxcheck.probe.https.address_fetch.FETCH_SECONDS", 0.2)
    fetched = await fetch_from(site(then_silence(OK)), settings=replace(HURRIED, retries=2))
    assert fetched.trouble is Trouble.DRIP
    assert fetched.detail == "the answer was not complete after 0.2 s, though bytes kept coming"


async def test_words_of_the_server_are_cut_to_size() -> None:
    location = "https://example.net/" + "x" * 9000
    response = (await answered(http_response(status="302 Found", location=location))).response
    assert response.location == location[:2048]


async def test_header_fields_may_hold_any_bytes() -> None:
    answer = b"HTTP/1.1 302 Found\r\nlocation: https://b\xfccher.example/\r\n\r\n"
    assert (await answered(answer)).response.location == "https://b\\xfccher.example/"
