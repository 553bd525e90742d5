"""Whether an address that was not reached is at fault, or this machine, or nobody."""

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.reach import UNREACHED
from mxcheck.evidence.smtp import Connection, Visit
from mxcheck.rules.base import Cause, EndpointCase, NotApplicable, Unknown
from mxcheck.rules.facts.egress import Egress, egress, egress_remedy
from mxcheck.rules.facts.overrides import is_led_elsewhere
from mxcheck.rules.facts.same_address import limited_at
from mxcheck.wire.address import ip_version, is_aside


def unless_shut_in(connection: Unseen, case: EndpointCase) -> Visit | Unseen | Unknown:
    """Return the visit to an unreached address, unless this machine may be the cause."""
    visit, port = case.visit, case.run.port
    if is_led_elsewhere(case) and is_aside(visit.address, visit.port, port):
        return visit
    limited = limited_at("connection", connection, case)
    if limited:
        return limited
    family = ip_version(visit.address)
    tried = "was not tried" if connection.trouble is Trouble.GIVEN_UP else "could not be reached"
    unreached = f"{case.visit.host} [{case.visit.address}] {tried}, but"
    match egress(case.run, family):
        case Egress.OPEN:
            return connection if connection.trouble is Trouble.GIVEN_UP else case.visit
        case Egress.CLOSED:
            seen = f"{Cause.CLOSED_PORT} over IPv{family}: {Egress.CLOSED.value}"
            message, cause = f"{unreached} {seen}", Cause.CLOSED_PORT
            remedy = egress_remedy(through_way=case.run.via is not None)
            return Unknown(message=message, remedy=remedy, cause=cause)
        case Egress.UNTOLD:
            return Unknown(message=f"{unreached} {Egress.UNTOLD.value}")


def without_family(case: EndpointCase, connection: Unseen) -> NotApplicable | Unknown:
    """Return what to say of a family that this machine lacks, or that the user left out."""
    excluded = connection.trouble is Trouble.EXCLUDED
    others = [case.run.visit(case.host.name, address) for address in case.host.addresses]
    for other in others:
        why = _why_enough(other, case, excluded=excluded)
        if why and ip_version(other.address) != ip_version(case.visit.address):
            return NotApplicable(message=f"{connection.detail}; {why}")
    family = ip_version(case.visit.address)
    here = f"without -{10 - family}" if excluded else f"on a machine with IPv{family}"
    return Unknown(
        message=f"{case.host.name} [{case.visit.address}]: {connection.detail}",
        remedy=f"Run the check {here}.",
    )


def _why_enough(other: Visit, case: EndpointCase, *, excluded: bool) -> str:
    """Return why an address of a family that is not used need not be judged, or "".

    `other` is what was seen at an address of the other family.
    """
    seen, family = other.connection, ip_version(other.address)
    if isinstance(seen, Connection):
        return f"{other.host} was reached by the other address family"
    if seen.trouble in {*UNREACHED, Trouble.GIVEN_UP}:
        if egress(case.run, family) is Egress.CLOSED:
            return f"{Cause.CLOSED_PORT} over IPv{family}, over which it would be judged"
        if excluded:
            return f"{other.host} has an address in the other address family"
    return ""
