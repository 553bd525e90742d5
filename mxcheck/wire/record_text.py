"""DNS names and records as evidence writes them: presentation format (RFC 1035 5.1)."""

import dns.name
import dns.rdata
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.DNAME import DNAME
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.PTR import PTR

from mxcheck.wire.tlsa_rdata import AnyTLSA


def name_text(name: dns.name.Name) -> str:
    """Return a name in lower case and without the trailing dot, the root as "."."""
    return name.to_text(omit_final_dot=True).lower()


def record_text(rdata: dns.rdata.Rdata) -> str:
    """Return a record's text; names as everywhere, in lower case and without the trailing dot."""
    match rdata:
        case MX():
            return f"{rdata.preference} {name_text(rdata.exchange) or '.'}"
        case PTR() | CNAME() | DNAME():
            return name_text(rdata.target)
        case AnyTLSA():
            # dnspython breaks long data up; one word is easier to compare and to publish.
            return f"{rdata.usage} {rdata.selector} {rdata.mtype} {rdata.cert.hex()}"
        case _:
            return rdata.to_text()
