"""Tell a tarpit that answers new clients in place of the mail server: OpenBSD's spamd.

It takes every recipient and puts the mail off after DATA, until the client has come back often
enough. So nothing that it accepts shows what the server behind it does.
"""

from mxcheck.rules.base import EndpointCase, Fail, NotApplicable, Unknown
from mxcheck.wire.software import Software, parse_software

_SEEN = "OpenBSD spamd answers new clients in place of the server"
REMEDY = "Let spamd pass the address of this machine (spamdb -a ADDRESS), and run the check again."


def is_tarpit(case: EndpointCase) -> bool:
    """Return whether a tarpit answered."""
    return parse_software(case.visit) is Software.SPAMD


def hidden_recipients(case: EndpointCase) -> NotApplicable | None:
    """Return why answers to RCPT show nothing, if so."""
    if not is_tarpit(case):
        return None
    return NotApplicable(
        message=f"{_SEEN}: it takes every recipient, and puts the mail off after DATA. {REMEDY}"
    )


def behind_tarpit(found: Fail | Unknown, case: EndpointCase) -> Fail | Unknown:
    """Return a failure that may be the tarpit's alone as unknown."""
    if isinstance(found, Unknown) or not is_tarpit(case):
        return found
    return Unknown(message=f"{found.message} {_SEEN}.", remedy=REMEDY)
