"""The model of the JSON report: lookups."""

from dataclasses import dataclass

from mxcheck.evidence.dns import TrustedBy
from mxcheck.evidence.outcome import Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenJson:
    """An attempt that showed nothing."""

    trouble: Trouble
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupJson:
    """The resolver's answer; `status` is "answer", "nxdomain", "nodata" or the trouble.

    `what_ifs` are the overrides that the answer comes from.
    """

    status: str
    owner: str | None = None
    records: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    ttl: int | None = None
    authenticated_data: bool | None = None
    what_ifs: tuple[str, ...] = ()
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardJson:
    """The name in a PTR record, and its addresses."""

    name: str
    addresses: LookupJson


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseJson:
    """The PTR records of an address."""

    address: str
    ptr: LookupJson
    forward: tuple[ForwardJson, ...]
    names_left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostDnsJson:
    """The address lookups of one MX host, and the PTR records of its addresses."""

    host: str
    a: LookupJson
    aaaa: LookupJson
    reverse: tuple[ReverseJson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckJson:
    """What was answered after SERVFAIL: with checking disabled, and once more without."""

    unchecked: LookupJson
    again: LookupJson


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaJson:
    """The CAA records at a name, on the way up from a name in a certificate."""

    name: str
    lookup: LookupJson


@dataclass(frozen=True, slots=True, kw_only=True)
class NameServerAnswerJson:
    """What one address of a name server answers to a question, without recursion."""

    server: str
    address: str
    name: str
    type: str
    lookup: LookupJson


@dataclass(frozen=True, slots=True, kw_only=True)
class NameServersJson:
    """The name servers of the zone; `again` are their answers some seconds later."""

    zone: str
    first: tuple[NameServerAnswerJson, ...]
    again: tuple[NameServerAnswerJson, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsJson:
    """The lookups that were made for one domain; `mx_recheck` only if MX is bogus.

    `name_servers` only if they were asked.
    """

    mx: LookupJson
    mx_recheck: RecheckJson | None
    hosts: tuple[HostDnsJson, ...]
    caa: tuple[CaaJson, ...]
    name_servers: NameServersJson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverJson:
    """A resolver that was asked; `root_soa` shows whether it validates."""

    name: str
    trusted_by: TrustedBy
    root_soa: LookupJson
