"""What every report says at its top of the overrides: which there are, and which nothing used."""

from collections.abc import Iterator, Sequence

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.domain import Domain, Evidence
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.what_if import WhatIf, WhatIfKind
from mxcheck.rests_on import used_what_ifs

# They are about a domain; the others are about names to which lookups lead.
_OF_A_DOMAIN = frozenset({WhatIfKind.MX, WhatIfKind.MTA_STS_POLICY})


def what_if_notes(evidence: Evidence) -> tuple[str, ...]:
    """A note for each override: that it was used, or else why it was not."""
    used, unused = used_what_ifs(evidence), unused_what_ifs(evidence)
    return tuple(
        f"what if: judged with {one.name}, not with what is live"
        if one.name in used
        else f"{one.name} changed nothing: {_hint(one, evidence)}"
        if one in unused
        else f"{one.name} was not used: what leads to it was not seen"
        for one in dict.fromkeys(evidence.what_ifs)
    )


def unused_what_ifs(evidence: Evidence) -> tuple[WhatIf, ...]:
    """The overrides that nothing in the evidence came from, where they were given in error.

    None of a run that ended early; nor where lookups failed that might have led to it.
    """
    if evidence.interrupted or evidence.deadline_passed:
        return ()
    used, half_seen = used_what_ifs(evidence), any(map(_is_half_seen, evidence.domains))
    return tuple(
        one
        for one in dict.fromkeys(evidence.what_ifs)
        if one.name not in used and (one.kind in _OF_A_DOMAIN or not half_seen)
    )


def _is_half_seen(domain: Domain) -> bool:
    """Whether lookups failed that lead on to other names: MX hosts, TLSA records, a policy host."""
    return any(map(_failed, _that_lead_on(domain)))


def _that_lead_on(domain: Domain) -> Iterator[Lookup]:
    yield domain.mx
    yield domain.mta_sts.record
    for host in domain.hosts:
        lookups = (host.ipv4, host.ipv6)
        if not any(isinstance(lookup, Answer) for lookup in lookups):
            yield from lookups


def _failed(lookup: Lookup) -> bool:
    return isinstance(lookup, Unseen) and lookup.trouble is not Trouble.NOT_ASKED


def _hint(what_if: WhatIf, evidence: Evidence) -> str:
    hosts, domains = _hosts(evidence.domains), _names(evidence)
    match what_if.kind:
        case WhatIfKind.CONNECT_TO:
            port = evidence.port
            return (
                f"no connection to that host and port was due, or a closer --connect-to led it;"
                f" {hosts}, on port {port}"
            )
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
