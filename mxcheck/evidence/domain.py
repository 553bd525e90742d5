"""What one run saw: its domains, their MX hosts, the visits, the control hosts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from mxcheck.evidence.dkim import KeyLookup
from mxcheck.evidence.dmarc import NO_DMARC, Dmarc
from mxcheck.evidence.dns import AskedResolver, CaaLookup, Lookup, ReverseDns, TlsaLookup
from mxcheck.evidence.mta_sts import NO_MTA_STS, MtaSts
from mxcheck.evidence.name_servers import NameServers
from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.evidence.overrides import Override, OverrideChain
from mxcheck.evidence.records import PlainRecord, RecordLookup
from mxcheck.evidence.smtp import CanaryCall, Visit
from mxcheck.evidence.way_out import WayOut


@dataclass(frozen=True, slots=True, kw_only=True)
class MxHost:
    """One MX host of a domain: its name (A-labels, lower case) and what it resolves to.

    `addresses` were taken up for a visit, `left_out` were not, because there are too many. Where
    the name is an alias, `alias` is what was answered to CNAME, which tells its own security from
    that of the name it leads to. `chain` is to be judged in place of the one that is served. `tlsa`
    holds a lookup for each candidate base domain, the fully expanded name first (RFC 7672 2.2.3).
    """

    name: str
    preference: int
    ipv4: Lookup = NOT_ASKED
    ipv6: Lookup = NOT_ASKED
    alias: Lookup = NOT_ASKED
    tlsa: tuple[TlsaLookup, ...] = ()
    addresses: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    chain: OverrideChain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One tested domain: its MX answer, and the hosts that senders would try, in their order.

    `name` is in A-labels, lower case, without the trailing dot. Without any MX record the one
    host is the domain itself, with preference 0 (RFC 5321 5.1). `records` are the plain records
    that were asked for, `caa` the lookups above the names in the certificates of its hosts.
    `name_servers` are those of its zone, each asked itself. `dkim` are the configured selectors.
    """

    name: str
    mx: Lookup
    hosts: tuple[MxHost, ...] = ()
    mta_sts: MtaSts = NO_MTA_STS
    records: tuple[RecordLookup, ...] = ()
    caa: tuple[CaaLookup, ...] = ()
    name_servers: NameServers | Unseen = NOT_ASKED
    dmarc: Dmarc = NO_DMARC
    dkim: tuple[KeyLookup, ...] = ()

    def record(self, wanted: PlainRecord) -> Lookup:
        """Return what was answered about a plain record, NOT_ASKED if it was not asked for."""
        return {one.record: one.lookup for one in self.records}.get(wanted, NOT_ASKED)

    def dkim_key(self, selector: str) -> Lookup:
        """Return what was answered about a selector, NOT_ASKED if it was not asked for."""
        return {one.selector: one.lookup for one in self.dkim}.get(selector, NOT_ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that one run saw; `observed_at` is the "now" that rules judge by (UTC).

    `via` is how MX hosts and control hosts were reached, None if directly from this machine.
    """

    observed_at: datetime
    finished_at: datetime
    port: int
    domains: tuple[Domain, ...]
    visits: tuple[Visit, ...] = ()
    canaries: tuple[CanaryCall, ...] = ()
    resolvers: tuple[AskedResolver, ...] = ()
    via: WayOut | None = None
    overrides: tuple[Override, ...] = ()
    reverse: tuple[ReverseDns, ...] = ()
    interrupted: bool = False
    deadline_passed: bool = False
    by_endpoint: dict[tuple[str, str], Visit] = field(init=False, repr=False, compare=False)
    by_address: dict[str, ReverseDns] = field(init=False, repr=False, compare=False)
    shown: frozenset[tuple[str, int, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the visits by MX host and address, names by address, and what addresses showed.

        `shown` holds address, port and stage of each visit, under whatever name.
        """
        index = {(visit.host, visit.address): visit for visit in self.visits}
        object.__setattr__(self, "by_endpoint", index)
        object.__setattr__(self, "by_address", {one.address: one for one in self.reverse})
        object.__setattr__(self, "shown", frozenset(_shown(self.visits)))

    def visit(self, host: str, address: str) -> Visit:
        """Return the visit to an address of an MX host.

        One that saw nothing where there was none.
        """
        missing = Visit(host=host, address=address, port=self.port)
        return self.by_endpoint.get((host, address), missing)

    def reverse_of(self, address: str) -> ReverseDns:
        """Return the names of an address; one that was not asked where nothing called for it."""
        return self.by_address.get(address, ReverseDns(address=address))


def _shown(visits: Iterable[Visit]) -> Iterator[tuple[str, int, str]]:
    for visit in visits:
        for stage in ("connection", "greeting", "ehlo", "tls"):
            if not isinstance(getattr(visit, stage), Unseen):
                yield visit.address, visit.port, stage
