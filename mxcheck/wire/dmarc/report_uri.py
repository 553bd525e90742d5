"""Where reports go: the URIs in rua and ruf (RFC 9989 4.6, 4.8)."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from mxcheck.wire.malformed import Malformed, quoted

# RFC 9989 4.8: commas and exclamation marks are encoded; a size behind "!" is ignored.
_URI = re.compile(
    r"(?P<uri>(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):[^\s,!<>\"\\^`{|}]+)(?:!\d+[kmgt]?)?"
)
_MAILBOX = re.compile(r"[^@\s]+@(?P<host>[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)\.?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportUri:
    """A valid URI without an obsolete size, and its host in lower case, "" if it has none."""

    uri: str
    host: str

    @property
    def is_mail(self) -> bool:
        """Return whether it is a mailbox, to which every sender of reports can send."""
        return self.uri.lower().startswith("mailto:")


def parse_report_uris(value: str) -> tuple[ReportUri | Malformed, ...]:
    """Parse the value of a tag rua or ruf, whose URIs are separated by commas."""
    return tuple(_parse_uri(part.strip()) for part in value.split(",") if value.strip())


def _parse_uri(text: str) -> ReportUri | Malformed:
    match = _URI.fullmatch(text)
    if match is None:
        return Malformed(
            reason=f"wanted a URI such as mailto:dmarc@example.com, got {quoted(text)}"
        )
    if match["scheme"].lower() == "mailto":
        mailbox = _MAILBOX.fullmatch(unquote(match["uri"].partition(":")[2].partition("?")[0]))
        if mailbox is None:
            return Malformed(reason=f"wanted mailto: and one mailbox, got {quoted(text)}")
        return ReportUri(uri=match["uri"], host=mailbox["host"].lower())
    try:
        host = urlsplit(match["uri"]).hostname
    except ValueError as error:
        return Malformed(reason=f"{quoted(text)} is not a URI: {error}")
    return ReportUri(uri=match["uri"], host=(host or "").rstrip("."))
