"""What was seen of a domain's DMARC: the names of the tree walk, and who permits reports."""

from dataclasses import dataclass

from mxcheck.evidence.dns import Lookup, TextLookup
from mxcheck.evidence.outcome import NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Dmarc:
    """The TXT records at the names that a tree walk asks (RFC 9989 4.10).

    `walk` has the names of the domain, then those of the hosts below its organization to which
    reports go, each once. `permissions` has the names at which other hosts permit reports about the
    domain (RFC 9990 4).
    """

    walk: tuple[TextLookup, ...] = ()
    permissions: tuple[TextLookup, ...] = ()

    def walked(self, name: str) -> Lookup:
        """Return what a name of the walk answered; NOT_ASKED if it was not asked."""
        return next((one.lookup for one in self.walk if one.name == name), NOT_ASKED)

    def permission(self, name: str) -> Lookup:
        """Return what a name of a permission answered; NOT_ASKED if it was not asked."""
        return next((one.lookup for one in self.permissions if one.name == name), NOT_ASKED)


NO_DMARC = Dmarc()
"""The evidence about a domain that was not asked."""
