"""The DNS tree walk (RFC 9989 4.10): which record applies to a domain, and whose it is.

It works on recorded lookups alone, so that the probe, the rules and the tests use the same walk.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.dmarc.record import DmarcRecord, Psd, Request, select_record
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.txt import texts_of
from mxcheck.wire.version_record import Discarded

MAX_LABELS = 7
"""Of the second name that is asked and of those after it: eight lookups at most (RFC 9989 4.10)."""

Found: TypeAlias = DmarcRecord | Malformed | Discarded | Unseen | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One name of a walk, and the record that was found at `_dmarc.` and this name."""

    domain: str
    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a walk shows: the record that applies, None if none does, and where it is.

    `organization` is the organizational domain. `unseen` is the lookup without which one of these
    is not known: `record` if it is about the record too, else about the organization alone.
    """

    domain: str
    steps: tuple[Step, ...]
    record: DmarcRecord | None
    location: str
    organization: str
    record_unseen: Unseen | None = None
    organization_unseen: Unseen | None = None

    @property
    def is_own(self) -> bool:
        """Return whether the record is that of the domain itself."""
        return self.location == self.domain

    @property
    def is_of_suffix(self) -> bool:
        """Return whether the record is that of a public suffix above the domain (psd=y)."""
        return self.record is not None and not self.is_own and self.record.psd is Psd.YES

    def request(self, *, exists: bool = True) -> Request | None:
        """Return the policy in force, None if receivers apply none (RFC 9989 4.10.1)."""
        if self.record is None:
            return None
        return self.record.request(below=not self.is_own, exists=exists)


def record_name(domain: str) -> str:
    """Return the name at which the record of a domain is."""
    return f"_dmarc.{domain}"


def walk_targets(domain: str) -> Iterator[str]:
    """Yield the domains in the order in which a walk asks about them, if nothing stops it."""
    yield domain
    labels = domain.split(".")[1:][-MAX_LABELS:]
    for first in range(len(labels)):
        yield ".".join(labels[first:])


def is_last(found: Found) -> bool:
    """Return whether a walk stops at a record (RFC 9989 4.10, steps 2 and 6)."""
    return isinstance(found, DmarcRecord) and found.psd is not Psd.UNSAID


def found_in(lookup: Lookup) -> Found:
    """Return the record in the TXT records of a name."""
    return lookup if isinstance(lookup, Unseen) else select_record(texts_of(lookup))


def walk(domain: str, lookup_of: Callable[[str], Lookup]) -> tuple[Step, ...]:
    """Return the steps of a walk; `lookup_of` returns the TXT lookup of a name."""
    steps = []
    for target in walk_targets(domain):
        found = found_in(lookup_of(record_name(target)))
        steps.append(Step(domain=target, found=found))
        if is_last(found):
            break
    return tuple(steps)


def discover(domain: str, lookup_of: Callable[[str], Lookup]) -> Discovery:
    """Return the record that applies to a domain (RFC 9989 4.10.1), and its organization."""
    steps = walk(domain, lookup_of)
    unseen = next((one.found for one in steps if isinstance(one.found, Unseen)), None)
    records = {one.domain: one.found for one in steps if isinstance(one.found, DmarcRecord)}
    organization = _organization(domain, records)
    location = _location(domain, organization, records)
    return Discovery(
        domain=domain,
        steps=steps,
        record=records.get(location),
        location=location,
        organization=organization,
        record_unseen=None if domain in records else unseen,
        organization_unseen=unseen,
    )


def _location(domain: str, organization: str, records: dict[str, DmarcRecord]) -> str:
    """Return where the record that applies is, "" if there is none (RFC 9989 4.10.1)."""
    suffix = next((one for one in records if records[one].psd is Psd.YES), "")
    return next((one for one in (domain, organization, suffix) if one in records), "")


def _organization(domain: str, records: dict[str, DmarcRecord]) -> str:
    """Return the organizational domain (RFC 9989 4.10.2); the records are the longest first."""
    for name, record in records.items():
        if record.psd is Psd.NO:
            return name
        if record.psd is Psd.YES and name != domain:
            kept = name.count(".") + 2
            return ".".join(domain.split(".")[-kept:])
    return next(reversed(records), domain)
