"""What to say and do about a domain that is an alias of a name without mail."""

from mxcheck.evidence.dns import Absence, Absent
from mxcheck.rules.base import Fail
from mxcheck.rules.facts.alias import dangling_note
from mxcheck.wire.domain_name import display_domain

# RFC 1034 3.6.2: a name that is an alias can have no other record.
_REMEDY = (
    "Let the CNAME record of {} lead to a domain that takes mail, or replace it by an MX record,"
    " which cannot be beside a CNAME record."
)


def leads_nowhere(domain: str, mx: Absent) -> Fail:
    """Return the failure of a domain whose CNAME leads to a name with no MX and no address."""
    name, target = display_domain(domain), mx.aliases[-1]
    seen = f"{name} is an alias (CNAME) of {target}, which has no MX, A or AAAA record"
    if mx.absence is Absence.NXDOMAIN:
        seen = dangling_note(name, target, domain, f"receives the mail for {name}")
    return Fail(message=seen, remedy=_REMEDY.format(name))
