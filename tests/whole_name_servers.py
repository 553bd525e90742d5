"""Evidence of name servers: two that differ, once, beside a lame one or twice; and PTR records."""

from collections.abc import Iterator
from dataclasses import replace

from mxcheck.evidence.dns import Absence, Absent, Answer, ForwardLookup, Lookup, ReverseDns
from mxcheck.evidence.name_servers import NameServerAnswer, NameServers
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from tests.build import unseen


def name_server_states() -> Iterator[tuple[str, NameServers]]:
    """Yield a domain for each state of its name servers."""
    seen = differing("servers.example")
    yield "servers.example", seen
    seen = differing("behind.example")
    yield "behind.example", replace(seen, again=seen.first)


def differing(domain: str) -> NameServers:
    """Return what the name servers of a domain say of its MX host."""

    def said(server: str, address: str, lookup: Lookup) -> NameServerAnswer:
        return NameServerAnswer(
            server=server, address=address, name=domain, rdtype="MX", lookup=lookup
        )

    good = said("ns1.example", "203.0.114.53", Answer(owner=domain, records=(f"10 mx.{domain}",)))
    old = Answer(owner=domain, records=("10 old.example",))
    lame = unseen(Trouble.DNS_REFUSED, f"it answers REFUSED to MX {domain}")
    return NameServers(
        zone=domain,
        first=(good, said("ns2.example", "203.0.114.54", old)),
        again=(good, said("ns2.example", "203.0.114.54", lame)),
        left_out=("ns3.example",),
    )


def reverse_of(visits: list[Visit]) -> Iterator[ReverseDns]:
    """Yield the names of the addresses of three visits: known, unseen and absent."""
    names = Answer(owner="1.114.0.203.in-addr.arpa", records=("ptr.example", "else.example"))
    elsewhere = Answer(owner="ptr.example", records=("203.0.114.99",))
    forward = (ForwardLookup(name="ptr.example", addresses=elsewhere),)
    lookups: tuple[Lookup, ...] = (names, unseen(Trouble.TIMEOUT), Absent(absence=Absence.NODATA))
    for visit, lookup in zip(visits, lookups, strict=True):
        known = isinstance(lookup, Answer)
        yield ReverseDns(
            address=visit.address,
            ptr=lookup,
            forward=forward if known else (),
            left_out=("left-out.example",) if known else (),
        )
