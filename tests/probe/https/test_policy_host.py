"""Where a policy is asked for, how often, and what is said when nobody answers."""

from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.demo.https_server import Site, http_response
from mxcheck.demo.smtp_script import Act, Handshake
from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.mta_sts import PolicyAnswer, PolicyFetch, PolicyResponse
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Connection
from tests.probe.harness import ADDRESS, ADDRESS2, ADDRESS3, ADDRESS6, ROOT
from tests.probe.https.policy_world import (
    GOOD,
    POLICY,
    POLICY_HOST,
    TLS,
    TRUSTING,
    Servers,
    address_zone,
    fetch,
    fetch_from,
    site,
    tls_of,
)

AGAIN = replace(TRUSTING, retries=2)
HURRIED = replace(TRUSTING, timeout=1)
HANGING_UP = Site(tls=Handshake.CLOSE)
OTHER = http_response(b"another site")
NODATA = Absent(absence=Absence.NODATA)


def status_of(answer: PolicyAnswer) -> int:
    assert isinstance(answer.response, PolicyResponse), answer
    return answer.response.status


def body_of(answer: PolicyAnswer) -> bytes:
    assert isinstance(answer.response, PolicyResponse), answer
    return answer.response.body


def trouble_of(seen: object) -> Trouble:
    assert isinstance(seen, Unseen), seen
    return seen.trouble


async def test_a_policy_comes_as_it_was_sent() -> None:
    fetched = await fetch_from(GOOD)
    response = fetched.response
    assert (fetched.answer.address, response.status) == (ADDRESS, 200)
    assert (response.content_type, response.location) == ("text/plain", "")
    assert response.body == POLICY


async def test_one_request_is_made_and_it_says_what_it_must() -> None:
    fetched = await fetch_from(GOOD)
    [request] = fetched.requests
    assert request.lines[0] == "GET /.well-known/mta-sts.txt HTTP/1.1"
    assert request.headers["host"] == request.server_name == POLICY_HOST
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["user-agent"].startswith("mxcheck/")
    assert set(request.headers) == {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "connection",
    }
    assert sorted(fetched.dns.queries) == [(POLICY_HOST, "A"), (POLICY_HOST, "AAAA")]


async def test_proxies_and_roots_of_the_environment_are_of_no_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / "ca.pem").write_bytes(ROOT.certificate_pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    assert (await fetch_from(GOOD)).response.body == POLICY


async def test_an_alias_is_followed_and_its_target_is_not_the_name_asked_for() -> None:
    dns = f"{POLICY_HOST}. CNAME pages.example.net.\n" + address_zone(
        ADDRESS, host="pages.example.net"
    )
    fetched = await fetch({ADDRESS: [GOOD]}, dns=dns)
    assert fetched.response.body == POLICY
    assert fetched.requests[0].server_name == POLICY_HOST


async def test_ipv6_alone() -> None:
    assert (await fetch({ADDRESS6: [GOOD]})).answer.address == ADDRESS6


async def test_every_address_is_asked_and_its_answer_kept() -> None:
    elsewhere = Site(tls=tls_of(ROOT.issue(names=("www.example.net",))), answer=OTHER)
    fetched = await fetch(
        {
            ADDRESS: [GOOD],
            ADDRESS2: [site(http_response(status="404 Not Found"))],
            ADDRESS3: None,
            ADDRESS6: [elsewhere],
        }
    )
    assert status_of(fetched.at(ADDRESS)) == 200
    assert status_of(fetched.at(ADDRESS2)) == 404
    assert trouble_of(fetched.at(ADDRESS3).connection) is Trouble.REFUSED
    assert fetched.at(ADDRESS3).response == NOT_ASKED
    assert body_of(fetched.at(ADDRESS6)) == b"another site"
    assert fetched.at(ADDRESS6).chain != fetched.at(ADDRESS).chain
    assert {len(server.requests) for server in fetched.servers.values()} == {1}
    assert isinstance(fetched.seen.ipv4, Answer)
    assert set(fetched.seen.ipv4.records) == {ADDRESS, ADDRESS2, ADDRESS3}
    assert fetched.seen.ipv6 == Answer(owner=POLICY_HOST, records=(ADDRESS6,), ttl=60)


async def test_what_may_pass_is_tried_again_at_its_own_address() -> None:
    fetched = await fetch({ADDRESS: [GOOD], ADDRESS2: [HANGING_UP, GOOD]}, settings=AGAIN)
    assert {address: len(one.requests) for address, one in fetched.servers.items()} == {
        ADDRESS: 1,
        ADDRESS2: 2,
    }
    assert status_of(fetched.at(ADDRESS2)) == 200


async def test_no_more_addresses_than_the_settings_allow_of_both_families() -> None:
    settings = replace(TRUSTING, max_addresses=2)
    servers: Servers = {ADDRESS: [GOOD], ADDRESS2: [GOOD], ADDRESS6: [GOOD], "10.0.0.1": [GOOD]}
    fetched = await fetch(servers, settings=settings)
    assert [answer.address for answer in fetched.seen.answers] == [ADDRESS6, ADDRESS]
    assert set(fetched.seen.left_out) == {ADDRESS2, "10.0.0.1"}


@pytest.mark.parametrize("private", ["10.0.0.1", "127.0.0.1", "::1", "64:ff9b::a00:1"])
async def test_addresses_that_are_not_public_are_left_alone(private: str) -> None:
    fetched = await fetch({private: [GOOD]})
    assert fetched.trouble is Trouble.NOT_PUBLIC
    assert fetched.detail.startswith(f"{private} is a ")
    assert fetched.requests == []
    mixed = await fetch({private: [GOOD], ADDRESS: [GOOD]})
    assert status_of(mixed.at(ADDRESS)) == 200
    assert trouble_of(mixed.at(private).connection) is Trouble.NOT_PUBLIC
    assert mixed.servers[private].requests == []


async def test_private_addresses_where_the_settings_allow_them() -> None:
    settings = replace(TRUSTING, allow_private=True)
    assert (await fetch({"10.0.0.1": [GOOD]}, settings=settings)).response.status == 200


@pytest.mark.parametrize(
    ("families", "address", "left_out"), [((4,), ADDRESS, ADDRESS6), ((6,), ADDRESS6, ADDRESS)]
)
async def test_a_family_that_is_left_out(
    families: tuple[int, ...], address: str, left_out: str
) -> None:
    settings = replace(TRUSTING, families=families)
    servers: Servers = {ADDRESS: [GOOD], ADDRESS6: [GOOD]}
    both = await fetch(servers, settings=settings)
    assert status_of(both.at(address)) == 200
    assert trouble_of(both.at(left_out).connection) is Trouble.EXCLUDED
    alone = await fetch({left_out: [GOOD]}, settings=settings)
    assert alone.trouble is Trouble.EXCLUDED
    assert alone.detail.endswith("is left out by -4 or -6")


async def test_a_name_without_an_address() -> None:
    fetched = await fetch({}, dns=f"{POLICY_HOST}. TXT nothing\n")
    assert fetched.seen == PolicyFetch(ipv4=NODATA, ipv6=NODATA)
    assert (await fetch({}, domain="elsewhere.example")).seen.answers == ()


async def test_an_alias_that_leads_nowhere() -> None:
    fetched = await fetch({}, dns=f"{POLICY_HOST}. CNAME gone.example.net.\n")
    gone = Absent(absence=Absence.NXDOMAIN, aliases=("gone.example.net",))
    assert fetched.seen == PolicyFetch(ipv4=gone, ipv6=gone)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [(Fault.SERVFAIL, Trouble.SERVFAIL), (Fault.REFUSED, Trouble.DNS_REFUSED)],
)
async def test_trouble_of_the_dns_keeps_its_name(fault: Fault, trouble: Trouble) -> None:
    fetched = await fetch({}, dns=ScriptedDns("", faults={POLICY_HOST: fault}))
    assert trouble_of(fetched.seen.ipv4) is trouble_of(fetched.seen.ipv6) is trouble
    half = ScriptedDns(address_zone(ADDRESS), faults={f"{POLICY_HOST} AAAA": fault})
    fetched = await fetch({ADDRESS: [GOOD]}, dns=half)
    assert (fetched.response.status, trouble_of(fetched.seen.ipv6)) == (200, trouble)
    half = ScriptedDns(address_zone(ADDRESS), faults={f"{POLICY_HOST} AAAA": fault})
    alone = replace(TRUSTING, families=(4,))
    fetched = await fetch({ADDRESS: [GOOD]}, dns=half, settings=alone)
    assert trouble_of(fetched.seen.ipv6) is Trouble.EXCLUDED


async def test_a_name_that_is_too_long_for_dns() -> None:
    domain = ".".join(["a" * 62] * 4)
    assert trouble_of((await fetch({}, domain=domain)).seen.ipv4) is Trouble.MALFORMED


async def test_what_may_pass_is_tried_again() -> None:
    fetched = await fetch_from(HANGING_UP, HANGING_UP, GOOD, settings=AGAIN)
    assert fetched.response.body == POLICY
    assert len(fetched.requests) == 3


async def test_patience_has_an_end() -> None:
    fetched = await fetch_from(HANGING_UP, settings=AGAIN)
    assert fetched.trouble is Trouble.CLOSED
    assert len(fetched.requests) == 3


@pytest.mark.parametrize(
    "answered",
    [
        site(http_response(status="404 Not Found")),
        site(http_response(status="301 Moved", location="https://example.com/")),
        site(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"),
        site(b"SSH-2.0-OpenSSH\r\n\r\n"),
        Site(tls=Handshake.GARBAGE),
    ],
)
async def test_an_answer_is_not_asked_for_again(answered: Site) -> None:
    fetched = await fetch_from(answered, GOOD, settings=AGAIN)
    assert len(fetched.requests) == 1


async def test_a_server_that_hangs_up_after_its_answer_has_answered() -> None:
    busy = site(http_response(status="503 Service Unavailable"))
    fetched = await fetch_from(busy, HANGING_UP, settings=AGAIN)
    assert fetched.response.status == 503
    assert len(fetched.requests) == 3


async def test_what_another_try_showed_is_kept() -> None:
    other = ROOT.issue(names=("www.example.net",))
    busy = Site(tls=tls_of(other), answer=http_response(status="503 Service Unavailable"))
    fetched = await fetch_from(busy, busy, GOOD, settings=AGAIN)
    assert fetched.response.body == POLICY
    assert fetched.answer.other_chains == (other.der_chain,)
    assert (await fetch_from(HANGING_UP, GOOD, settings=AGAIN)).answer.other_chains == ()


@pytest.mark.parametrize("silent", [Site(tls=Handshake.STALL), Site(tls=TLS, answer=Act.SILENCE)])
async def test_silence_has_an_end(silent: Site) -> None:
    fetched = await fetch_from(silent, settings=replace(HURRIED, retries=2))
    assert fetched.trouble is Trouble.BUDGET
    assert fetched.detail == "no answer within 2 s (twice --timeout)"
    assert isinstance(fetched.answer.connection, Connection)
    assert len(fetched.requests) == 1


async def test_the_limit_is_a_minute_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxcheck.probe.https.address_fetch.FETCH_SECONDS", 0.1)
    fetched = await fetch_from(Site(tls=TLS, answer=Act.SILENCE))
    assert fetched.trouble is Trouble.TIMEOUT
    assert fetched.detail == "no answer within 0.1 s"
