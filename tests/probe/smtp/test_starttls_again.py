from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Act, Answer, Handshake, Script
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.evidence.tls import TlsSession
from tests.probe.harness import HEALTHY, NO_RELAY, SETTINGS, probe_host

WHOLE = ["EHLO", "STARTTLS", "EHLO", "QUIT"]
CUT_SHORT = ["EHLO", "STARTTLS"]
IMPATIENT = replace(SETTINGS, timeout=1)

PASSING = {
    "closed at STARTTLS": replace(HEALTHY, starttls=Act.CLOSE),
    "421 to STARTTLS": replace(HEALTHY, starttls=b"421 4.7.0 busy\r\n"),
    "closed in the handshake": replace(HEALTHY, tls=Handshake.CLOSE),
    "stalled in the handshake": replace(HEALTHY, tls=Handshake.STALL),
}


@pytest.mark.parametrize("trouble", PASSING.values(), ids=PASSING)
async def test_what_passes_is_forgotten(trouble: Script) -> None:
    seen = await probe_host(trouble, HEALTHY, target=NO_RELAY, settings=IMPATIENT)
    assert seen.verbs == [CUT_SHORT, WHOLE]
    assert isinstance(seen.visit.tls, TlsSession)
    assert isinstance(seen.visit.ehlo_after_tls, Reply)
    assert seen.visit.tries == 2


@pytest.mark.parametrize("trouble", PASSING.values(), ids=PASSING)
async def test_it_is_tried_once_more_and_no_oftener(trouble: Script) -> None:
    seen = await probe_host(trouble, target=NO_RELAY, settings=IMPATIENT)
    assert seen.verbs == [CUT_SHORT, CUT_SHORT]
    assert not isinstance(seen.visit.tls, TlsSession)


@pytest.mark.parametrize("trouble", PASSING.values(), ids=PASSING)
async def test_without_retries_it_is_not_tried_again(trouble: Script) -> None:
    settings = replace(IMPATIENT, retries=0)
    seen = await probe_host(trouble, HEALTHY, target=NO_RELAY, settings=settings)
    assert seen.verbs == [CUT_SHORT]


async def test_a_server_that_gives_no_tls_is_not_asked_again() -> None:
    garbage = replace(HEALTHY, tls=Handshake.GARBAGE)
    seen = await probe_host(garbage, HEALTHY, target=NO_RELAY)
    assert seen.verbs == [CUT_SHORT]


@pytest.mark.parametrize("greeting", [Act.CLOSE, b"421 4.3.2 too many connections\r\n"])
async def test_where_the_second_try_gets_less_far_the_first_one_counts(greeting: Answer) -> None:
    closing = replace(HEALTHY, tls=Handshake.CLOSE)
    turned_away = replace(HEALTHY, greeting=greeting)
    seen = await probe_host(closing, turned_away, target=NO_RELAY)
    assert isinstance(seen.visit.starttls, Reply)
    assert isinstance(seen.visit.tls, Unseen)
    assert seen.visit.tls.trouble is Trouble.CLOSED
    assert seen.visit.tries == 2
