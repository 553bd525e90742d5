"""CAA records (RFC 8659): which authorities may issue certificates for a name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import dns.exception
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.rdtypes.ANY.CAA import CAA

ISSUE, ISSUE_WILD = "issue", "issuewild"
_KNOWN = frozenset(
    {ISSUE, ISSUE_WILD, "iodef", "contactemail", "contactphone", "issuemail", "issuevmc"}
)
_CRITICAL = 0x80
_ISSUER = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaSet:
    """The CAA records at one name: who may issue; None says that the property is absent.

    A value that names nobody (";", or what cannot be read) is not among the domains, and forbids
    all. `unknown_critical` is a property that nobody knows and that is critical: it forbids all.
    """

    issue: tuple[str, ...] | None
    issue_wild: tuple[str, ...] | None
    unknown_critical: str = ""

    def allowed(self, *, wildcard: bool) -> tuple[str, ...] | None:
        """Return the domains of those who may issue, None if everybody may (RFC 8659 4.2, 4.3)."""
        if self.unknown_critical:
            return ()
        if wildcard and self.issue_wild is not None:
            return self.issue_wild
        return self.issue


def parse_caa(records: Iterable[str]) -> CaaSet:
    """Parse the CAA records of one name, in presentation format; parameters are ignored.

    ValueError if a record cannot be read.
    """
    properties = [_property(record) for record in records]
    critical = [tag for flags, tag, _ in properties if flags & _CRITICAL and tag not in _KNOWN]
    return CaaSet(
        issue=_issuers(ISSUE, properties),
        issue_wild=_issuers(ISSUE_WILD, properties),
        unknown_critical=next(iter(critical), ""),
    )


def _property(record: str) -> tuple[int, str, str]:
    try:
        rdata = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.CAA, record)
    except dns.exception.DNSException as error:
        raise ValueError(f"the CAA record {record} cannot be read: {error}") from error
    if not isinstance(rdata, CAA):  # a record in the form for unknown types
        raise ValueError(f"the CAA record {record} cannot be read")  # noqa: TRY004
    return rdata.flags, rdata.tag.decode("ascii").lower(), rdata.value.decode("latin-1")


def _issuers(tag: str, properties: list[tuple[int, str, str]]) -> tuple[str, ...] | None:
    values = [value for _, found, value in properties if found == tag]
    domains = [value.partition(";")[0].strip(" \t").lower() for value in values]
    return tuple(one for one in domains if _ISSUER.fullmatch(one)) if values else None
