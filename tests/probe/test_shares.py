import pytest

from mxcheck.probe.shares import in_turns


@pytest.mark.parametrize(
    ("queues", "order"),
    [
        ([], ""),
        (["abc"], "abc"),
        (["abc", "", "d", "ef"], "adebfc"),
    ],
)
def test_a_long_queue_keeps_nobody_waiting(queues: list[str], order: str) -> None:
    assert "".join(in_turns(queues)) == order
