"""Tell what the code of an SMTP reply means (RFC 5321 4.2.1, 4.2.3)."""

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Reply

READY = 220
CLOSING = 421
NO_MAIL_HOST = 521
"""RFC 7504 3: the host never accepts mail."""
UNKNOWN_COMMAND = frozenset({500, 502})
"""RFC 5321 4.2.4: the command is not recognized, or not implemented."""


def is_positive(reply: Reply | Unseen) -> bool:
    """Return whether a reply came and says that the command succeeded (2yz)."""
    return isinstance(reply, Reply) and reply.code // 100 == 2  # noqa: PLR2004 - 2yz


def is_transient(reply: Reply | Unseen) -> bool:
    """Return whether a reply came and refuses for now (4yz)."""
    return isinstance(reply, Reply) and reply.code // 100 == 4  # noqa: PLR2004 - 4yz


def is_permanent(reply: Reply | Unseen) -> bool:
    """Return whether a reply came and refuses permanently (5yz)."""
    return isinstance(reply, Reply) and reply.code // 100 == 5  # noqa: PLR2004 - 5yz


def is_refusal(reply: Reply | Unseen) -> bool:
    """Return whether a reply came and refuses, for now or permanently (4yz, 5yz)."""
    return is_transient(reply) or is_permanent(reply)


def is_ready(reply: Reply | Unseen) -> bool:
    """Return whether a reply came and is 220: a greeting, or an accepted STARTTLS (RFC 3207 4)."""
    return isinstance(reply, Reply) and reply.code == READY


def is_closing(reply: Reply | Unseen) -> bool:
    """Return whether a reply came and is 421: the server closes the connection."""
    return isinstance(reply, Reply) and reply.code == CLOSING


def is_unknown_command(reply: Reply | Unseen) -> bool:
    """Return whether a reply came and says that the command is not known (500, 502)."""
    return isinstance(reply, Reply) and reply.code in UNKNOWN_COMMAND


def is_no_mail_host(reply: Reply | Unseen) -> bool:
    """Return whether a reply came and says that the host takes no mail at all (521)."""
    return isinstance(reply, Reply) and reply.code == NO_MAIL_HOST
