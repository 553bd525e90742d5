"""The injection test: what stands behind STARTTLS in clear, and whether it is answered."""

import ssl
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Act
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Injection, Reply
from mxcheck.evidence.tls import TlsSession
from tests.probe.harness import (
    HEALTHY,
    NO_RELAY,
    TLS,
    Seen,
    probe_host,
)
from tests.wanting import wanting

VISIT = ["EHLO", "STARTTLS", "EHLO", "QUIT"]
INJECTION = wanting(NO_RELAY, Item.INJECTION)
NO_CIPHER = replace(
    TLS, ciphers="ADH-AES256-GCM-SHA384@SECLEVEL=0", maximum_version=ssl.TLSVersion.TLSv1_2
)
RC4_ONLY = bytes.fromhex(
    "16 0301 002a 02 000026 0301" + 32 * "00" + "00 0004 00" + "16 0301 0004 0e 000000"
)
SSL3_ONLY = bytes.fromhex(
    "16 0300 002a 02 000026 0300" + 32 * "00" + "00 000a 00" + "16 0300 0004 0e 000000"
)


def trouble_of(stage: object) -> Trouble:
    assert isinstance(stage, Unseen), stage
    return stage.trouble


def injection_of(seen: Seen) -> Injection:
    assert isinstance(seen.visit.injection, Injection)
    return seen.visit.injection


def codes(injection: Injection) -> list[int | Trouble]:
    return [
        reply.code if isinstance(reply, Reply) else reply.trouble for reply in injection.replies
    ]


class TestInjection:
    async def test_a_server_that_forgets_what_came_in_clear(self) -> None:
        seen = await probe_host(HEALTHY, target=INJECTION)
        assert codes(injection_of(seen)) == [221]
        assert isinstance(injection_of(seen).tls, TlsSession)
        assert seen.verbs == [VISIT, ["EHLO", "STARTTLS", "QUIT"]]
        assert seen.server.sessions[1].unread == b"NOOP\r\n"

    async def test_a_server_that_takes_it_into_the_session(self) -> None:
        seen = await probe_host(replace(HEALTHY, keeps_plaintext=True), target=INJECTION)
        assert codes(injection_of(seen)) == [250, 221]
        assert seen.verbs[1] == ["EHLO", "STARTTLS", "NOOP", "QUIT"]
        assert [line.in_tls for line in seen.server.sessions[1].lines] == [False, False, True, True]

    @pytest.mark.parametrize(
        "answer", [b"554 5.5.0 synchronization error\r\n", b"421 4.7.0 no\r\n"]
    )
    async def test_a_server_that_refuses_it(self, answer: bytes) -> None:
        second = replace(HEALTHY, starttls=answer)
        injection = injection_of(await probe_host(HEALTHY, second, target=INJECTION))
        assert isinstance(injection.starttls, Reply)
        assert injection.starttls.code == int(answer[:3])
        assert (injection.tls, injection.replies) == (NOT_ASKED, ())

    async def test_a_server_that_hangs_up(self) -> None:
        second = replace(HEALTHY, starttls=Act.CLOSE)
        injection = injection_of(await probe_host(HEALTHY, second, target=INJECTION))
        assert trouble_of(injection.starttls) is Trouble.CLOSED

    async def test_a_server_that_hangs_up_inside_tls(self) -> None:
        second = replace(HEALTHY, drop_at="QUIT")
        injection = injection_of(await probe_host(HEALTHY, second, target=INJECTION))
        assert codes(injection) == [Trouble.CLOSED]

    async def test_a_handshake_that_fails_over_it(self) -> None:
        second = replace(HEALTHY, tls=NO_CIPHER)
        injection = injection_of(await probe_host(HEALTHY, second, target=INJECTION))
        assert trouble_of(injection.tls) is Trouble.HANDSHAKE

    async def test_an_answer_in_clear_is_none_inside_tls(self) -> None:
        second = replace(HEALTHY, starttls=b"220 go\r\n250 2.0.0 Ok\r\n")
        injection = injection_of(await probe_host(HEALTHY, second, target=INJECTION))
        assert isinstance(injection.tls, TlsSession)
        assert injection.tls.unread == b"250 2.0.0 Ok\r\n"
        assert codes(injection) == [221]
