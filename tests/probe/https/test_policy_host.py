"""Where a policy is asked for, how often, and what is said when nobody answers."""

from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.demo.certificates import Authority
from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.demo.https_server import Site, http_response
from mxcheck.demo.smtp_script import Act, Handshake
from mxcheck.evidence.outcome import Trouble
from tests.probe.harness import ADDRESS, ADDRESS2, ADDRESS6, ROOT
from tests.probe.https.policy_world import (
    GOOD,
    POLICY,
    POLICY_HOST,
    TLS,
    TRUSTING,
    URL,
    Servers,
    address_zone,
    fetch,
    fetch_from,
    site,
)

AGAIN = replace(TRUSTING, retries=2)
HURRIED = replace(TRUSTING, timeout=1)
REFUSED = f"{POLICY_HOST} at {ADDRESS}: connection refused"
HANGING_UP = Site(tls=Handshake.CLOSE)


async def test_a_policy_comes_as_it_was_sent() -> None:
    fetched = await fetch_from(GOOD)
    response = fetched.response
    assert (response.url, response.address, response.status) == (URL, ADDRESS, 200)
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
    other = Authority.root(ROOT.now).certificate_pem
    fetched = await fetch_from(GOOD, settings=replace(TRUSTING, ca_pem=other))
    assert fetched.trouble is Trouble.CERTIFICATE


async def test_an_alias_is_followed_and_its_target_is_not_the_name_asked_for() -> None:
    dns = f"{POLICY_HOST}. CNAME pages.example.net.\n" + address_zone(
        ADDRESS, host="pages.example.net"
    )
    fetched = await fetch({ADDRESS: [GOOD]}, dns=dns)
    assert fetched.response.body == POLICY
    assert fetched.requests[0].server_name == POLICY_HOST


async def test_ipv6_alone() -> None:
    assert (await fetch({ADDRESS6: [GOOD]})).response.address == ADDRESS6


async def test_addresses_are_tried_until_one_connects() -> None:
    fetched = await fetch({ADDRESS: None, ADDRESS2: [GOOD], ADDRESS6: [GOOD]})
    assert fetched.response.address == ADDRESS2
    assert fetched.servers[ADDRESS6].requests == []


async def test_the_address_that_connects_is_the_one_that_counts() -> None:
    fetched = await fetch(
        {ADDRESS: [site(http_response(status="404 Not Found"))], ADDRESS2: [GOOD]}
    )
    assert fetched.response.status == 404
    assert fetched.servers[ADDRESS2].requests == []


async def test_every_address_that_refuses_is_named() -> None:
    fetched = await fetch({ADDRESS: None, ADDRESS2: None}, settings=AGAIN)
    assert fetched.trouble is Trouble.REFUSED
    assert fetched.detail == f"{REFUSED}, {POLICY_HOST} at {ADDRESS2}: connection refused"


async def test_no_more_addresses_than_the_settings_allow() -> None:
    settings = replace(TRUSTING, max_addresses=1)
    fetched = await fetch({ADDRESS: None, ADDRESS2: [GOOD]}, settings=settings)
    assert fetched.detail == REFUSED


@pytest.mark.parametrize("private", ["10.0.0.1", "127.0.0.1", "::1", "64:ff9b::a00:1"])
async def test_addresses_that_are_not_public_are_left_alone(private: str) -> None:
    fetched = await fetch({private: [GOOD]})
    assert fetched.trouble is Trouble.NOT_PUBLIC
    assert fetched.detail.startswith(f"{POLICY_HOST} at {private}: {private} is a ")
    assert fetched.requests == []
    mixed = await fetch({private: [GOOD], ADDRESS: [GOOD]})
    assert mixed.response.address == ADDRESS
    assert mixed.servers[private].requests == []


async def test_private_addresses_where_the_settings_allow_them() -> None:
    settings = replace(TRUSTING, allow_private=True)
    assert (await fetch({"10.0.0.1": [GOOD]}, settings=settings)).response.address == "10.0.0.1"


@pytest.mark.parametrize(
    ("families", "address", "left_out"), [((4,), ADDRESS, ADDRESS6), ((6,), ADDRESS6, ADDRESS)]
)
async def test_a_family_that_is_left_out(
    families: tuple[int, ...], address: str, left_out: str
) -> None:
    settings = replace(TRUSTING, families=families)
    servers: Servers = {ADDRESS: [GOOD], ADDRESS6: [GOOD]}
    assert (await fetch(servers, settings=settings)).response.address == address
    alone = await fetch({left_out: [GOOD]}, settings=settings)
    assert alone.trouble is Trouble.EXCLUDED
    assert alone.detail.endswith("is left out by -4 or -6")


async def test_a_name_without_an_address() -> None:
    fetched = await fetch({}, dns=f"{POLICY_HOST}. TXT nothing\n")
    assert (fetched.trouble, fetched.detail) == (
        Trouble.NO_ADDRESS,
        f"{POLICY_HOST} has no address",
    )
    assert (await fetch({}, domain="elsewhere.example")).trouble is Trouble.NO_ADDRESS


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [(Fault.SERVFAIL, Trouble.SERVFAIL), (Fault.REFUSED, Trouble.DNS_REFUSED)],
)
async def test_trouble_of_the_dns_keeps_its_name(fault: Fault, trouble: Trouble) -> None:
    fetched = await fetch({}, dns=ScriptedDns("", faults={POLICY_HOST: fault}))
    assert fetched.trouble is trouble
    assert POLICY_HOST in fetched.detail
    # Where one family is answered, that is enough.
    half = ScriptedDns(address_zone(ADDRESS), faults={f"{POLICY_HOST} AAAA": fault})
    assert (await fetch({ADDRESS: [GOOD]}, dns=half)).response.status == 200
    none = ScriptedDns(f"{POLICY_HOST}. TXT nothing\n", faults={f"{POLICY_HOST} AAAA": fault})
    assert (await fetch({}, dns=none)).trouble is trouble


async def test_a_name_that_is_too_long_for_dns() -> None:
    domain = ".".join(["a" * 62] * 4)
    assert (await fetch({}, domain=domain)).trouble is Trouble.MALFORMED


async def test_what_may_pass_is_tried_again() -> None:
    fetched = await fetch_from(HANGING_UP, HANGING_UP, GOOD, settings=AGAIN)
    assert fetched.response.body == POLICY
    assert len(fetched.requests) == 3


async def test_patience_has_an_end() -> None:
    fetched = await fetch_from(HANGING_UP, settings=AGAIN)
    assert fetched.trouble is Trouble.CLOSED
    assert fetched.detail.startswith(f"{POLICY_HOST} at {ADDRESS}: ")
    assert len(fetched.requests) == 3


@pytest.mark.parametrize(
    "answered",
    [
        site(http_response(status="503 Service Unavailable")),
        site(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"),
        site(b"SSH-2.0-OpenSSH\r\n\r\n"),
        Site(tls=Handshake.GARBAGE),
    ],
)
async def test_an_answer_is_not_asked_for_again(answered: Site) -> None:
    fetched = await fetch_from(answered, GOOD, settings=AGAIN)
    assert len(fetched.requests) == 1


async def test_a_certificate_is_not_asked_for_again() -> None:
    fetched = await fetch_from(GOOD, settings=replace(AGAIN, ca_pem=b""))
    assert fetched.trouble is Trouble.CERTIFICATE
    assert len(fetched.requests) == 1


@pytest.mark.parametrize("silent", [Site(tls=Handshake.STALL), Site(tls=TLS, answer=Act.SILENCE)])
async def test_silence_has_an_end(silent: Site) -> None:
    fetched = await fetch_from(silent, settings=replace(HURRIED, retries=2))
    assert fetched.trouble is Trouble.TIMEOUT
    assert fetched.detail == f"{POLICY_HOST} at {ADDRESS}: no answer within 1 s"
    assert len(fetched.requests) == 1


async def test_the_limit_is_a_minute_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxcheck.probe.https.policy_host.FETCH_SECONDS", 0.1)
    fetched = await fetch_from(Site(tls=TLS, answer=Act.SILENCE))
    assert fetched.detail.endswith("no answer within 0.1 s")


async def test_roots_that_were_added_are_trusted_beside_no_others() -> None:
    other = replace(TRUSTING, ca_pem=ROOT.issue_intermediate().certificate_pem)
    assert (await fetch_from(GOOD)).response.status == 200
    assert (await fetch_from(GOOD, settings=other)).trouble is Trouble.CERTIFICATE
