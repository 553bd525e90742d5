"""What `mxcheck doctor` sees of fake surroundings, and how long it takes at most."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.demo.smtp_script import Act
from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.evidence.surroundings import OpenedWay, Route, Surroundings
from mxcheck.probe.doctor import examine as module
from mxcheck.probe.doctor import way as way_module
from mxcheck.probe.doctor.examine import SECONDS, examine_in_loop
from mxcheck.probe.doctor.routes import find_route
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.via.addresses import SshGate
from mxcheck.probe.via.errors import WayOutError
from tests.faults.timeless import run_timeless
from tests.probe.harness import HEALTHY, SETTINGS, Scripts, mail_world

CONTROL, CANARY, NAME = "203.0.114.200", "canary.example.net", "probe.example.net"
ZONE = f"{CANARY}. A {CONTROL}\n{NAME}. A 203.0.114.9\n9.114.0.203.in-addr.arpa. PTR {NAME}.\n"
ASKING = replace(SETTINGS, canaries=((CANARY, 25),), families=(4,))
SILENT = dict.fromkeys((".", CANARY, NAME), Fault.SILENCE)


@pytest.fixture(autouse=True)
def a_route(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine has a route, wherever the tests run."""

    def found(family: int) -> Route:
        return Route(family=family, local_address="192.0.2.9")

    monkeypatch.setattr(module, "find_route", found)


async def examined(
    control: Scripts = HEALTHY, dns: ScriptedDns | None = None, settings: ProbeSettings = ASKING
) -> Surroundings:
    async with mail_world({CONTROL: control}, dns or ScriptedDns(ZONE)) as world:
        return await examine_in_loop(world.run(settings=settings).settings)


async def test_good_surroundings() -> None:
    seen = await examined()
    assert isinstance(seen.resolvers, tuple)
    assert isinstance(seen.resolvers[0].root_soa, Answer)
    [call] = seen.canaries
    assert isinstance(call.greeting, Reply)
    assert (seen.ehlo.name, seen.ehlo.is_given) == (NAME, True)
    [reverse] = seen.ehlo.reverse
    assert (reverse.address, isinstance(reverse.ptr, Answer)) == ("203.0.114.9", True)
    assert seen.way is None


async def test_a_closed_port_and_a_resolver_that_denies_the_root() -> None:
    seen = await examined(None)
    assert isinstance(seen.canaries[0].greeting, Unseen)
    assert seen.canaries[0].greeting.trouble is Trouble.REFUSED
    seen = await examined(dns=ScriptedDns(faults={".": Fault.NXDOMAIN}))
    assert isinstance(seen.resolvers, tuple)
    assert isinstance(seen.resolvers[0].root_soa, Absent)
    assert seen.canaries[0].address == ""


async def test_no_family_without_a_route_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = Unseen(trouble=Trouble.NO_ROUTE, detail="no route")
    monkeypatch.setattr(
        module, "find_route", lambda family: Route(family=family, local_address=lacking)
    )
    assert (await examined()).canaries == ()


def test_everything_ends_in_time() -> None:
    async def timed() -> tuple[float, Surroundings]:
        settings = replace(ASKING, timeout=60, connect_timeout=60)
        silent = replace(HEALTHY, greeting=Act.SILENCE)
        seen = await examined(silent, ScriptedDns(ZONE, faults=SILENT), settings)
        return asyncio.get_running_loop().time(), seen

    seconds, seen = run_timeless(timed())
    assert seconds <= SECONDS + 1
    assert isinstance(seen.resolvers, tuple)
    assert isinstance(seen.resolvers[0].root_soa, Unseen)


async def test_a_system_without_a_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    none = Unseen(trouble=Trouble.RESOLVER, detail="there is none")
    monkeypatch.setattr(module, "make_resolver", lambda _settings: none)
    seen = await examine_in_loop(ASKING)
    assert (seen.resolvers, seen.canaries) == (none, ())


@pytest.mark.parametrize("opens", [True, False])
async def test_a_way_out_is_opened_first(monkeypatch: pytest.MonkeyPatch, *, opens: bool) -> None:
    @asynccontextmanager
    async def open_way(_gate: object, _seconds: float) -> AsyncIterator[None]:
        if not opens:
            raise WayOutError("ssh://gate: Permission denied")
        yield None

    monkeypatch.setattr(way_module, "open_way", open_way)
    seen = await examined(settings=replace(ASKING, via=SshGate(host="gate")))
    assert isinstance(seen.way, OpenedWay)
    assert seen.way.name == "ssh://gate"
    assert (seen.way.trouble is None) is opens
    assert len(seen.canaries) == opens
    if seen.way.trouble:
        assert seen.way.trouble.detail == "Permission denied"


def test_a_route_is_found_without_sending_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_address: object) -> None:
        raise OSError(101, "Network is unreachable")

    assert {find_route(family).family for family in (4, 6)} == {4, 6}
    monkeypatch.setattr("socket.socket.connect", fail)
    found = find_route(4).local_address
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.NO_ROUTE
