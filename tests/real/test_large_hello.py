"""A ClientHello in two segments, and a box on the way that understands only one."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.real.between.box import MTU, Manner
from tests.real.between.segment import Hello
from tests.real.between.world import SERVICES, BoxWorld
from tests.real.checked import Result

pytestmark = pytest.mark.real

RULE = "tls-large-hello-fails"
# Without the headers of IPv4 and TCP, and the timestamps that Linux adds (RFC 7323 3.2).
FULL_SEGMENT = MTU - 20 - 20 - 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a run of mxcheck says, and the ClientHellos that the box saw, one a connection."""

    results: Mapping[Manner, Result]
    hellos: Mapping[Manner, list[Hello]]

    def split(self, manner: Manner) -> list[bool]:
        """Return which ClientHellos took two segments, in their order."""
        return [hello.is_split for hello in self.hellos[manner]]


def check(world: BoxWorld, *manners: Manner) -> Seen:
    """Check the domains of these servers in one run."""
    checked = world.check(*(SERVICES[manner].domain for manner in manners), rules=RULE)
    results = {
        domain["domain"]: result
        for domain in checked.report["domains"]
        for result in domain["results"]
        if result["rule"] == RULE
    }
    return Seen(
        results={manner: results[SERVICES[manner].domain] for manner in manners},
        hellos={manner: world.box.hellos_to(SERVICES[manner].address) for manner in manners},
    )


@pytest.fixture(scope="module")
def seen(box_world: BoxWorld) -> Seen:
    """One run over the same server behind each manner of the box."""
    return check(box_world, *Manner)


def test_a_healthy_server_passes(seen: Seen) -> None:
    assert seen.results[Manner.FORWARD]["outcome"] == "pass"
    assert seen.split(Manner.FORWARD) == [False, True]


@pytest.mark.parametrize(
    ("manner", "words"),
    [(Manner.DROP, "was not answered within 2"), (Manner.RESET, "reset")],
)
def test_a_box_that_reads_one_segment_alone(seen: Seen, manner: Manner, words: str) -> None:
    result = seen.results[manner]
    assert result["outcome"] == "fail", result
    assert words in result["message"]
    assert "but a short one before and after" in result["message"]
    assert seen.split(manner) == [False, True, True, False]


def test_the_long_hello_leaves_in_two_segments(seen: Seen) -> None:
    split = [hello for hellos in seen.hellos.values() for hello in hellos if hello.is_split]
    assert {hello.first for hello in split} == {FULL_SEGMENT}
    assert all(hello.record < 2 * FULL_SEGMENT for hello in split)


@pytest.mark.parametrize("manner", [Manner.DROP, Manner.RESET])
def test_if_no_server_answers_it_may_be_this_network(box_world: BoxWorld, manner: Manner) -> None:
    result = check(box_world, manner).results[manner]
    assert result["outcome"] == "unknown"
    assert "no server of this run does" in result["message"]
