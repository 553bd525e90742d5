"""What to say of a certificate that is sent although no sender needs it."""

from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail

_REMEDY = (
    "Remove it: serve the server's own certificate and the intermediates that lead to a root"
    " (certbot: fullchain.pem), nothing else."
)


def useless(case: EndpointCase, fault: str) -> Fail:
    """Return a warning about such a certificate, with what is wrong with it."""
    message = f"{case.where} sends a certificate that senders do not need, and that {fault}"
    return Fail(message=message, remedy=_REMEDY, at_most=Level.WARNING)
