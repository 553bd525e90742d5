"""What dnspython reads of a zone file, gathered in time that grows with the file alone."""

import dns.exception
import dns.name
import dns.node
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zonefile

_Key = tuple[dns.name.Name, dns.rdatatype.RdataType, dns.rdatatype.RdataType]


class ConflictError(dns.exception.SyntaxError):
    """A record cannot exist beside another one."""


class ZoneRecords(dns.zonefile.RRsetsReaderTransaction):
    """Takes the records of one file; its own would look at all names for each record.

    A zone of ten thousand records would take a minute, and a pull request may contain one.
    """

    def __init__(self, origin: dns.name.Name) -> None:
        """Begin at an origin, without any record."""
        manager = dns.zonefile.RRSetsReaderManager(origin=origin, rdclass=dns.rdataclass.IN)
        super().__init__(manager, replacement=True, read_only=False)  # type: ignore[no-untyped-call]
        self._by_key: dict[_Key, dns.rrset.RRset] = {}
        self._kinds: dict[dns.name.Name, dns.node.NodeKind] = {}
        self.unread: set[dns.name.Name] = set()

    @property
    def rrsets(self) -> list[dns.rrset.RRset]:
        """The record sets, in the order of the file."""
        return list(self._by_key.values())

    def add(self, name: dns.name.Name, ttl: int, rdata: dns.rdata.Rdata) -> None:
        """Take a record; ConflictError if it cannot exist beside another."""
        covers = rdata.covers()
        kind = dns.node.NodeKind.classify(rdata.rdtype, covers)
        if kind is not dns.node.NodeKind.NEUTRAL and self._kinds.setdefault(name, kind) is not kind:
            # RFC 1034 3.6.2.
            message = f"{name.to_text()} has a CNAME record, and others beside it"
            raise ConflictError(message)  # type: ignore[no-untyped-call]
        key = name, rdata.rdtype, covers
        if key not in self._by_key:
            self._by_key[key] = dns.rrset.RRset(name, rdata.rdclass, rdata.rdtype, covers)
        self._by_key[key].add(rdata, ttl)
