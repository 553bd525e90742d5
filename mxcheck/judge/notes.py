"""Notes at the top of every report: the causes that concern a whole run."""

from collections.abc import Iterator, Sequence

from mxcheck.evidence.dns import Answer, TlsaLookup
from mxcheck.evidence.domain import Run
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.runs import Evidence
from mxcheck.evidence.way_out import WayOut
from mxcheck.judge.override_notes import override_notes
from mxcheck.judge.verdict import DomainVerdict
from mxcheck.rules.base import Cause
from mxcheck.rules.facts.egress import egress_note
from mxcheck.rules.facts.firewall import firewall_notes
from mxcheck.wire.mx import hosts_left_out


def run_notes(
    evidence: Evidence, verdicts: Sequence[DomainVerdict], docs: str = ""
) -> tuple[str, ...]:
    """Return the causes that concern the whole run."""
    notes = [
        *override_notes(evidence, verdicts),
        *run_causes(evidence, docs).values(),
        *(note for run in evidence.runs for note in firewall_notes(run)),
    ]
    notes.extend(dict.fromkeys(filter(None, map(_via_note, evidence.runs))))
    notes.extend(_half_seen_notes(evidence))
    notes.extend((*_rollover_notes(evidence), *_many_hosts_notes(evidence)))
    if evidence.interrupted:
        notes.append("the run was interrupted: what was not seen by then is unknown")
    if evidence.deadline_passed:
        notes.append("the run's deadline passed: what was not seen by then is unknown (--deadline)")
    return tuple(notes)


def _via_note(run: Run) -> str:
    """Say from where MX hosts were reached, and from where everything else was asked."""
    if run.via is None:
        return ""
    kind = {WayOut.SSH: "over SSH", WayOut.SOCKS5: "through a SOCKS5 proxy"}[run.via]
    return f"MX hosts were reached {kind} (--via); DNS and policy hosts were asked from here"


def run_causes(evidence: Evidence, docs: str = "") -> dict[Cause, str]:
    """Return the causes outside the checked domains that leave results open, each with its note."""
    notes = list(filter(None, (egress_note(run, docs) for run in evidence.runs)))
    return {Cause.CLOSED_PORT: " ".join(notes)} if notes else {}


def _rollover_notes(evidence: Evidence) -> Iterator[str]:
    """Yield a note for each host with a given chain and given TLSA records.

    Both are judged, and cannot come at once.
    """
    hosts = {host.name: host for _, domain in evidence.domains() for host in domain.hosts}
    for host in hosts.values():
        for one in host.tlsa:
            if host.chain and _replaces(one):
                yield (
                    f"the certificate of {host.name} is judged with the given TLSA records at"
                    f" {one.name}: deploy it one TTL after these are published, or senders still go"
                    " by the live ones (RFC 7671 8.1)"
                )


def _replaces(tlsa: TlsaLookup) -> bool:
    """Return whether records are given that are not those which caches hold."""
    given, live = tlsa.lookup, tlsa.live
    if not (isinstance(given, Answer) and isinstance(live, Answer)):
        return False
    return {*given.records} != {*live.records}


def _many_hosts_notes(evidence: Evidence) -> Iterator[str]:
    """Yield a note for each domain that has more MX hosts than are looked at."""
    for _, domain in evidence.domains():
        if left_out := hosts_left_out(domain):
            looked_at = len(domain.hosts)
            yield (
                f"{domain.name} has {looked_at + left_out} MX hosts: those that senders try first"
                f" were looked at, {looked_at} of them"
            )


def _half_seen_notes(evidence: Evidence) -> list[str]:
    """Return a note for each MX host of which only one address family could be looked up."""
    hosts = {host.name: host for _, domain in evidence.domains() for host in domain.hosts}
    notes = []
    for host in hosts.values():
        for record, lookup, other in (("A", host.ipv4, host.ipv6), ("AAAA", host.ipv6, host.ipv4)):
            if not (isinstance(lookup, Unseen) and isinstance(other, Answer)):
                continue
            if lookup.trouble is not Trouble.EXCLUDED:
                notes.append(
                    f"the {record} lookup for {host.name} failed ({lookup.detail}): addresses that"
                    " it may have there were not looked at"
                )
    return notes
