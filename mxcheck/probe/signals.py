"""SIGINT and SIGTERM: a run that is told to stop ends in an orderly way."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def interruptible(on_interrupt: Callable[[], None], work: asyncio.Task[None]) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the work in an orderly way, where the platform can do that."""

    def interrupt() -> None:
        on_interrupt()
        work.cancel()

    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    with contextlib.ExitStack() as stack:
        for number in signals:
            before = signal.getsignal(number)
            with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                loop.add_signal_handler(number, interrupt)
                stack.callback(signal.signal, number, before)
                stack.callback(loop.remove_signal_handler, number)
        yield
