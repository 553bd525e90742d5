"""The log of an OpenSSH client that shares its connection."""

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.wire.ssh_log import SshLog, parse_open_failure

NEW = "debug1: channel {}: new stdio-forward [stdio-forward] (inactive timeout: 0)"
FREE = "debug1: channel {}: free: direct-tcpip: listening port 0 for 192.0.2.1 port 25, nchannels 3"


def asked(target: str, number: int) -> list[str]:
    return [f"debug1: channel_connect_stdio_fwd: {target}", NEW.format(number)]


def fed(*lines: str, log: SshLog) -> SshLog:
    for line in lines:
        log.feed(line)
    return log


def test_the_login_tells_name_and_address() -> None:
    log = fed(
        'Authenticated to gate.example.net ([192.0.2.9]:22) using "publickey".',
        "debug1: Entering interactive session.",
        log=SshLog(),
    )
    assert (log.host, log.address, log.is_ready) == ("gate.example.net", "192.0.2.9", True)


def test_a_login_through_another_machine_tells_no_address() -> None:
    log = fed('Authenticated to gate (via proxy) using "publickey".', log=SshLog())
    assert (log.host, log.address) == ("gate", "")


@pytest.mark.parametrize(
    "ask",
    [
        asked("192.0.2.1:25", 2),
        # OpenSSH before 8.5 and before 9.2
        [
            "debug1: channel_connect_stdio_fwd 192.0.2.1:25",
            "debug1: channel 2: new [stdio-forward]",
        ],
    ],
)
def test_a_failure_goes_to_the_stream_of_its_channel(ask: list[str]) -> None:
    log = SshLog()
    other, stream = log.expect("192.0.2.9", 25), log.expect("192.0.2.1", 25)
    fed(
        *asked("192.0.2.9:25", 1),
        *ask,
        "channel 2: open failed: connect failed: Connection refused",
        log=log,
    )
    assert stream.failure == "connect failed: Connection refused"
    assert (other.failure, log.waiting) == ("", 1)


def test_a_late_failure_of_an_earlier_try_is_not_taken_for_that_of_the_next() -> None:
    log = SshLog()
    first = log.expect("2001:db8::1", 25)
    fed(*asked("2001:db8::1:25", 2), log=log)
    second = log.expect("2001:db8::1", 25)
    fed(
        *asked("2001:db8::1:25", 3),
        "channel 2: open failed: connect failed: Connection timed out",
        FREE.format(2),
        log=log,
    )
    assert (first.failure, second.failure) == ("connect failed: Connection timed out", "")


def test_what_nobody_asked_for_is_matched_to_nothing() -> None:
    log = SshLog()
    stream = log.expect("192.0.2.1", 25)
    fed(
        *asked("192.0.2.7:25", 2),
        "channel 2: open failed: connect failed: Connection refused",
        "channel 9: open failed: connect failed: Connection refused",
        log=log,
    )
    assert stream.failure == ""


def test_a_stream_waits_until_it_is_settled_or_gone() -> None:
    log = SshLog()
    streams = [log.expect("192.0.2.1", port) for port in (25, 26, 27)]
    for number, port in enumerate((25, 26, 27), 2):
        fed(*asked(f"192.0.2.1:{port}", number), log=log)
    assert log.waiting == 3
    streams[0].settled = True
    fed(FREE.format(3), log=log)
    assert log.waiting == 1


def test_the_last_words_that_are_not_for_debugging_are_the_complaint() -> None:
    log = fed(
        "debug1: Connecting",
        "No ED25519 host key is known for gate and you have requested strict checking.",
        "Host key verification failed.",
        log=SshLog(),
    )
    assert log.complaint == (
        "No ED25519 host key is known for gate and you have requested strict checking."
        " Host key verification failed."
    )


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        ("connect failed: Connection refused", Trouble.REFUSED),
        ("connect failed: Connection timed out", Trouble.TIMEOUT),
        ("connect failed: Operation timed out", Trouble.TIMEOUT),
        ("connect failed: No route to host", Trouble.HOST_UNREACHABLE),
        ("connect failed: Network is unreachable", Trouble.NO_ROUTE),
        ("connect failed: open failed", None),
        ("administratively prohibited: open failed", None),
        ("Connection refused", None),
        ("", None),
    ],
)
def test_the_reason_of_a_failure(words: str, trouble: Trouble | None) -> None:
    assert parse_open_failure(words) is trouble
