"""SIGINT and SIGTERM where a run may not be torn: while reports are written, and at its end."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold off SIGINT and SIGTERM while reports are written: no file is torn or left out."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [signal.signal(number, signal.SIG_IGN) for number in SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)


def hold_off() -> None:
    """Ignore SIGINT and SIGTERM to the end: the exit code is to be the one in the reports."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
