"""`--connect-to`: a server under its future name, before DNS knows of it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxcheck.demo.world import demo_world
from mxcheck.evidence.dns import Answer
from tests.overrides.world import (
    HEALTHY,
    MX1,
    MX1_ADDRESS,
    MX2,
    MX2_ADDRESS,
    Checked,
    Given,
    authority,
    end_of,
    staging,
)

NEW = f"mx-new.{HEALTHY}"
PUBLIC = "203.0.114.9"
NAME_ALONE = {("mx-is-address", MX2), ("mx-name-invalid", MX2)}


async def test_it_changes_what_is_said_of_that_host_and_nothing_else(tmp_path: Path) -> None:
    async with demo_world(datetime.now(UTC)) as world, staging(MX2) as server:
        before = await Given(folder=tmp_path).check(world)
        flag = f"{MX2}:25:{end_of(server)}"
        given = Given(folder=tmp_path, flags={"connect_to": (flag,)})
        after = await given.check(world)
    of_mx2 = {asked for asked in after.answers if asked[1].startswith(MX2)}
    address = server.address[0]
    assert after.marked() == (of_mx2 - NAME_ALONE) | {("dnssec-bogus", "")}
    assert {result.overrides for result in after.results.values()} == {
        (),
        (f"--connect-to {flag}",),
    }
    lost = {asked for asked in before.answers if asked[1] == f"{MX2} [{MX2_ADDRESS}]"}
    found = {asked for asked in after.answers if asked[1] == f"{MX2} [{address}]"}
    # The key is a new one, and the TLSA records are those of the old one.
    of_name = {("mx-unresolvable", MX2), ("dane-pin-fragile", MX2)}
    assert after.differing(before) == lost | found | of_name
    assert after.failed() == {"dane-mismatch"}
    assert len(world.smtp[MX2].sessions) == 4  # all by the run before
    assert server.sessions


async def test_a_new_host_before_its_name_exists(tmp_path: Path) -> None:
    async with staging(NEW) as server:
        flags = {
            "mx": (f"{HEALTHY}=10 {MX1}", f"{HEALTHY}=20 {NEW}."),
            "connect_to": (f"{NEW.upper()}.:25:{end_of(server)}",),
        }
        checked = await Given(folder=tmp_path, flags=flags).check()
    # The policy of the domain allows every host right below it, so only TLSA records are lacking.
    assert (checked.exit_code, checked.failed()) == (0, set())
    new = checked.results["mx-unresolvable", NEW]
    assert new.outcome == "pass"
    assert new.overrides == (*(f"--mx {text}" for text in flags["mx"]), *_flag(checked))
    assert checked.results["open-relay", f"{NEW} [127.0.0.1]"].outcome == "pass"
    assert checked.results["cert-name-mismatch", f"{NEW} [127.0.0.1]"].outcome == "pass"


def _flag(checked: Checked) -> tuple[str, ...]:
    return tuple(one.name for one in checked.verdict.evidence.overrides if one.kind == "connect-to")


@pytest.mark.parametrize("allow_private", [True, False])
async def test_a_private_address_that_is_named_needs_no_other_leave(
    *, allow_private: bool, tmp_path: Path
) -> None:
    async with staging(MX2) as server:
        flags = {"connect_to": (f"{MX2}:25:{end_of(server)}",), "select": ("smtp", "mx-not-public")}
        given = Given(folder=tmp_path, flags=flags, allow_private=allow_private)
        checked = await given.check()
    here = f"{MX2} [127.0.0.1]"
    assert checked.results["smtp-unreachable", here].outcome == "pass"
    assert checked.results["mx-not-public", here].outcome == "not-applicable"
    elsewhere = checked.results["mx-not-public", f"{MX1} [{MX1_ADDRESS}]"]
    assert elsewhere.outcome == ("pass" if allow_private else "fail")


async def test_several_hosts_on_one_address_are_told_apart_by_their_ports(tmp_path: Path) -> None:
    async with staging(MX1) as first, staging(MX2) as second:
        ends = {MX1: first, MX2: second}
        flags = {
            "connect_to": tuple(f"{host}:25:{end_of(server)}" for host, server in ends.items()),
            "select": ("smtp", "cert"),
        }
        checked = await Given(folder=tmp_path, flags=flags).check()
    ports = {visit.host: visit.port for visit in checked.verdict.evidence.runs[0].visits}
    assert ports == {host: server.address[1] for host, server in ends.items()}
    assert (checked.exit_code, checked.failed()) == (0, set())


async def test_one_end_for_all_hosts(tmp_path: Path) -> None:
    both = authority().issue(names=(MX1, MX2))
    async with staging(MX1, both) as server:
        flags = {"connect_to": (f":25:{end_of(server)}",), "select": ("smtp", "cert")}
        checked = await Given(folder=tmp_path, flags=flags).check()
    assert checked.exit_code == 0
    assert {visit.host for visit in checked.verdict.evidence.runs[0].visits} == {MX1, MX2}
    assert {session.server_name for session in server.sessions} == {MX1, MX2}


@pytest.mark.parametrize(("family", "reached"), [("ipv4", True), ("ipv6", False)])
async def test_a_family_that_is_left_out_stays_left_out(
    *, family: str, reached: bool, tmp_path: Path
) -> None:
    async with staging(MX2) as server:
        flags = {
            "connect_to": (f":25:{end_of(server)}",),
            "select": ("smtp-unreachable",),
            family: ("true",),
        }
        checked = await Given(folder=tmp_path, flags=flags).check()
    result = checked.results["smtp-unreachable", f"{MX2} [127.0.0.1]"]
    assert (result.outcome == "pass") is reached
    assert checked.exit_code == (0 if reached else 3)
    assert reached or "IPv4 is left out by -4 or -6" in result.message


async def test_aliases_and_dnssec_are_those_of_the_name(tmp_path: Path) -> None:
    (tmp_path / "aliases").write_text(f"alias.{HEALTHY}. CNAME {MX2}.\n")
    async with staging(f"alias.{HEALTHY}") as server:
        flags = {
            "zone_file": ("aliases",),
            "mx": (f"{HEALTHY}=10 alias.{HEALTHY}",),
            "connect_to": (f"alias.{HEALTHY}:25:{end_of(server)}",),
        }
        checked = await Given(folder=tmp_path, flags=flags).check()
    (host,) = checked.verdict.evidence.runs[0].domains[0].hosts
    assert isinstance(host.ipv4, Answer)
    assert (host.ipv4.owner, host.ipv4.aliases) == (MX2, (MX2,))
    assert host.ipv4.authenticated_data
    assert checked.results["mx-is-alias", host.name].outcome == "fail"
    # The base domain of the TLSA records is the end of the alias, whose record is of another key.
    assert "dane-mismatch" in checked.failed()


async def test_the_policy_host_may_be_led_elsewhere_too(tmp_path: Path) -> None:
    async with demo_world(datetime.now(UTC)) as world:
        address, port = world.https[f"mta-sts.{HEALTHY}"].address
        flag = f"mta-sts.{HEALTHY}:443:{address}:{port}"
        flags = {"connect_to": (flag,), "select": ("mta-sts",)}
        given = Given(folder=tmp_path, flags=flags)
        nowhere = {end: to for end, to in world.routes.items() if end[1] != 443}
        checked = await given.check(replace(world, routes=nowhere))
    result = checked.results["mta-sts-policy-unfetchable", ""]
    assert (result.outcome, result.overrides) == ("pass", (f"--connect-to {flag}",))
    assert checked.results["mta-sts-record-invalid", ""].overrides == ()


async def test_a_policy_host_that_is_led_to_nobody_was_led_all_the_same(tmp_path: Path) -> None:
    flag = f"mta-sts.{HEALTHY}:443:127.0.0.1:1"
    flags = {"connect_to": (flag,), "select": ("mta-sts",)}
    checked = await Given(folder=tmp_path, flags=flags).check()
    assert checked.exit_code == 1
    result = checked.results["mta-sts-policy-unfetchable", ""]
    assert (result.outcome, result.overrides) == ("fail", (f"--connect-to {flag}",))


class TestWayOut:
    """What staging servers tell, and do not tell, of the way out on port 25."""

    async def check(self, tmp_path: Path, flag: str) -> Checked:
        # No address of the domain is reached, and the control host is one that does not exist.
        flags = {"connect_to": (flag,), "select": ("smtp-unreachable",)}
        given = Given(folder=tmp_path, flags=flags, canaries=(("nobody.example", 25),))
        async with demo_world(datetime.now(UTC)) as world:
            nobody = world.routes["192.0.2.21", 25]
            everywhere = [*world.routes, (PUBLIC, 25)]
            return await given.check(replace(world, routes=dict.fromkeys(everywhere, nobody)))

    async def test_a_staging_server_that_was_reached_proves_no_way_out(
        self, tmp_path: Path
    ) -> None:
        async with staging(MX2) as server:
            checked = await self.check(tmp_path, f"{MX2}:25:{end_of(server)}")
        assert checked.results["smtp-unreachable", f"{MX2} [127.0.0.1]"].outcome == "pass"
        live = checked.results["smtp-unreachable", f"{MX1} [{MX1_ADDRESS}]"]
        assert live.outcome == "unknown"
        assert "outbound port 25 looks closed here" in live.message

    async def test_one_that_was_not_reached_has_failed(self, tmp_path: Path) -> None:
        checked = await self.check(tmp_path, f"{MX2}:25:127.0.0.1:1")
        assert checked.results["smtp-unreachable", f"{MX2} [127.0.0.1]"].outcome == "fail"
        live = checked.results["smtp-unreachable", f"{MX1} [{MX1_ADDRESS}]"]
        assert live.outcome == "unknown"

    async def test_one_on_the_internet_needs_the_way_out_as_any_other(self, tmp_path: Path) -> None:
        checked = await self.check(tmp_path, f"{MX2}:25:{PUBLIC}:25")
        result = checked.results["smtp-unreachable", f"{MX2} [{PUBLIC}]"]
        assert result.outcome == "unknown"
        assert "outbound port 25 looks closed here" in result.message


async def test_control_hosts_are_looked_up_in_the_live_dns(tmp_path: Path) -> None:
    (tmp_path / "zone").write_text(f"{MX2}. A 192.0.2.99\n{MX1}. A 192.0.2.99\n")
    flags = {"zone_file": ("zone",), "select": ("smtp-unreachable",)}
    given = Given(folder=tmp_path, flags=flags, canaries=((MX2, 25),), allow_private=True)
    async with demo_world(datetime.now(UTC)) as world:
        nobody = world.routes["192.0.2.21", 25]
        routes = {**world.routes, ("192.0.2.99", 25): nobody, ("2001:db8::10", 25): nobody}
        checked = await given.check(replace(world, routes=routes))
    (call, *_) = checked.verdict.evidence.runs[0].canaries
    assert call.address == MX2_ADDRESS
