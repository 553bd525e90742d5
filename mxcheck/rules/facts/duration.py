"""Durations in words."""

_UNITS = (("week", 7 * 24 * 60 * 60), ("day", 24 * 60 * 60), ("hour", 60 * 60), ("minute", 60))
_YEARS = (365 * 24 * 60 * 60, 31_557_600)
"""Of 365 days, and as RFC 8461 3.2 has it."""
_FEW_WEEKS = 5


def duration(seconds: int) -> str:
    """Return seconds as people say them: "a week", "30 days", "about 28 hours"."""
    if seconds in _YEARS:
        return "a year"
    for unit, size in _UNITS:
        count = seconds // size
        is_whole = count * size == seconds
        if unit == "week" and not (is_whole and count < _FEW_WEEKS):
            continue
        if count > 1 or (count and is_whole):
            return f"{'' if is_whole else 'about '}{_counted(round(seconds / size), unit)}"
    return _counted(seconds, "second")


def _counted(count: int, unit: str) -> str:
    article = "an" if unit == "hour" else "a"
    return f"{article} {unit}" if count == 1 else f"{count} {unit}s"
