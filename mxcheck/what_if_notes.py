"""What every report says at its top of the overrides: which there are, and which nothing used."""

from collections.abc import Iterator, Sequence

from mxcheck.evidence.domain import Domain, Evidence
from mxcheck.evidence.what_if import WhatIf, WhatIfKind
from mxcheck.rests_on import used_what_ifs


def what_if_notes(evidence: Evidence) -> tuple[str, ...]:
    """A note for each override, and one more for each that nothing used."""
    unused = unused_what_ifs(evidence)
    given = [f"what if: judged with {one.name}, not with what is live" for one in _used(evidence)]
    return (*given, *(f"{one.name} changed nothing: {_hint(one, evidence)}" for one in unused))


def unused_what_ifs(evidence: Evidence) -> tuple[WhatIf, ...]:
    """The overrides from which nothing in the evidence came; none of a run that ended early."""
    if evidence.interrupted or evidence.deadline_passed:
        return ()
    used = used_what_ifs(evidence.domains)
    return tuple(one for one in evidence.what_ifs if one.name not in used)


def _used(evidence: Evidence) -> Iterator[WhatIf]:
    unused = unused_what_ifs(evidence)
    yield from (one for one in evidence.what_ifs if one not in unused)


def _hint(what_if: WhatIf, evidence: Evidence) -> str:
    hosts, domains = _hosts(evidence.domains), _names(evidence)
    match what_if.kind:
        case WhatIfKind.CONNECT_TO:
            port = evidence.port
            return f"no connection to that host and port was due; {hosts}, on port {port}"
        case WhatIfKind.CERT_FILE:
            return f"no MX host of that name was looked at; {hosts}"
        case WhatIfKind.MX | WhatIfKind.MTA_STS_POLICY:
            return f"that domain was not looked at, or no rule that is asked needs it; {domains}"
        case WhatIfKind.ZONE_FILE:
            return (
                "none of its record sets was asked for; see that its names are those of the"
                f" domains, and its origin the right one (--zone-file ORIGIN=FILE); {domains}"
            )


def _hosts(domains: Sequence[Domain]) -> str:
    hosts = dict.fromkeys(host.name for domain in domains for host in domain.hosts)
    return f"the MX hosts are {', '.join(hosts)}" if hosts else "there was no MX host"


def _names(evidence: Evidence) -> str:
    return f"the domains are {', '.join(domain.name for domain in evidence.domains)}"
