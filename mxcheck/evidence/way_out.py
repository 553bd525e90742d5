"""Through which kind of other machine MX hosts were reached (`--via`)."""

from enum import StrEnum


class WayOut(StrEnum):
    """The kind alone: neither the machine nor its user is anybody's business."""

    SSH = "ssh"
    SOCKS5 = "socks5"
