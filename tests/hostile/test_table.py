"""Hostile servers of all kinds: each costs bounded time and memory, and harms no other domain."""

import asyncio
from collections.abc import Callable

import pytest

from tests.hostile.dns_cases import CASES as DNS_CASES
from tests.hostile.policy_cases import CASES as POLICY_CASES
from tests.hostile.smtp_cases import CASES as SMTP_CASES
from tests.hostile.tls_cases import CASES as TLS_CASES
from tests.hostile.world import HEALTHY, Case, ensure, run

CASES = (*SMTP_CASES, *TLS_CASES, *DNS_CASES, *POLICY_CASES)


@pytest.fixture(scope="module")
def idle() -> float:
    """The memory that a run needs in which both domains are healthy."""
    measured = asyncio.run(run(HEALTHY))
    ensure(HEALTHY, measured, measured.peak)
    return measured.peak


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_hostile_server(
    case: Case, idle: float, record_property: Callable[[str, object], None]
) -> None:
    measured = await run(case)
    record_property("seconds", round(measured.seconds, 2))
    record_property("busy", round(measured.busy, 2))
    record_property("mib", round(measured.peak - idle, 1))
    ensure(case, measured, idle)


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({str(case) for case in CASES}) == len(CASES)
