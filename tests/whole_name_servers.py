"""Evidence of two name servers that differ: once, beside one that is lame later, or twice."""

from collections.abc import Iterator
from dataclasses import replace

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.name_servers import NameServerAnswer, NameServers
from mxcheck.evidence.outcome import Trouble
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
