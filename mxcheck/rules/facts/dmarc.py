"""Find the DMARC record that applies to a domain, and the policy in force."""

from mxcheck.rules.base import DomainCase, Missing, NotApplicable, Unknown
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.dmarc.record import DmarcRecord, Request
from mxcheck.wire.dmarc.walk import Discovery, Step, discover, record_name
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.version_record import Discarded

NO_RECORD = "there is no DMARC record"


def discovery_of(case: DomainCase) -> Discovery:
    """Return what the tree walk of a domain shows."""
    return discover(case.domain.name, case.domain.dmarc.walked)


def the_discovery(case: DomainCase) -> Discovery | Unknown:
    """Return what the tree walk shows; Unknown if a lookup that decides about the record failed."""
    discovery = discovery_of(case)
    if discovery.record_unseen is None:
        return discovery
    name = display_domain(case.domain.name)
    return Unknown(
        message=(
            f"which DMARC record applies to {name} is not known: {discovery.record_unseen.detail}"
        ),
        remedy=lookup_remedy(discovery.record_unseen),
    )


def the_record(case: DomainCase) -> Discovery | NotApplicable:
    """Return what the walk shows, if there is a record that receivers act on.

    dmarc-missing owns what was not seen, dmarc-invalid a record that receivers ignore.
    """
    discovery = the_discovery(case)
    if isinstance(discovery, Unknown):
        return Missing(message=discovery.message)
    if discovery.request() is None:
        message = "receivers ignore the DMARC record" if discovery.record else NO_RECORD
        return Missing(message=message)
    return discovery


def faulty_step(discovery: Discovery) -> tuple[Step, Malformed | Discarded] | None:
    """Return the first name at which there is something that receivers do not take for a record.

    Above the domain it matters only if the domain itself has no record.
    """
    steps = discovery.steps[:1] if discovery.is_own else discovery.steps
    found = ((step, step.found) for step in steps)
    faulty = ((step, one) for step, one in found if isinstance(one, Malformed | Discarded))
    return next(faulty, None)


def where(discovery: Discovery) -> str:
    """Return the place of the record that applies, as messages name it."""
    name = record_name(discovery.location)
    if discovery.is_own:
        return name
    return f"{name} (the record of {discovery.location}, which applies to {discovery.domain})"


def policy_shown(discovery: Discovery) -> str:
    """Return the tags that decide about the policy in force, as they are written."""
    record = discovery.record
    if record is None:
        return ""
    tags = {"p": record.p} if discovery.is_own else {"p": record.p, "sp": record.sp}
    said = [f"{name}={value}" for name, value in tags.items() if value is not None]
    if record.is_without_policy:
        said = ["no valid policy, so none"]
    return "; ".join([*said, *(["t=y"] if record.testing else [])])


def enforces(request: Request | None) -> bool:
    """Return whether a policy asks for more than nothing (RFC 9989 3.2.9)."""
    return request not in {None, Request.NONE}


def record_of(discovery: Discovery) -> DmarcRecord:
    """Return the record that applies, an empty one if there is none."""
    return discovery.record or DmarcRecord(text="")
