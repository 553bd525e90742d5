"""The day on which saved evidence is judged, which is another one than that of the evidence."""

import datetime as dt


def today() -> dt.date:
    """Return the day by this machine's clock (UTC)."""
    return dt.datetime.now(dt.UTC).date()
