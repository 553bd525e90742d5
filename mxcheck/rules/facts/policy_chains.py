"""Find the certificates that senders accept from the addresses of a policy host."""

from dataclasses import dataclass

from mxcheck.evidence.mta_sts import PolicyFetch
from mxcheck.rules.base import DomainCase, Missing, NotApplicable
from mxcheck.rules.facts.mta_sts import the_fetch
from mxcheck.rules.facts.policy_certificate import certificate_faults
from mxcheck.rules.facts.sent_chain import PresentedChain
from mxcheck.wire.mta_sts import policy_host


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChain:
    """A chain that senders accept; `where` names the policy host and the addresses that send it."""

    chain: PresentedChain
    where: str


def the_policy_chains(case: DomainCase) -> tuple[PolicyChain, ...] | NotApplicable:
    """Return each chain once; addresses that senders do not accept have a rule of their own."""
    fetch = the_fetch(case)
    if isinstance(fetch, NotApplicable):
        return fetch
    chains = _accepted(fetch, case) if isinstance(fetch, PolicyFetch) else ()
    return chains or Missing(message="no certificate of the policy host was seen and accepted")


def _accepted(fetch: PolicyFetch, case: DomainCase) -> tuple[PolicyChain, ...]:
    found: dict[tuple[bytes, ...], list[str]] = {}
    for answer in fetch.answers:
        for chain in (answer.chain, *answer.other_chains):
            if chain and not certificate_faults(chain, case):
                found.setdefault(chain, []).append(answer.address)
    host = policy_host(case.domain.name)
    return tuple(
        PolicyChain(
            chain=PresentedChain(certificates=chain), where=f"{host} [{', '.join(addresses)}]"
        )
        for chain, addresses in found.items()
    )
