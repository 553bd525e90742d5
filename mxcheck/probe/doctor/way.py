"""Whether the way out (`--via`) can be opened."""

from contextlib import AsyncExitStack

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.surroundings import OpenedWay
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.shares import in_time
from mxcheck.probe.tcp import Way
from mxcheck.probe.via.errors import WayOutError
from mxcheck.probe.via.open import open_way


async def open_named_way(
    stack: AsyncExitStack, settings: ProbeSettings, seconds: float
) -> Way | OpenedWay | None:
    """Open the way until the stack ends; None if none was named, OpenedWay if it fails."""
    name = str(settings.via)
    detail = f"it was not open within {seconds:g} s"
    late = OpenedWay(name=name, trouble=Unseen(trouble=Trouble.DEADLINE, detail=detail))
    opening = stack.enter_async_context(open_way(settings.via, settings.connect_timeout))
    try:
        way: Way | OpenedWay | None = await in_time(seconds, opening, late)
    except WayOutError as error:
        trouble = Unseen(trouble=Trouble.WAY_OUT, detail=str(error).removeprefix(f"{name}: "))
        return OpenedWay(name=name, trouble=trouble)
    return way
