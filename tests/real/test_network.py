"""What the check asks of the network, and what it makes of a network that does not answer."""

import re
from collections import Counter

import pytest

from tests.real.domains import NOBODY, SWALLOWING, WITHOUT_ROUTE
from tests.real.services import BY_NAME, HEALTHY_IPV6
from tests.real.world import RealWorld

pytestmark = pytest.mark.real

HEALTHY = BY_NAME["healthy"]
SWALLOWED = {("smtp-unreachable", "mx.swallowed.test")}
OF_A_HEALTHY_VISIT = 4
"""Connections to an address: the visit, and ClientHellos that offer old versions, ask for another
certificate, and are long."""
LOG_LINES = {
    ": connect from": OF_A_HEALTHY_VISIT,
    ": Anonymous TLS connection established": 1,
    ": NOQUEUE: reject: RCPT from": 3,
    ": client=": 1,
    ": SSL_accept error": 3,
    ": warning: TLS library problem": 3,
    ": lost connection after STARTTLS": 3,
    ": disconnect from": OF_A_HEALTHY_VISIT,
}
SECOND_MX_DEAD = {("smtp-unreachable", "mx2.second-mx-dead.test")}


class TestResolver:
    def test_named_by_address(self, real_world: RealWorld) -> None:
        assert real_world.check("healthy.test", "--resolver", "127.0.0.1").exit_code == 0
        assert real_world.check("healthy.test", "--resolver", "127.0.0.1:53").exit_code == 0

    @pytest.mark.parametrize("resolver", [NOBODY, SWALLOWING])
    def test_without_an_answer_nothing_is_told(self, real_world: RealWorld, resolver: str) -> None:
        checked = real_world.check("healthy.test", "--resolver", resolver, "--timeout", "2")
        assert checked.unknown_rules() == {"mx-missing"}
        assert checked.exit_code == 3

    def test_silent_name_server(self, real_world: RealWorld) -> None:
        checked = real_world.check("silent.test", "--timeout", "2")
        assert checked.unknown_rules() == {"mx-missing"}
        assert checked.exit_code == 3


class TestWayOut:
    def test_control_host_answers_so_the_failure_is_real(self, real_world: RealWorld) -> None:
        before = real_world.connections("healthy")
        checked = real_world.check("swallowed.test", "--canary", HEALTHY.host)
        assert checked.failures() == SWALLOWED
        assert checked.exit_code == 1
        assert real_world.connections("healthy") == before + 1

    def test_no_control_host_answers_so_nothing_is_told(self, real_world: RealWorld) -> None:
        checked = real_world.check("swallowed.test", "--canary", "mx.swallowed.test")
        assert checked.failures() == set()
        assert checked.unknown_rules() == {"smtp-unreachable"}
        assert any("outbound port 25 looks closed here" in note for note in checked.report["notes"])
        assert checked.exit_code == 3

    def test_one_reached_address_proves_the_way_out(self, real_world: RealWorld) -> None:
        checked = real_world.check("second-mx-dead.test", "--canary", "mx.swallowed.test")
        assert checked.failures() == SECOND_MX_DEAD
        assert checked.report["notes"] == []

    def test_control_host_is_left_alone_where_nothing_failed(self, real_world: RealWorld) -> None:
        before = real_world.connections("also-healthy")
        real_world.check("healthy.test", "--canary", "mx.also-healthy.test")
        assert real_world.connections("also-healthy") == before

    def test_family_without_a_route_does_not_apply(self, real_world: RealWorld) -> None:
        outcomes = real_world.check("ipv6-without-route.test").of_address(WITHOUT_ROUTE)
        assert outcomes["smtp-unreachable"] == "not-applicable"


class TestLightHand:
    @pytest.mark.parametrize(
        ("flags", "connections"),
        [
            ((), OF_A_HEALTHY_VISIT),
            (("--ignore", "tls-legacy-accepted"), 3),
            (("--ignore", "tls-legacy-accepted", "--ignore", "tls-large-hello-fails"), 2),
            (("--select", "smtp,relay"), 1),
            (("--max-connections", "1"), 1),
        ],
    )
    def test_connections_of_a_healthy_visit_to_an_address(
        self, real_world: RealWorld, flags: tuple[str, ...], connections: int
    ) -> None:
        before = real_world.connections("healthy")
        real_world.check("healthy.test", *flags)
        after = real_world.connections("healthy")
        assert after == before + connections * len(HEALTHY.addresses)

    def test_shared_server_is_visited_once(self, real_world: RealWorld) -> None:
        before = real_world.connections("healthy")
        checked = real_world.check("healthy.test", "xn--bcher-kva.test", "unsigned.test")
        assert checked.exit_code == 0
        visits = OF_A_HEALTHY_VISIT * len(HEALTHY.addresses)
        assert real_world.connections("healthy") == before + visits

    def test_lines_that_a_healthy_run_leaves_in_the_log(self, real_world: RealWorld) -> None:
        """Tools like fail2ban count the refusals and the broken handshakes, three of each."""
        before = len(real_world.postfix_log("healthy/"))
        assert real_world.check("healthy.test").exit_code == 0
        lines = real_world.postfix_log("healthy/")[before:]
        kinds = [kind for line in lines for kind in LOG_LINES if kind in line]
        assert len(kinds) == len(lines), lines
        addresses = len(HEALTHY.addresses)
        assert Counter(kinds) == {kind: n * addresses for kind, n in LOG_LINES.items()}
        assert len(lines) <= 22 * addresses

    def test_private_address_is_never_connected_to_unasked(self, real_world: RealWorld) -> None:
        before = real_world.connections("healthy")
        checked = real_world.check("healthy.test", private=False)
        assert checked.failures() == {("mx-not-public", HEALTHY.host)}
        assert checked.exit_code == 1
        assert real_world.connections("healthy") == before

    def test_one_address_family_alone(self, real_world: RealWorld) -> None:
        before = real_world.connections("healthy")
        real_world.check("healthy.test", "-4")
        middle = real_world.connections("healthy")
        real_world.check("healthy.test", "-6")
        clients = [line for line in real_world.postfix_log("healthy/") if ": connect from" in line]
        first, second = clients[before:middle], clients[middle:]
        assert len(first) == len(second) == OF_A_HEALTHY_VISIT
        assert all(client.endswith("[127.0.0.1]") for client in first)
        assert all(client.endswith(f"[{HEALTHY_IPV6}]") for client in second)

    @pytest.mark.parametrize("domain", ["healthy.test", "open-relay.test"])
    def test_no_mail_and_no_forbidden_command(self, real_world: RealWorld, domain: str) -> None:
        real_world.check(domain)
        allowed = {"ehlo", "helo", "starttls", "mail", "rcpt", "rset", "noop", "quit", "commands"}
        sessions = [
            line.split("] ", 1)[1]
            for line in real_world.postfix_log(f"{domain.removesuffix('.test')}/")
            if ": disconnect from" in line
        ]
        commands = set(re.findall(r"(\w+)=", " ".join(sessions)))
        assert {"rcpt", "quit"} <= commands <= allowed
        assert real_world.postfix.queued() == []
