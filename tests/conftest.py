"""What holds in every test: how properties are tried out, and the promise of SECURITY.md."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from mxcheck.demo.smtp_server import ScriptedSmtp
from tests.promise import Listeners

# The suite tries the same examples every time; `make fuzz` many others, from a seed that it prints.
settings.register_profile(
    "suite", derandomize=True, database=None, deadline=None, max_examples=60, print_blob=True
)
settings.register_profile("fuzz", database=None, deadline=None, max_examples=3000, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def listeners() -> Iterator[Listeners]:
    """Every scripted SMTP server of the run, whoever starts it."""
    known = Listeners()
    start, stop = ScriptedSmtp.start, ScriptedSmtp.stop

    async def begin(self: ScriptedSmtp) -> None:
        await start(self)
        known.begin(self)

    async def end(self: ScriptedSmtp) -> None:
        await stop(self)
        known.end(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScriptedSmtp, "start", begin)
        patch.setattr(ScriptedSmtp, "stop", end)
        yield known
    assert known.look() == []


@pytest.fixture(autouse=True)
def nothing_harmful(listeners: Listeners) -> Iterator[None]:
    """No server of any test is ever sent a command that could deliver, look up or log in."""
    yield
    assert listeners.look() == []
