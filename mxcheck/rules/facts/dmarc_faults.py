"""Say what is wrong in a DMARC record, and what receivers do about it (RFC 9989 4.8, 4.10.1)."""

from dataclasses import dataclass

from mxcheck.model.policy import Level
from mxcheck.wire.dmarc.record import DmarcRecord
from mxcheck.wire.malformed import quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFault:
    """What is wrong, what receivers do, and how much it weighs at most."""

    listed: str
    effect: str
    at_most: Level


def record_fault(record: DmarcRecord) -> RecordFault | None:
    """Return what is wrong in a record, None if nothing is."""
    bad = {one.name for one in record.bad_tags}
    listed = [f"{one.name}={quoted(one.value)}, not {one.wanted}" for one in record.bad_tags]
    listed += record.faults
    if record.p is None and "p" not in bad:
        listed.append("no p=")
    if not listed:
        return None
    if not record.is_without_policy:
        effect, at_most = "the defaults apply in place of it", Level.WARNING
    elif not record.rua:
        effect, at_most = "receivers ignore the record", Level.ERROR
    else:
        effect = "receivers act as if it said p=none"
        at_most = Level.ERROR if bad & {"sp", "np"} else Level.WARNING
    return RecordFault(listed="; ".join(listed), effect=effect, at_most=at_most)
