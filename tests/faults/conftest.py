import asyncio
from types import SimpleNamespace

import dns.asyncresolver
import dns.resolver
import pytest

from tests.faults.dialling import Dials

EPOCH = 1_700_000_000


@pytest.fixture(autouse=True)
def lookups_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """dnspython looks at the clock of the wall: where the loop's jumps, that does too."""
    clock = SimpleNamespace(time=lambda: EPOCH + asyncio.get_running_loop().time())
    for module in (dns.resolver, dns.asyncresolver):
        monkeypatch.setattr(module, "time", clock)


@pytest.fixture
def dials(monkeypatch: pytest.MonkeyPatch) -> Dials:
    """All connections of the probe."""
    seen = Dials()
    monkeypatch.setattr(asyncio, "open_connection", seen.open_connection)
    return seen
