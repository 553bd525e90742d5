"""Certificates that the visit does not see: of another kind, under another name, on another try."""

import ssl
from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.demo.certificates import Issued
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_script import Act, Script
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.tls import Alert, Authentication, OwnHello, ServerHello, TlsSession
from mxcheck.probe.settings import ProbeSettings
from tests.keys import rsa_key
from tests.probe.harness import (
    ADDRESS,
    HEALTHY,
    HOST,
    ISSUED,
    NO_RELAY,
    ROOT,
    SETTINGS,
    TARGET,
    TLS,
    Seen,
    probe,
    probe_host,
)
from tests.probe.smtp.odd_tls import tls_of
from tests.tls12 import Handmade
from tests.wanting import wanting

ISSUER = ROOT.issue_intermediate()
RSA = ISSUER.issue(names=(HOST,), key=rsa_key())
EXPIRED = ISSUER.issue(names=(HOST,), key=rsa_key(), not_after=timedelta(days=-3))
VISIT, HELLO = ["EHLO", "STARTTLS", "EHLO", "QUIT"], ["EHLO", "STARTTLS"]
CHAINS = wanting(NO_RELAY, Item.OTHER_CHAIN)
TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
BUSY = replace(HEALTHY, greeting=b"421 4.3.2 too many connections\r\n")
NO_SUITE = Alert(level="fatal", description="handshake_failure")


def having(
    *issued: Issued, oldest: ssl.TLSVersion = TLS12, newest: ssl.TLSVersion = TLS13
) -> Script:
    first, *others = issued
    tls = replace(tls_of(first, *others), minimum_version=oldest, maximum_version=newest)
    return replace(HEALTHY, tls=tls)


def chain_hello(seen: Seen) -> OwnHello:
    (hello,) = seen.visit.chain_hellos
    return hello


class TestOtherKind:
    @pytest.mark.parametrize("newest", [TLS12, TLS13])
    @pytest.mark.parametrize("other", [RSA, EXPIRED])
    async def test_the_chain_that_the_visit_did_not_get(
        self, newest: ssl.TLSVersion, other: Issued
    ) -> None:
        script = having(ISSUED, other, newest=newest)
        seen = await probe_host(script, target=CHAINS)
        session, hello = seen.visit.tls, chain_hello(seen)
        assert isinstance(session, TlsSession)
        assert isinstance(hello.answer, ServerHello)
        visited = Authentication.RSA if session.chain == other.der_chain else Authentication.ECDSA
        assert hello.authentication is not visited
        assert {session.chain, hello.answer.chain} == {ISSUED.der_chain, other.der_chain}
        (shown,) = seen.visit.shown
        assert (shown.server_name, shown.chain) == (HOST, hello.answer.chain)
        assert shown.connection == (
            f"a connection that offered TLSv1.2 and older with {hello.authentication} certificates"
            " alone"
        )
        assert seen.verbs == [VISIT, HELLO]

    @pytest.mark.parametrize(
        ("issued", "asked"), [(ISSUED, Authentication.RSA), (RSA, Authentication.ECDSA)]
    )
    async def test_a_server_with_one_kind(self, issued: Issued, asked: Authentication) -> None:
        seen = await probe_host(having(issued), target=CHAINS)
        assert chain_hello(seen) == OwnHello(
            offered="TLSv1.2", authentication=asked, sent=True, answer=NO_SUITE
        )
        assert seen.visit.shown == ()

    async def test_a_server_without_tls12(self) -> None:
        script = having(ISSUED, RSA, oldest=TLS13)
        answer = chain_hello(await probe_host(script, target=CHAINS)).answer
        assert answer == Alert(level="fatal", description="protocol_version")

    async def test_not_asked_for(self) -> None:
        seen = await probe_host(having(ISSUED, RSA), target=NO_RELAY)
        assert (seen.visit.chain_hellos, seen.visit.shown) == ((), ())
        assert seen.verbs == [VISIT]

    async def test_after_a_failed_handshake_there_is_no_other_kind(self) -> None:
        script = replace(HEALTHY, tls=bytes.fromhex("15 0301 0002 02 50"))
        seen = await probe_host(script, target=CHAINS)
        assert seen.visit.chain_hellos == ()

    @pytest.mark.parametrize(
        ("script", "trouble"),
        [
            (BUSY, Trouble.TURNED_AWAY),
            (replace(HEALTHY, greeting=Act.CLOSE), Trouble.CLOSED),
            (replace(HEALTHY, greeting=Act.RESET), Trouble.RESET),
            (replace(HEALTHY, starttls=b"454 4.7.0 not now\r\n"), Trouble.TURNED_AWAY),
        ],
    )
    async def test_a_further_connection_that_fails(self, script: Script, trouble: Trouble) -> None:
        settings = replace(SETTINGS, retries=0)
        hello = chain_hello(await probe_host(HEALTHY, script, target=CHAINS, settings=settings))
        assert isinstance(hello.answer, Unseen)
        assert (hello.sent, hello.answer.trouble) == (False, trouble)

    async def test_within_the_limit_it_comes_before_old_versions(self) -> None:
        target = wanting(CHAINS, Item.OLD_TLS)
        settings = replace(SETTINGS, max_connections=2)
        seen = await probe_host(having(ISSUED, RSA), target=target, settings=settings)
        assert isinstance(chain_hello(seen).answer, ServerHello)
        (old,) = seen.visit.hellos
        assert isinstance(old.answer, Unseen)
        assert old.answer.trouble is Trouble.BUDGET
        assert "--max-connections 2" in old.answer.detail


OTHER_NAME = "real.example.net"
BASED = wanting(NO_RELAY, Item.BASE_CHAINS)
ALIAS = f"""
example.com. MX 10 {HOST}.
{HOST}. CNAME {OTHER_NAME}.
{OTHER_NAME}. A {ADDRESS}
_25._tcp.{OTHER_NAME}. TLSA 3 1 1 {"0" * 64}
"""
NAMED = ISSUER.issue(names=(OTHER_NAME,))
NAMED_RSA = ISSUER.issue(names=(OTHER_NAME,), key=rsa_key())


def by_name(*named: Issued) -> Script:
    first, *others = named
    tls = replace(tls_of(ISSUED), by_name={OTHER_NAME: tls_of(first, *others)})
    return replace(HEALTHY, tls=tls)


async def visit_alias(
    script: Script, zone: str = ALIAS, settings: ProbeSettings = SETTINGS, *, signed: bool = True
) -> Seen:
    server = ScriptedDns(zone, authenticated=(".",) if signed else ())
    return await probe({ADDRESS: script}, BASED, dns=server, settings=settings)


class TestBaseDomain:
    async def test_the_chain_of_that_name(self) -> None:
        seen = await visit_alias(by_name(NAMED))
        first, second = seen.visit.base_hellos
        assert (first.server_name, second.server_name) == (OTHER_NAME, OTHER_NAME)
        assert isinstance(first.answer, ServerHello)
        assert first.answer.chain == NAMED.der_chain
        assert (second.authentication, second.answer) == (Authentication.RSA, NO_SUITE)
        asked = [session.server_name for session in seen.server.sessions]
        assert asked == [HOST, OTHER_NAME, OTHER_NAME]
        (shown,) = seen.visit.shown
        assert (shown.server_name, shown.chain) == (OTHER_NAME, NAMED.der_chain)

    async def test_both_of_its_chains(self) -> None:
        seen = await visit_alias(by_name(NAMED, NAMED_RSA))
        shown = {(one.server_name, one.chain) for one in seen.visit.shown}
        assert shown == {(OTHER_NAME, NAMED.der_chain), (OTHER_NAME, NAMED_RSA.der_chain)}

    async def test_the_same_chain_for_every_name_is_noted_under_each(self) -> None:
        seen = await visit_alias(HEALTHY)
        (shown,) = seen.visit.shown
        assert (shown.server_name, shown.chain) == (OTHER_NAME, ISSUED.der_chain)

    @pytest.mark.parametrize(
        ("zone", "signed"),
        [
            (ALIAS, False),
            (ALIAS.replace("TLSA 3 1 1", "TXT"), True),
            (ALIAS.replace(f"_tcp.{OTHER_NAME}", f"_tcp.{HOST}"), True),
        ],
        ids=["insecure", "no record", "a record of the MX host itself"],
    )
    async def test_no_sender_would_ask_for_that_name(self, zone: str, *, signed: bool) -> None:
        seen = await visit_alias(by_name(NAMED), zone, signed=signed)
        assert seen.visit.base_hellos == ()
        assert seen.verbs == [VISIT]

    async def test_a_further_connection_that_is_not_allowed(self) -> None:
        settings = replace(SETTINGS, max_connections=1)
        seen = await visit_alias(by_name(NAMED), settings=settings)
        (hello,) = seen.visit.base_hellos
        assert isinstance(hello.answer, Unseen)
        assert hello.answer.trouble is Trouble.BUDGET


class TestOtherTries:
    async def test_a_session_that_did_not_last_is_not_forgotten(self) -> None:
        lost = replace(having(EXPIRED), drop_after=2)
        seen = await probe_host(lost, HEALTHY, target=NO_RELAY)
        session = seen.visit.tls
        assert isinstance(session, TlsSession)
        assert session.chain == ISSUED.der_chain
        (shown,) = seen.visit.shown
        assert (shown.connection, shown.chain) == ("another connection", EXPIRED.der_chain)

    async def test_the_repeated_relay_test_shows_another_certificate(self) -> None:
        greylisted = replace(HEALTHY, recipient=lambda _sender, _recipient: b"450 4.2.0 later\r\n")
        seen = await probe_host(greylisted, having(EXPIRED), target=TARGET)
        (shown,) = seen.visit.shown
        assert (shown.connection, shown.chain) == ("another connection", EXPIRED.der_chain)

    async def test_the_injection_test_shows_another_certificate(self) -> None:
        target = wanting(NO_RELAY, Item.INJECTION)
        seen = await probe_host(HEALTHY, having(EXPIRED), target=target)
        (shown,) = seen.visit.shown
        assert (shown.connection, shown.chain) == (
            "the connection of the injection test",
            EXPIRED.der_chain,
        )

    async def test_an_older_version_is_noted(self) -> None:
        target = wanting(NO_RELAY, Item.INJECTION)
        old = replace(HEALTHY, tls=replace(TLS, maximum_version=TLS12))
        seen = await probe_host(HEALTHY, old, target=target)
        (shown,) = seen.visit.shown
        assert (shown.offered, shown.version) == ("TLSv1.3", "TLSv1.2")

    async def test_an_older_version_counts_although_a_hello_asked_for_it_before(self) -> None:
        target = wanting(NO_RELAY, Item.OTHER_CHAIN, Item.LARGE_HELLO)
        both, old = having(ISSUED, RSA), having(ISSUED, RSA, newest=TLS12)
        seen = await probe_host(both, old, target=target)
        chosen = {(one.offered, one.version) for one in seen.visit.shown}
        assert chosen == {("TLSv1.2", "TLSv1.2"), ("TLSv1.3", "TLSv1.2")}

    @pytest.mark.parametrize("newest", [TLS12, TLS13])
    async def test_a_server_without_secure_renegotiation_is_not_forgotten(
        self, newest: ssl.TLSVersion
    ) -> None:
        greylisted = replace(
            having(RSA, newest=newest), recipient=lambda _sender, _recipient: b"450 later\r\n"
        )
        bare = Handmade(chain_pem=RSA.chain_pem, key_pem=RSA.key_pem, extensions=b"")
        seen = await probe_host(greylisted, replace(HEALTHY, tls=bare), target=TARGET)
        (shown,) = seen.visit.shown
        assert isinstance(shown.hello, ServerHello)
        assert not shown.hello.renegotiation_info

    async def test_what_is_alike_is_noted_once(self) -> None:
        target = wanting(TARGET, Item.INJECTION, Item.OTHER_CHAIN, Item.OLD_TLS)
        seen = await probe_host(having(ISSUED, RSA), target=target)
        assert len(seen.verbs) == 4
        assert len(seen.visit.shown) == 1
