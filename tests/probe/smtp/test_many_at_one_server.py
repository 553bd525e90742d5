"""What a server sees of the probe: counted on its side."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Answer, Script
from mxcheck.evidence.smtp import Reply
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    HEALTHY,
    HOST,
    SETTINGS,
    TARGET,
    Seen,
    probe,
)
from tests.probe.smtp.test_light_hand import AWAY, BROKEN_TLS, PUT_OFF, taking, visit_shared_host

ONE_BY_ONE = replace(SETTINGS, concurrency=1)


def hangs_up(_sender: str, _recipient: str) -> Answer:
    return b"421 4.7.0 too many errors\r\n"


@pytest.mark.parametrize(
    "scripts",
    [
        (replace(HEALTHY, recipient=hangs_up), HEALTHY),
        (replace(HEALTHY, starttls=b"421 4.3.2 no\r\n"), HEALTHY),
        (PUT_OFF, AWAY),
        (BROKEN_TLS, AWAY),
    ],
    ids=["RCPT", "STARTTLS", "once more", "in clear"],
)
async def test_421_to_a_client_that_was_let_in_spares_no_other_address(
    scripts: tuple[Script, ...],
) -> None:
    # Otherwise what is wrong at the other addresses would go unseen, and the run pass.
    seen = await probe({ADDRESS: scripts, ADDRESS2: HEALTHY}, settings=ONE_BY_ONE)
    assert isinstance(seen.evidence.visit(HOST, ADDRESS2).ehlo_after_tls, Reply)


async def test_one_host_of_many_domains_is_asked_nothing_twice() -> None:
    seen = await visit_shared_host(7, taking(7))
    asked = [(one.sender, one.recipient) for one in seen.visit.relay]
    assert len(asked) == len(set(asked)) == 2 + 7 + 7


async def test_two_names_of_one_address_are_visited_by_each() -> None:
    zone = f"example.com. MX 1 a.example.\nexample.com. MX 2 b.example.\na.example. A {ADDRESS}\n"
    seen = await probe({ADDRESS: HEALTHY}, TARGET, dns=f"{zone}b.example. A {ADDRESS}\n")
    assert len(seen.server.sessions) == 2


def sessions(seen: Seen) -> Sequence[int]:
    return [len(server.sessions) for server in seen.world.smtp.values()]
