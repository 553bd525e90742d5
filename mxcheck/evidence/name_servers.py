"""What the name servers of a zone answer when each is asked itself."""

from dataclasses import dataclass

from mxcheck.evidence.dns import Lookup


@dataclass(frozen=True, slots=True, kw_only=True)
class NameServerAnswer:
    """What one address of a name server answers to a question, without recursion.

    `server` is the name in the NS record; `address` is "" if it has no address that could be asked.
    An Answer or Absent is authoritative (AA, RFC 1035 4.1.1); everything else is Unseen.
    """

    server: str
    address: str
    name: str
    rdtype: str
    lookup: Lookup


@dataclass(frozen=True, slots=True, kw_only=True)
class NameServers:
    """The name servers of the zone that a domain is in.

    `zone` is "" if there is none below a top-level domain. `again` are the answers some seconds
    later, if `first` are not all the same. `left_out` are name servers that were not asked, because
    there are too many.
    """

    zone: str
    first: tuple[NameServerAnswer, ...] = ()
    again: tuple[NameServerAnswer, ...] = ()
    left_out: tuple[str, ...] = ()
