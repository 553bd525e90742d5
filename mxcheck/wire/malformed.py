"""Text that does not follow its grammar, and why."""

from dataclasses import dataclass

_LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """Text that does not follow the grammar; `reason` says where, what was wanted, what stands."""

    reason: str


def quoted(text: str) -> str:
    """Return untrusted text in quotes, cut to what a message can hold."""
    return repr(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
