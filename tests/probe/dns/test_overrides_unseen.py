"""An overlay over live zones that cannot be seen: it is not taken for unsigned on that account."""

from typing import Any

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absent, Answer, Withheld
from mxcheck.evidence.outcome import Trouble, Unseen
from tests.probe.dns.test_overrides import FILE, LIVE, RECORDS, WHOLE, ask, given, overlaid

ZONE, HOST = "example.com", "mx1.example.com"


class Unsigned(ScriptedDns):
    """A live zone that is there, and is not signed."""

    def __init__(self, zone: str, **more: Any) -> None:  # noqa: ANN401 - as ScriptedDns takes it
        super().__init__(zone, **more)
        self._authenticated = ()


def live(name: str, fault: Fault, kind: type[ScriptedDns] = ScriptedDns) -> ScriptedDns:
    """The live DNS, in which the lookup of one zone goes wrong."""
    return kind(LIVE, authenticated=(f"{ZONE}.",), faults={f"{name} SOA": fault})


@pytest.mark.parametrize("text", [RECORDS, WHOLE])
@pytest.mark.parametrize("fault", [Fault.SERVFAIL, Fault.REFUSED])
async def test_of_a_zone_that_is_lost_it_is_not_known(text: str, fault: Fault) -> None:
    found = await ask(HOST, "A", given(text), server=live(ZONE, fault))
    assert isinstance(found, Answer)
    assert (found.records, found.authenticated_data) == (("203.0.114.2",), False)
    assert found.zone_unseen.startswith(f"the live zone {ZONE} was not seen: ")
    missing = await ask(f"_25._tcp.{HOST}", "TLSA", given(WHOLE), server=live(ZONE, fault))
    assert isinstance(missing, Absent)
    assert missing.zone_unseen.startswith(f"the live zone {ZONE} was not seen: ")


@pytest.mark.parametrize("kind", [ScriptedDns, Unsigned])
async def test_a_name_that_is_lost_below_a_zone(kind: type[ScriptedDns]) -> None:
    """A zone of its own may begin there; but below a zone that is not signed nothing is."""
    found = await ask(HOST, "A", given(RECORDS), server=live(HOST, Fault.SERVFAIL, kind))
    assert isinstance(found, Answer)
    assert (bool(found.zone_unseen), found.authenticated_data) == (kind is ScriptedDns, False)


async def test_what_comes_into_a_zone_that_fails_validation_fails_it_too() -> None:
    async with live(ZONE, Fault.BOGUS) as server:
        found = await overlaid(server, given(WHOLE)).lookup(HOST, "A")
        assert isinstance(found, Withheld)
        assert (found.trouble, found.overrides) == (Trouble.BOGUS, (FILE,))
        assert "with checking disabled it shows" in found.detail
        assert isinstance(found.unchecked, Answer)
        assert found.unchecked.records == ("203.0.114.2",)


async def test_an_alias_over_which_validation_fails_fails_it_too() -> None:
    server = live("was-alias.example.com", Fault.BOGUS)
    found = await ask("to-was-alias.example.net", "AAAA", given(RECORDS), server=server)
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.BOGUS


async def test_an_alias_out_of_a_lost_zone_into_one_that_is_not_signed_is_insecure() -> None:
    server = live(ZONE, Fault.SERVFAIL)
    found = await ask("away.example.com", "A", given(WHOLE), server=server)
    assert isinstance(found, Answer)
    assert (found.authenticated_data, found.zone_unseen) == (False, "")
    inside = await ask("alias.example.com", "A", given(WHOLE), server=live(ZONE, Fault.REFUSED))
    assert isinstance(inside, Answer)
    assert inside.zone_unseen
