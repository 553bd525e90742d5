"""What a visit did not hear because the way out broke."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.smtp.notebook import Notebook
from mxcheck.probe.tcp import Way

_SILENCES = frozenset({Trouble.TIMEOUT, Trouble.CLOSED, Trouble.RESET, Trouble.DRIP})
SeenT = TypeVar("SeenT")


async def doubt_silences(notebook: Notebook, way: Way | None) -> None:
    """Ask the way whether it still works if a visit met a silence; if not, that shows nothing."""
    if way is None:
        return
    silent = [name for name in _stages(notebook) if _is_silent(getattr(notebook, name))]
    broken = await way.why_broken() if silent else None
    if broken:
        for name in silent:
            setattr(notebook, name, _without_silence(getattr(notebook, name), broken))


def _stages(notebook: Notebook) -> list[str]:
    return [entry.name for entry in fields(notebook) if entry.name != "transcript"]


def _is_silent(seen: object) -> bool:
    if isinstance(seen, Unseen):
        return seen.trouble in _SILENCES
    if isinstance(seen, tuple | list):
        return any(map(_is_silent, seen))
    if is_dataclass(seen) and not isinstance(seen, type):
        return any(_is_silent(getattr(seen, entry.name)) for entry in fields(seen))
    return False


def _without_silence(seen: SeenT, broken: Unseen) -> SeenT:
    """Return what was seen with every silence replaced by what broke."""
    instead: Any = seen
    if isinstance(seen, Unseen):
        instead = broken if seen.trouble in _SILENCES else seen
    elif isinstance(seen, tuple | list):
        instead = type(seen)(_without_silence(one, broken) for one in seen)
    elif is_dataclass(seen) and not isinstance(seen, type):
        changed: dict[str, Any] = {
            entry.name: _without_silence(getattr(seen, entry.name), broken)
            for entry in fields(seen)
        }
        instead = replace(seen, **changed)
    result: SeenT = instead
    return result
