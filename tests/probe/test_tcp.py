import errno

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.probe.tcp import describe_error

RESET = "connection reset by the other side"


@pytest.mark.parametrize(
    ("error", "trouble", "detail"),
    [
        # The event loop raises these without an errno once the connection is known to be lost.
        (ConnectionResetError(), Trouble.RESET, RESET),
        (ConnectionResetError("Connection lost"), Trouble.RESET, RESET),
        (ConnectionAbortedError(), Trouble.RESET, RESET),
        (BrokenPipeError(), Trouble.RESET, RESET),
        (ConnectionResetError(errno.ECONNRESET, "reset"), Trouble.RESET, RESET),
        (ConnectionRefusedError(errno.ECONNREFUSED, "no"), Trouble.REFUSED, "connection refused"),
        (OSError(errno.EHOSTUNREACH, "no"), Trouble.HOST_UNREACHABLE, "no route to host"),
        (OSError(errno.ENETUNREACH, "no"), Trouble.NO_ROUTE, "this machine has no route to IPv4"),
        (OSError(errno.EIO, "I/O error"), Trouble.NETWORK, "I/O error"),
        (OSError("no number"), Trouble.NETWORK, "no number"),
    ],
    ids=repr,
)
def test_what_an_error_is_called(error: OSError, trouble: Trouble, detail: str) -> None:
    seen = describe_error(error, "192.0.2.1")
    assert (seen.trouble, seen.detail) == (trouble, detail)
