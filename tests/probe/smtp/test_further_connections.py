"""What takes connections of its own, counted on the server's side."""

import ssl
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Act, Handshake, Script, Tls
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Injection, Reply
from mxcheck.evidence.tls import Alert, OwnHello, ServerHello
from mxcheck.model.policy import Policy, TlsVersion
from mxcheck.model.targets import Target
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    BYTE_FLOOD,
    DOMAIN,
    HEALTHY,
    ISSUED,
    NO_RELAY,
    SETTINGS,
    TARGET,
    TLS,
    Scripts,
    Seen,
    mx_zone,
    probe,
    probe_host,
)
from tests.wanting import wanting, without

VISIT = ["EHLO", "STARTTLS", "EHLO", "QUIT"]
HELLO = ["EHLO", "STARTTLS"]
LEGACY = wanting(NO_RELAY, Item.OLD_TLS, Item.FAILED_HANDSHAKE)
BOTH = wanting(LEGACY, Item.INJECTION)
TOO_OLD = Alert(level="fatal", description="protocol_version")
FAILING = replace(HEALTHY, tls=Handshake.GARBAGE)
BUSY = replace(HEALTHY, greeting=b"421 4.3.2 too many connections\r\n")
IMPATIENT = replace(SETTINGS, timeout=1, retries=0)
ONE_BY_ONE = replace(SETTINGS, retries=0, concurrency=1)


def speaking(first: ssl.TLSVersion, last: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> Script:
    return replace(HEALTHY, tls=replace(TLS, minimum_version=first, maximum_version=last))


def hello_of(seen: Seen) -> OwnHello:
    (hello,) = seen.visit.hellos
    return hello


def trouble_of(stage: object) -> Trouble | None:
    return stage.trouble if isinstance(stage, Unseen) else None


def injection_of(seen: Seen) -> Injection:
    assert isinstance(seen.visit.injection, Injection)
    return seen.visit.injection


def codes(injection: Injection) -> list[int | Trouble]:
    return [
        reply.code if isinstance(reply, Reply) else reply.trouble for reply in injection.replies
    ]


class TestOldVersions:
    async def test_a_server_that_refuses_them(self) -> None:
        seen = await probe_host(HEALTHY, target=LEGACY)
        assert hello_of(seen) == OwnHello(offered="TLSv1.1", sent=True, answer=TOO_OLD)
        assert seen.verbs == [VISIT, HELLO]
        assert seen.server.sessions[1].tls_version is None
        assert (
            "a connection that offered TLSv1.1 and older is answered: the alert protocol_version"
        ) in [line.text for line in seen.visit.transcript]

    @pytest.mark.parametrize(
        ("first", "name"),
        [(ssl.TLSVersion.TLSv1, "TLSv1.1"), (ssl.TLSVersion.TLSv1_1, "TLSv1.1")],
    )
    async def test_a_server_that_accepts_them(self, first: ssl.TLSVersion, name: str) -> None:
        answer = hello_of(await probe_host(speaking(first), target=LEGACY)).answer
        assert isinstance(answer, ServerHello)
        assert answer.version == name
        assert answer.cipher.startswith("TLS_ECDHE_ECDSA_WITH_")

    @pytest.mark.parametrize(
        ("minimum", "offered"),
        [("1.0", "SSLv3"), ("1.1", "TLSv1"), ("1.2", "TLSv1.1"), ("1.3", "TLSv1.2")],
    )
    async def test_what_is_offered_is_just_below_the_minimum(
        self, minimum: str, offered: str
    ) -> None:
        target = replace(LEGACY, policy=Policy(min_tls=TlsVersion(minimum)))
        assert hello_of(await probe_host(HEALTHY, target=target)).offered == offered

    async def test_where_the_best_version_is_too_old_nothing_more_is_asked(self) -> None:
        seen = await probe_host(speaking(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1), target=LEGACY)
        assert seen.visit.hellos == ()
        assert seen.verbs == [VISIT]

    async def test_not_asked_for(self) -> None:
        seen = await probe_host(HEALTHY, target=NO_RELAY)
        assert (seen.visit.hellos, seen.visit.injection) == ((), NOT_ASKED)
        assert seen.verbs == [VISIT]

    @pytest.mark.parametrize(
        ("script", "trouble"),
        [
            (replace(HEALTHY, tls=Handshake.CLOSE), Trouble.CLOSED),
            (replace(HEALTHY, tls=Handshake.GARBAGE), Trouble.MALFORMED),
            (replace(HEALTHY, tls=Handshake.STALL), Trouble.TIMEOUT),
            (replace(HEALTHY, tls=b"\x16\x03\x01\x40\x00" + bytes(200_000)), Trouble.MALFORMED),
        ],
    )
    async def test_other_answers_to_a_client_hello(self, script: Script, trouble: Trouble) -> None:
        hello = hello_of(await probe_host(HEALTHY, script, target=LEGACY, settings=IMPATIENT))
        assert hello.sent
        assert trouble_of(hello.answer) is trouble

    @pytest.mark.parametrize(
        ("script", "trouble"),
        [
            (replace(HEALTHY, greeting=Act.CLOSE), Trouble.CLOSED),
            (replace(HEALTHY, greeting=b"554 5.7.1 no\r\n"), Trouble.TURNED_AWAY),
            (replace(HEALTHY, starttls=b"454 4.7.0 not now\r\n"), Trouble.TURNED_AWAY),
            (replace(HEALTHY, starttls=Act.CLOSE), Trouble.CLOSED),
            (replace(HEALTHY, starttls=BYTE_FLOOD), Trouble.FLOOD),
        ],
    )
    async def test_a_connection_that_does_not_get_as_far(
        self, script: Script, trouble: Trouble
    ) -> None:
        settings = replace(SETTINGS, retries=0)
        hello = hello_of(await probe_host(HEALTHY, script, target=LEGACY, settings=settings))
        assert not hello.sent
        assert trouble_of(hello.answer) is trouble

    async def test_domains_that_share_a_server_and_want_different_minima(self) -> None:
        strict = replace(LEGACY, domain="example.net", policy=Policy(min_tls=TlsVersion.TLS13))
        zone = mx_zone(ADDRESS) + f"example.net. MX 10 mx1.{DOMAIN}.\n"
        seen = await probe({ADDRESS: HEALTHY}, LEGACY, strict, dns=zone)
        low, high = seen.visit.hellos
        assert (low.offered, low.answer) == ("TLSv1.1", TOO_OLD)
        assert isinstance(high.answer, ServerHello)
        assert (high.offered, high.answer.version) == ("TLSv1.2", "TLSv1.2")
        assert seen.verbs == [VISIT, HELLO, HELLO]

    async def test_an_accepted_old_version_answers_for_every_minimum(self) -> None:
        strict = replace(LEGACY, domain="example.net", policy=Policy(min_tls=TlsVersion.TLS13))
        zone = mx_zone(ADDRESS) + f"example.net. MX 10 mx1.{DOMAIN}.\n"
        seen = await probe({ADDRESS: speaking(ssl.TLSVersion.TLSv1)}, LEGACY, strict, dns=zone)
        assert hello_of(seen).offered == "TLSv1.1"
        assert seen.verbs == [VISIT, HELLO]


NO_CIPHER = replace(
    TLS, ciphers="ADH-AES256-GCM-SHA384@SECLEVEL=0", maximum_version=ssl.TLSVersion.TLSv1_2
)
RC4_ONLY = bytes.fromhex(
    "16 0301 002a 02 000026 0301" + 32 * "00" + "00 0004 00" + "16 0301 0004 0e 000000"
)
SSL3_ONLY = bytes.fromhex(
    "16 0300 002a 02 000026 0300" + 32 * "00" + "00 000a 00" + "16 0300 0004 0e 000000"
)


class TestFailedHandshake:
    @pytest.mark.parametrize(
        ("tls", "answer"),
        [
            (NO_CIPHER, Alert(level="fatal", description="handshake_failure")),
            (
                bytes.fromhex("15 0301 0002 02 50"),
                Alert(level="fatal", description="internal_error"),
            ),
            (RC4_ONLY, ServerHello(version="TLSv1", cipher="TLS_RSA_WITH_RC4_128_MD5")),
            (SSL3_ONLY, ServerHello(version="SSLv3", cipher="TLS_RSA_WITH_3DES_EDE_CBC_SHA")),
        ],
    )
    async def test_every_version_is_offered(
        self, tls: Tls | bytes, answer: Alert | ServerHello
    ) -> None:
        seen = await probe_host(replace(HEALTHY, tls=tls), target=LEGACY)
        assert trouble_of(seen.visit.tls) is Trouble.HANDSHAKE
        first, *others = seen.visit.hellos
        assert first == OwnHello(offered="TLSv1.3", sent=True, answer=answer)
        # It may be the offer of TLS 1.3 that was refused.
        refused = isinstance(answer, Alert)
        assert others == ([replace(first, offered="TLSv1.2")] if refused else [])
        assert seen.verbs == [HELLO] * (2 + refused)

    async def test_a_server_that_does_not_bear_the_offer_of_tls13(self) -> None:
        script = speaking(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)
        refusing = replace(HEALTHY, tls=bytes.fromhex("15 0301 0002 02 46"))
        seen = await probe_host(refusing, refusing, script, target=LEGACY)
        first, second = seen.visit.hellos
        assert first.answer == TOO_OLD
        assert isinstance(second.answer, ServerHello)
        assert (second.offered, second.answer.version) == ("TLSv1.2", "TLSv1.1")
        assert second.answer.chain == ISSUED.der_chain

    async def test_what_the_local_library_cannot_do_another_hello_may(self) -> None:
        seen = await probe_host(FAILING, HEALTHY, target=LEGACY)
        assert getattr(hello_of(seen).answer, "version", "") == "TLSv1.3"

    @pytest.mark.parametrize(
        "script",
        [
            replace(HEALTHY, tls=Handshake.STALL),
            replace(HEALTHY, starttls=b"454 4.7.0 not now\r\n"),
            replace(HEALTHY, extensions=("PIPELINING",)),
        ],
    )
    async def test_where_another_hello_would_tell_nothing(self, script: Script) -> None:
        seen = await probe_host(script, target=BOTH, settings=IMPATIENT)
        assert seen.visit.hellos == ()
        assert len(seen.verbs) == 1

    async def test_it_comes_after_the_relay_test_and_within_the_limit(self) -> None:
        target = wanting(TARGET, Item.FAILED_HANDSHAKE, Item.INJECTION)
        for limit, connections in ((1, 1), (2, 2), (3, 3)):
            settings = replace(SETTINGS, max_connections=limit)
            seen = await probe_host(FAILING, target=target, settings=settings)
            assert len(seen.verbs) == connections
            assert seen.visit.injection == NOT_ASKED
            assert hello_of(seen).sent is (limit == 3)


class TestLightHand:
    async def test_one_connection_for_each_question(self) -> None:
        seen = await probe_host(HEALTHY, target=BOTH)
        assert seen.verbs == [VISIT, HELLO, ["EHLO", "STARTTLS", "QUIT"]]
        assert seen.world.gauge.peak == 1

    @pytest.mark.parametrize(("limit", "connections"), [(1, 1), (2, 2), (3, 3), (9, 3)])
    async def test_the_limit(self, limit: int, connections: int) -> None:
        settings = replace(SETTINGS, max_connections=limit)
        seen = await probe_host(HEALTHY, target=BOTH, settings=settings)
        assert len(seen.verbs) == connections
        assert (hello_of(seen).answer == TOO_OLD) is (limit > 1)
        if limit < 2:
            assert trouble_of(hello_of(seen).answer) is Trouble.BUDGET
        if limit < 3:
            assert trouble_of(seen.visit.injection) is Trouble.BUDGET

    async def test_every_address_is_visited_before_any_is_asked_again(self) -> None:
        seen = await probe({ADDRESS: HEALTHY, ADDRESS2: HEALTHY}, LEGACY)
        for address in (ADDRESS, ADDRESS2):
            assert [s.verbs for s in seen.world.smtp[address].sessions] == [VISIT, HELLO]
        assert seen.world.gauge.peak <= 2

    @pytest.mark.parametrize("retries", [0, 2])
    async def test_a_421_is_tried_again_and_then_ends_that_question(self, retries: int) -> None:
        scripts = (HEALTHY, *[BUSY] * (1 + retries), HEALTHY)
        settings = replace(SETTINGS, retries=retries)
        seen = await probe_host(*scripts, target=BOTH, settings=settings)
        assert trouble_of(hello_of(seen).answer) is Trouble.TURNED_AWAY
        assert codes(injection_of(seen)) == [221]
        assert len(seen.verbs) == 3 + retries

    async def test_who_was_turned_away_once_does_not_insist(self) -> None:
        seen = await probe_host(HEALTHY, BUSY, target=BOTH)
        assert trouble_of(hello_of(seen).answer) is Trouble.TURNED_AWAY
        assert trouble_of(seen.visit.injection) is Trouble.TURNED_AWAY
        assert len(seen.verbs) == 1 + 3 + 1

    async def test_a_421_that_passes(self) -> None:
        seen = await probe_host(HEALTHY, BUSY, HEALTHY, target=BOTH)
        assert hello_of(seen).answer == TOO_OLD
        assert codes(injection_of(seen)) == [221]

    async def test_a_421_to_a_further_connection_spares_no_other_address(self) -> None:
        servers: dict[str, Scripts] = {ADDRESS: (HEALTHY, BUSY), ADDRESS2: HEALTHY}
        seen = await probe(servers, LEGACY, settings=ONE_BY_ONE)
        first, second = seen.evidence.visits
        assert "was answered 421" in str(first.hellos[0].answer)
        assert second.hellos[0].answer == TOO_OLD

    async def test_a_421_to_a_visit_ends_it_at_every_address(self) -> None:
        servers: dict[str, Scripts] = {ADDRESS: HEALTHY, ADDRESS2: BUSY}
        seen = await probe(servers, LEGACY, settings=ONE_BY_ONE)
        assert trouble_of(seen.evidence.visits[0].hellos[0].answer) is Trouble.BUDGET
        assert len(seen.world.smtp[ADDRESS].sessions) == 1

    async def test_what_the_deadline_cut_short_says_so(self) -> None:
        settings = replace(SETTINGS, deadline=1.2, timeout=30)
        second = replace(HEALTHY, tls=Handshake.STALL)
        seen = await probe_host(HEALTHY, second, target=BOTH, settings=settings)
        assert trouble_of(hello_of(seen).answer) is Trouble.DEADLINE
        assert trouble_of(seen.visit.injection) is Trouble.DEADLINE

    async def test_a_domain_that_does_not_ask_costs_nothing(self) -> None:
        other = without(Target(domain="example.net", policy=Policy()), Item.RELAY)
        zone = mx_zone(ADDRESS) + f"example.net. MX 10 mx1.{DOMAIN}.\n"
        seen = await probe({ADDRESS: HEALTHY}, other, NO_RELAY, dns=zone)
        assert seen.verbs == [VISIT]
