"""SIGINT and SIGTERM where a run may not be torn: while reports are written, and at its end."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)

_Handler = signal.Handlers | Callable[[int, object], None]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold off SIGINT and SIGTERM while reports are written: no file is torn or left out."""
    with _handled(signal.SIG_IGN):
        yield


@contextmanager
def ignore_first_signal() -> Iterator[None]:
    """Hold off the first SIGINT or SIGTERM; with the second comes KeyboardInterrupt.

    For what may take for ever, as writing into a pipe that nobody drains does.
    """
    told = False

    def hear(_number: int, _frame: object) -> None:
        nonlocal told
        if told:
            raise KeyboardInterrupt
        told = True

    with _handled(hear):
        yield


@contextmanager
def _handled(handler: _Handler) -> Iterator[None]:
    # Python lets no other thread set handlers, and calls them in the main thread alone.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [signal.signal(number, handler) for number in SIGNALS]
    try:
        yield
    finally:
        for number, former in zip(SIGNALS, before, strict=True):
            signal.signal(number, former)


def hold_off() -> None:
    """Ignore SIGINT and SIGTERM to the end: the exit code is to be the one in the reports."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
