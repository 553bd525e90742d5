"""Find the answers that mail to a domain depends on and that fail DNSSEC validation."""

from collections.abc import Iterator
from dataclasses import dataclass

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import PolicyFetch
from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.facts.dnssec import is_bogus
from mxcheck.wire.mta_sts import policy_host


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
    asked = (*_of_mail(domain), *_of_policy(domain))
    return tuple(
        Bogus(question=question, seen=seen, stops_mail=stops_mail)
        for question, seen, stops_mail in asked
        if isinstance(seen, Unseen) and is_bogus(seen)
    )


def _of_mail(domain: Domain) -> Iterator[tuple[str, Lookup, bool]]:
    yield f"{domain.name} MX", domain.mx, True
    for host in domain.hosts:
        yield f"{host.name} A", host.ipv4, True
        yield f"{host.name} AAAA", host.ipv6, True


def _of_policy(domain: Domain) -> Iterator[tuple[str, Lookup, bool]]:
    yield f"_mta-sts.{domain.name} TXT", domain.mta_sts.record, False
    policy = domain.mta_sts.policy
    if isinstance(policy, PolicyFetch):
        yield f"{policy_host(domain.name)} A", policy.ipv4, False
        yield f"{policy_host(domain.name)} AAAA", policy.ipv6, False
