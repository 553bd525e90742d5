"""A way out through real SOCKS5 proxies: Dante, microsocks, and OpenSSH's own."""

from collections.abc import Iterator

import pytest

from tests.real.gate.world import (
    DUAL_STACK,
    GATE,
    MICROSOCKS_PORT,
    REFUSING,
    SERVING,
    SILENT,
    GateWorld,
    domain_at,
)
from tests.real.namespace import Server

DYNAMIC_PORT = 1082
DANTE = f"socks5://{GATE}"
MICROSOCKS = f"socks5://somebody:topsecret@{GATE}:{MICROSOCKS_PORT}"
BOTH = pytest.mark.parametrize("proxy", [DANTE, MICROSOCKS], ids=["dante", "microsocks"])


def via(proxy: str) -> dict[str, str]:
    return {"MXCHECK_VIA": proxy}


@BOTH
def test_reached_refused_and_silent_stay_apart(gate_world: GateWorld, proxy: str) -> None:
    addresses = (SERVING[1], REFUSING[0], SILENT[0])
    checked = gate_world.check(*map(domain_at, addresses), env=via(proxy))
    [reached, refused, silent] = [
        result["message"] for domain in checked.report["domains"] for result in domain["results"]
    ]
    assert "was reached" in reached
    assert "refuses connections: connection refused" in refused
    assert "does not answer (connection timed out): no answer within 2 s" in silent
    assert checked.exit_code == 1


@BOTH
def test_a_whole_visit_goes_through(gate_world: GateWorld, proxy: str) -> None:
    checked = gate_world.check("--select", "smtp,relay", domain_at(SERVING[2]), env=via(proxy))
    assert not checked.results("unknown")
    assert "smtp-unreachable" in {result["rule"] for result in checked.results("pass")}


@BOTH
def test_a_proxy_without_ipv6_makes_those_addresses_not_applicable(
    gate_world: GateWorld, proxy: str
) -> None:
    checked = gate_world.check(DUAL_STACK, env=via(proxy))
    assert checked.exit_code == 0
    assert checked.results("not-applicable")


def test_a_proxy_that_is_not_there_is_bad_usage(gate_world: GateWorld) -> None:
    checked = gate_world.check("--via", f"socks5://{GATE}:1", domain_at(SERVING[0]))
    assert checked.exit_code == 2
    assert f"socks5://{GATE}:1: the proxy cannot be reached" in checked.stderr
    assert not gate_world.mail.addresses


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("somebody:wrongsecret@", "the proxy does not take the user and the password"),
        ("", "the proxy wants a login: name USER:PASSWORD@ in MXCHECK_VIA"),
    ],
)
def test_a_login_that_is_refused_is_bad_usage_and_names_no_password(
    gate_world: GateWorld, user: str, expected: str
) -> None:
    proxy = f"socks5://{user}{GATE}:{MICROSOCKS_PORT}"
    checked = gate_world.check(domain_at(SERVING[0]), env=via(proxy))
    assert checked.exit_code == 2
    assert expected in checked.stderr
    assert "secret" not in checked.stdout + checked.stderr


def test_no_password_is_written(gate_world: GateWorld) -> None:
    file = gate_world.folder / "seen.json"
    written = ("--verbose", "--save-evidence", str(file), "--ehlo-name", "runner.example")
    checked = gate_world.check(domain_at(SERVING[0]), *written, env=via(MICROSOCKS))
    assert checked.exit_code == 0
    everything = checked.stdout + checked.stderr + file.read_text()
    assert not [word for word in ("topsecret", "somebody", GATE) if word in everything]
    assert '"via":"socks5"' in everything


@pytest.fixture
def dynamic(gate_world: GateWorld) -> Iterator[str]:
    folder = gate_world.folder
    known = f"UserKnownHostsFile={folder / 'known_hosts'}"
    login = ["-F", "none", "-i", str(folder / "key"), "-o", known, "-o", "BatchMode=yes"]
    listen = ["-N", "-D", f"127.0.0.1:{DYNAMIC_PORT}", f"gate@{GATE}"]
    server = Server(gate_world.near, ["ssh", *login, *listen], folder / "dynamic.log")
    server.wait_for("127.0.0.1", DYNAMIC_PORT)
    yield f"socks5://127.0.0.1:{DYNAMIC_PORT}"
    server.stop()


def test_what_reports_success_before_it_connects_is_not_believed(
    gate_world: GateWorld, dynamic: str
) -> None:
    addresses = (SERVING[1], REFUSING[0])
    checked = gate_world.check("--via", dynamic, *map(domain_at, addresses))
    assert checked.exit_code == 3
    [unknown] = checked.results("unknown")
    assert unknown["subject"]["address"] == REFUSING[0]
    assert "does not tell the cause" in unknown["message"]
    assert not checked.results("fail")
