"""How much of the relay test one connection carries, and how many connections it may take."""

from mxcheck.evidence.smtp import Visit
from mxcheck.wire.software import Software, parse_software

MAX_REFUSALS = 9
"""Refusals on one connection: from the tenth on Postfix delays each reply (smtpd_soft_error_limit),
at the twentieth it hangs up (smtpd_hard_error_limit)."""
MAX_FORMS = 90
"""Forms on one connection, each with its RSET: Postfix takes 100 (smtpd_junk_command_limit), and
OpenSMTPD 100 times MAIL."""
MAX_FORMS_OF_EXIM = 12
"""Exim takes the first RSET and 10 more (smtp_accept_max_nonmail)."""
MAX_SHARING = 20
"""Domains sharing an address that may each have as many further connections as one domain alone."""


def max_forms(visit: Visit) -> int:
    """Return how many forms one connection to the server may carry."""
    return MAX_FORMS_OF_EXIM if parse_software(visit) is Software.EXIM else MAX_FORMS


def further_connections(max_connections: int, domains: int) -> int:
    """Return how many further connections the relay test of that many domains may take."""
    return (max_connections - 1) * min(domains, MAX_SHARING)
