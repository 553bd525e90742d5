"""Find the answers that mail to a domain depends on and that fail DNSSEC validation."""

from collections.abc import Iterator
from dataclasses import dataclass

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.facts.dnssec import is_bogus


@dataclass(frozen=True, slots=True, kw_only=True)
class Bogus:
    """A question, as `delv` takes it, whose answer fails validation.

    `stops_mail`: without that answer senders cannot deliver; else they miss the MTA-STS policy.
    """

    question: str
    seen: Unseen
    stops_mail: bool = True


def bogus_answers(domain: Domain) -> tuple[Bogus, ...]:
    """Return those answers; TLSA records have a rule of their own (`dane-lookup-failed`)."""
    return tuple(one for one in _answers(domain) if is_bogus(one.seen))


def _answers(domain: Domain) -> Iterator[Bogus]:
    name, sts = domain.name, domain.mta_sts
    if isinstance(domain.mx, Unseen):
        yield Bogus(question=f"{name} MX", seen=domain.mx)
    for host in domain.hosts:
        for rdtype, lookup in (("A", host.ipv4), ("AAAA", host.ipv6)):
            if isinstance(lookup, Unseen):
                yield Bogus(question=f"{host.name} {rdtype}", seen=lookup)
    if isinstance(sts.record, Unseen):
        yield Bogus(question=f"_mta-sts.{name} TXT", seen=sts.record, stops_mail=False)
    if isinstance(sts.policy, Unseen):
        yield Bogus(question=f"mta-sts.{name} A", seen=sts.policy, stops_mail=False)
