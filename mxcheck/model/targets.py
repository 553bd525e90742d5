"""What a run is asked to check: each domain with the policy that holds for it."""

from dataclasses import dataclass

from mxcheck.model.location import Location
from mxcheck.model.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A domain (A-labels, lower case, no trailing dot) and its policy.

    `visit` and `relay` say whether any rule that is asked needs the servers to be visited, and
    relaying to be tried; `dnssec` and `reverse` whether one needs to know what the resolver makes
    of signatures, and the names of the addresses; `dane`, `mta_sts` and `tls_rpt` whether one needs
    TLSA records, the MTA-STS policy and the TLS-RPT record; `certificate` whether one looks at the
    certificate, which may be one that is given. `legacy_tls`, `failed_tls` and
    `injection` say whether a connection of its own may ask for old TLS versions, look into a failed
    handshake, and test for injection. `location` is the line that names the domain, if a file does.
    """

    domain: str
    policy: Policy
    visit: bool = True
    relay: bool = True
    dnssec: bool = False
    reverse: bool = False
    dane: bool = False
    mta_sts: bool = False
    tls_rpt: bool = False
    certificate: bool = True
    legacy_tls: bool = False
    failed_tls: bool = False
    injection: bool = False
    location: Location | None = None
