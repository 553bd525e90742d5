"""What a zone file will answer, once it is published (RFC 1034 4.3.2, RFC 4592 3.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

from mxcheck.evidence.dns import Absence
from mxcheck.wire.record_set import RecordSet, ZoneFile

CNAME, DNAME, NS = "CNAME", "DNAME", "NS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneIndex:
    """A zone file by name and type; `names` are those in it, and all names above them.

    With a SOA record it is a whole zone: what it lacks at its apex and below is not there, but for
    what it delegates. Without one, nothing is concluded from what it lacks.
    """

    apex: str
    sets: Mapping[tuple[str, str], RecordSet]
    owners: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, zone: ZoneFile) -> Self:
        """Index a file."""
        owners = frozenset((*(one.name for one in zone.record_sets), *zone.other_names))
        return cls(
            apex=zone.apex,
            sets={(one.name, one.rdtype): one for one in zone.record_sets},
            owners=owners,
            names=frozenset(name for owner in owners for name in _upwards(owner)),
        )

    def find(self, name: str, rdtype: str) -> RecordSet | Absence | None:
        """Return the record set of a name and type, or its alias.

        None where the file says nothing.
        """
        if self._is_delegated(name):
            return None
        moved = self._moved(name)
        if moved:
            return moved
        owner = self._owner(name)
        alias = None if rdtype == CNAME else self.sets.get((owner, CNAME))
        found = self.sets.get((owner, rdtype)) or alias
        if found or not self._holds(name):
            return found
        return Absence.NODATA if owner in self.names else Absence.NXDOMAIN

    def denies(self, apex: str) -> bool:
        """Return whether the file is that of a zone above, and leads to no zone of that name."""
        return self._holds(apex) and apex != self.apex and not self._is_delegated(apex)

    def replaces_alias(self, name: str) -> bool:
        """Return whether records of a name here leave no room for an alias (RFC 1034 3.6.2)."""
        return name in self.owners and (name, CNAME) not in self.sets

    def _holds(self, name: str) -> bool:
        return bool(self.apex) and (name == self.apex or name.endswith(f".{self.apex}"))

    def _is_delegated(self, name: str) -> bool:
        """Return whether a name is in a zone below this one.

        At an NS record that is not the apex's.
        """
        return self._holds(name) and any(
            (above, NS) in self.sets
            for above in _upwards(name)
            if above != self.apex and self._holds(above)
        )

    def _owner(self, name: str) -> str:
        """Return the name whose records answer: itself, or the wildcard at its closest encloser."""
        if name in self.names:
            return name
        encloser = next((above for above in _upwards(name) if above in self.names), "")
        return f"*.{encloser}" if f"*.{encloser}" in self.owners else name

    def _moved(self, name: str) -> RecordSet | None:
        """Return the alias of a name that a DNAME record above it makes (RFC 6672 2.2, 2.4)."""
        for above in _upwards(name):
            moved = self.sets.get((above, DNAME))
            if moved and above != name:
                target = f"{name.removesuffix(above)}{moved.records[0]}".rstrip(".")
                return replace(moved, name=name, rdtype=CNAME, records=(target,))
        return None


def _upwards(name: str) -> Iterator[str]:
    """Yield a name, and the names above it."""
    while name:
        yield name
        _, _, name = name.partition(".")
