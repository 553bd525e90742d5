"""Two real name servers of a zone that agree, differ, or of which one says nothing."""

from collections.abc import Iterator

import pytest

from tests.real.checked import Checked
from tests.real.domains import SECOND_NAMESERVER
from tests.real.nameservers import DNS_PORT, serve
from tests.real.world import RealWorld

pytestmark = pytest.mark.real

RULE = "mx-nameservers-disagree"
SOA = "@ 300 SOA ns.test. hostmaster.test. 1 3600 600 86400 300\n@ 300 NS ns.test.\n"
NS = f"{SOA}@ 300 NS second.ns.many.test.\n"


@pytest.fixture(scope="module")
def two(real_world: RealWorld) -> Iterator[RealWorld]:
    """The world with a second name server, which does not have lame.test."""
    folder = real_world.folder / "second"
    folder.mkdir()
    files = {"agreed.test": "mx.healthy.test.", "disagreed.test": "mx.no-tls.test."}
    for zone, host in files.items():
        (folder / zone).write_text(f"$ORIGIN {zone}.\n{NS}@ 300 MX 10 {host}\n")
    server = serve(real_world.namespace, folder, SECOND_NAMESERVER, {name: name for name in files})
    try:
        server.wait_for(SECOND_NAMESERVER, DNS_PORT)
        yield real_world
    finally:
        server.stop()


def check(world: RealWorld, domain: str, *, private: bool = True) -> Checked:
    return world.check(domain, "--select", RULE, "--level", f"{RULE}=error", private=private)


@pytest.mark.parametrize(
    ("domain", "code", "outcome", "words"),
    [
        ("agreed.test", 0, "pass", "ns.test, second.ns.many.test"),
        ("healthy.test", 0, "pass", "ns.test"),
        ("d1.healthy.many.test", 0, "pass", "ns.test"),
        ("disagreed.test", 1, "fail", "10 mx.no-tls.test at second.ns.many.test [127.0.0.55]"),
        ("lame.test", 1, "fail", "[127.0.0.55] does not answer for the zone: it answers REFUSED"),
        ("half-silent.test", 3, "unknown", "silent.ns.many.test [10.77.0.99]: it does not answer"),
        ("shut.test", 3, "unknown", "as if port 53 were shut"),
    ],
)
def test_name_servers(two: RealWorld, domain: str, code: int, outcome: str, words: str) -> None:
    checked = check(two, domain)
    [result] = checked.results(outcome)
    assert words in result["message"]
    assert checked.exit_code == code


def test_reserved_addresses_are_not_asked(two: RealWorld) -> None:
    checked = check(two, "disagreed.test", private=False)
    [result] = checked.results("unknown")
    assert "never connected to" in result["message"]
