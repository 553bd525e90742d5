"""A way out over a real OpenSSH server."""

import re
from dataclasses import replace

import pytest

from tests.real.gate.world import (
    CLOSED_SSH_PORT,
    DUAL_STACK,
    GATE,
    REFUSING,
    SERVING,
    SILENT,
    UNREACHABLE,
    USER,
    GateWorld,
    domain_at,
)


def _login(key: str, known_hosts: str, port: str = "") -> tuple[str, ...]:
    files = ("--via-key", "{}/" + key, "--via-known-hosts", "{}/" + known_hosts)
    return ("--via", f"ssh://{USER}@{GATE}{port}", *files)


def test_refused_timed_out_and_unreachable_stay_apart(gate_world: GateWorld) -> None:
    addresses = (SERVING[1], REFUSING[0], SILENT[0], UNREACHABLE[0])
    checked = gate_world.check(*gate_world.ssh(), *map(domain_at, addresses))
    assert checked.exit_code == 1
    [reached, refused, silent, unreachable] = [
        result["message"] for domain in checked.report["domains"] for result in domain["results"]
    ]
    assert "was reached" in reached
    note = "MX hosts were reached over SSH (--via); DNS and policy hosts were asked from here"
    assert note in checked.report["notes"]
    assert "refuses connections: connection refused" in refused
    assert "does not answer (connection timed out): no answer within 2 s" in silent
    assert "cannot be reached (no route to host)" in unreachable


def test_twenty_visits_at_once_are_each_matched_to_their_host(gate_world: GateWorld) -> None:
    addresses = [*SERVING[:8], *REFUSING[:8], *UNREACHABLE[:8]]
    # A router that is asked by many at once leaves some to their second packet.
    patient = ("--connect-timeout", "10")
    checked = gate_world.check(*gate_world.ssh(), *patient, *map(domain_at, addresses))
    seen = {
        domain["domain"]: re.search(r"reached in|refuses|no route", result["message"])
        for domain in checked.report["domains"]
        for result in domain["results"]
    }
    assert {name: match and match[0] for name, match in seen.items()} == {
        **dict.fromkeys(map(domain_at, SERVING[:8]), "reached in"),
        **dict.fromkeys(map(domain_at, REFUSING[:8]), "refuses"),
        **dict.fromkeys(map(domain_at, UNREACHABLE[:8]), "no route"),
    }


def test_a_machine_without_ipv6_makes_those_addresses_not_applicable(
    gate_world: GateWorld,
) -> None:
    checked = gate_world.check(*gate_world.ssh(), DUAL_STACK)
    assert checked.exit_code == 0
    [ipv6] = checked.results("not-applicable")
    assert ipv6["message"].startswith("the machine of --via has no route to IPv6")


def test_two_hundred_visits_go_over_one_login(gate_world: GateWorld) -> None:
    before = gate_world.logins()
    checked = gate_world.check(*gate_world.ssh(), *map(domain_at, SERVING))
    assert checked.exit_code == 0
    assert set(gate_world.mail.addresses) == set(SERVING)
    assert gate_world.logins() - before == 1


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ([*_login("key", "other_known_hosts")], "Host key verification failed"),
        ([*_login("other_key", "known_hosts")], "Permission denied (publickey"),
        ([*_login("key", "known_hosts", port=":1")], "Connection refused"),
        (["--via", "ssh://nobody.invalid"], "Could not resolve hostname"),
    ],
    ids=["host-key", "login", "refused", "name"],
)
def test_a_way_that_does_not_open_is_bad_usage_before_anything_is_probed(
    gate_world: GateWorld, way: list[str], expected: str
) -> None:
    flags = [flag.format(gate_world.folder) for flag in way]
    checked = gate_world.check(*flags, domain_at(SERVING[0]))
    assert checked.exit_code == 2
    assert "the way out (--via) cannot be opened: ssh://" in checked.stderr
    assert expected in checked.stderr
    assert not gate_world.mail.addresses


def test_a_machine_that_forwards_nothing_leaves_what_is_unknown(gate_world: GateWorld) -> None:
    checked = gate_world.check(*gate_world.ssh(port=CLOSED_SSH_PORT), domain_at(SERVING[1]))
    assert checked.exit_code == 3
    [unknown] = checked.results("unknown")
    assert "administratively prohibited" in unknown["message"]


def test_a_way_that_breaks_leaves_unknown_what_was_not_asked(gate_world: GateWorld) -> None:
    healthy = gate_world.mail.script

    def break_now(_sender: str) -> bytes:
        gate_world.break_ssh()
        return b"250 2.1.0 Ok\r\n"

    gate_world.mail.script = replace(healthy, mail=break_now)
    try:
        checked = gate_world.check(
            *gate_world.ssh(),
            *("--select", "smtp,relay", "--concurrency", "1", "--retries", "1"),
            *map(domain_at, SERVING[:5]),
        )
    finally:
        gate_world.mail.script = healthy
    assert checked.exit_code == 3
    assert not checked.results("fail")
    assert any("the way out over SSH broke" in one["message"] for one in checked.results("unknown"))
    assert len(set(gate_world.mail.addresses)) == 1


def test_no_secret_is_in_the_process_list_or_in_what_is_written(gate_world: GateWorld) -> None:
    script, seen = gate_world.mail.script, list[str]()

    def look(_sender: str) -> bytes:
        seen.extend(gate_world.processes_near("ssh"))
        return b"250 2.1.0 Ok\r\n"

    gate_world.mail.script = replace(script, mail=look)
    file = gate_world.folder / "seen.json"
    try:
        checked = gate_world.check(
            *gate_world.ssh(),
            *("--select", "open-relay", "--save-evidence", str(file), "--verbose"),
            *("--ehlo-name", "runner.example"),
            domain_at(SERVING[0]),
            env={"MXCHECK_RELAY_SENDER": "watched@elsewhere.example"},
        )
    finally:
        gate_world.mail.script = script
    assert len(seen) > 1
    assert not [line for line in seen if "PRIVATE KEY" in line or "MXCHECK_" in line]
    written = checked.stdout + file.read_text()
    assert not [secret for secret in (GATE, f"{USER}@", "PRIVATE KEY") if secret in written]
    assert '"via":"ssh"' in written
