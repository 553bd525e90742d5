"""The Retry-After field of an HTTP response (RFC 9110 10.2.3)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,9}")


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Parse the field to seconds, 0 for a moment in the past; None if it is malformed."""
    text = value.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
        # RFC 9110 5.6.7: an HTTP-date is in GMT, whether it says so or not.
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return None
