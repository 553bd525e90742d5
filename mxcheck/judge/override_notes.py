"""What every report says at its top of the overrides: which there are, and which nothing used."""

from collections.abc import Iterator, Sequence

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.overrides import Override, OverrideKind
from mxcheck.evidence.runs import Evidence
from mxcheck.judge.verdict import DomainVerdict


def override_notes(evidence: Evidence, verdicts: Sequence[DomainVerdict]) -> tuple[str, ...]:
    """Return a note for each override: that a rule read it, or else why none did."""
    used, unused = _read(verdicts), unused_overrides(evidence, verdicts)
    named = tuple(dict.fromkeys(evidence.overrides))
    passed_over = (
        f"of {one.name} these are ignored: {'; '.join(one.passed_over)}"
        for one in named
        if one.passed_over
    )
    fates = (
        f"what if: judged with {one.name}, not with what is live"
        if one.name in used
        else f"{one.name} changed nothing: {_hint(one, evidence)}"
        if one in unused
        else f"{one.name} was not used, as far as was seen: what may lead to it was not"
        for one in named
    )
    return (*fates, *passed_over)


def unused_overrides(evidence: Evidence, verdicts: Sequence[DomainVerdict]) -> tuple[Override, ...]:
    """Return the overrides that no asked rule read: they were given in error.

    None of a run that ended early counts, nor one to which a failed lookup might have led.
    """
    unread = _unread(evidence, verdicts)
    return tuple(one for one in unread if not _may_be_used(one, evidence))


def doubtful_overrides(
    evidence: Evidence, verdicts: Sequence[DomainVerdict]
) -> tuple[Override, ...]:
    """Return the overrides of which nobody can tell whether they were given in error."""
    return tuple(one for one in _unread(evidence, verdicts) if _may_be_used(one, evidence))


def _unread(evidence: Evidence, verdicts: Sequence[DomainVerdict]) -> Iterator[Override]:
    read = _read(verdicts)
    return (one for one in dict.fromkeys(evidence.overrides) if one.name not in read)


def _read(verdicts: Sequence[DomainVerdict]) -> frozenset[str]:
    return frozenset().union(*(verdict.overrides_read for verdict in verdicts))


def _may_be_used(override: Override, evidence: Evidence) -> bool:
    """Return whether something was not seen that leads to what the override is about."""
    ended = evidence.interrupted or evidence.deadline_passed
    return ended or any(
        map(
            _failed, (one for _, domain in evidence.domains() for one in _leading(override, domain))
        )
    )


def _leading(override: Override, domain: Domain) -> Iterator[Lookup]:
    """Yield the lookups that lead to the names of an override: to MX hosts, or on by aliases."""
    match override.kind:
        case OverrideKind.MX | OverrideKind.MTA_STS_POLICY:
            return  # the domain itself is named
        case OverrideKind.CERT_FILE:
            yield domain.mx
        case OverrideKind.CONNECT_TO:
            yield domain.mx
            name = override.given.partition(":")[0].lower().rstrip(".")
            if name in {"", f"mta-sts.{domain.name}"}:
                yield domain.mta_sts.record
        case OverrideKind.ZONE_FILE:
            yield domain.mx
            yield domain.mta_sts.record
            yield from (one.lookup for one in domain.dmarc.walk)
            for host in domain.hosts:
                yield from _both_lost(host)


def _both_lost(host: MxHost) -> Iterator[Lookup]:
    lookups = (host.ipv4, host.ipv6)
    if not any(isinstance(lookup, Answer) for lookup in lookups):
        yield from lookups


def _failed(lookup: Lookup) -> bool:
    return isinstance(lookup, Unseen) and lookup.trouble is not Trouble.NOT_ASKED


def _hint(override: Override, evidence: Evidence) -> str:
    hosts, domains = _hosts(evidence), _names(evidence)
    match override.kind:
        case OverrideKind.CONNECT_TO:
            port = evidence.port
            return (
                f"no connection to that host and port was due, or a closer --connect-to led it;"
                f" {hosts}, on port {port}"
            )
        case OverrideKind.CERT_FILE:
            return (
                "no rule looked at a certificate of an MX host of that name, or of one without a"
                f" --cert-file of its own; {hosts}"
            )
        case OverrideKind.MX | OverrideKind.MTA_STS_POLICY:
            return f"that domain was not looked at, or no rule that is asked needs it; {domains}"
        case OverrideKind.ZONE_FILE:
            return (
                "none of its record sets was asked for, or --mx or a later --zone-file has them;"
                " see that its names are those of the domains, and its origin the right one"
                f" (--zone-file ORIGIN=FILE); {domains}"
            )


def _hosts(evidence: Evidence) -> str:
    hosts = dict.fromkeys(host.name for _, domain in evidence.domains() for host in domain.hosts)
    return f"the MX hosts are {', '.join(hosts)}" if hosts else "there was no MX host"


def _names(evidence: Evidence) -> str:
    return f"the domains are {', '.join(domain.name for _, domain in evidence.domains())}"
