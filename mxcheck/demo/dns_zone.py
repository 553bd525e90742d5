"""DNS answers from a zone file: aliases are followed, NXDOMAIN and no data are distinguished."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.zonefile

_ROOT_SOA = ". 60 IN SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer of a resolver: the rcode, the records, and the SOA of an empty answer.

    owners: every name that the answer depends on, the question's own and each alias target.
    """

    rcode: dns.rcode.Rcode
    answer: tuple[dns.rrset.RRset, ...]
    authority: tuple[dns.rrset.RRset, ...]
    owners: tuple[dns.name.Name, ...]


@dataclass(slots=True)
class Zone:
    """The records of a zone file, whose zones begin at the root and at the names in `apexes`.

    Their SOA records are built in. Raises ValueError or dns.exception.SyntaxError if the text is
    not a zone file (RFC 1035).
    """

    text: str
    apexes: Iterable[dns.name.Name] = ()
    _records: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset] = field(
        init=False, repr=False
    )
    _existing: set[dns.name.Name] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rrsets = dns.zonefile.read_rrsets(_ROOT_SOA + self.text, rdclass=None, default_ttl=60)
        self._records = {(rrset.name, rrset.rdtype): rrset for rrset in rrsets}
        soa = self._records[dns.name.root, dns.rdatatype.SOA]
        for apex in self.apexes:
            own = dns.rrset.from_rdata_list(apex, soa.ttl, list(soa))
            self._records[apex, dns.rdatatype.SOA] = own
        self._existing = {above for rrset in rrsets for above in _upwards(rrset.name)}

    def find(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Found:
        """Look a question up; the rcode is that of the last alias target (RFC 6604 3)."""
        owners, answer = [name], list[dns.rrset.RRset]()
        while rrset := self._rrset_or_alias(owners[-1], rdtype):
            answer.append(rrset)
            if rrset.rdtype == rdtype:
                return _found(dns.rcode.NOERROR, owners, answer)
            target = rrset[0].target
            if target in owners:
                return _found(dns.rcode.SERVFAIL, owners, [])
            owners.append(target)
        rcode = dns.rcode.NOERROR if owners[-1] in self._existing else dns.rcode.NXDOMAIN
        return _found(rcode, owners, answer, self._records[dns.name.root, dns.rdatatype.SOA])

    def _rrset_or_alias(
        self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType
    ) -> dns.rrset.RRset | None:
        return self._records.get((name, rdtype)) or self._records.get((name, dns.rdatatype.CNAME))


def _found(
    rcode: dns.rcode.Rcode,
    owners: list[dns.name.Name],
    answer: list[dns.rrset.RRset],
    *authority: dns.rrset.RRset,
) -> Found:
    return Found(rcode=rcode, answer=tuple(answer), authority=authority, owners=tuple(owners))


def _upwards(name: dns.name.Name) -> tuple[dns.name.Name, ...]:
    """List a name and every name above it: empty non-terminals exist too (RFC 8020)."""
    return tuple(dns.name.Name(name.labels[depth:]) for depth in range(len(name.labels)))
