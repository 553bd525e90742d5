"""The certificate chains that a server presents, and how a rule is asked about each of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import TypeAlias

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import Answer, DomainCase, EndpointCase, Fail, NotApplicable, Pass, Unknown
from mxcheck.rules.facts.stages import the_chain
from mxcheck.rules.trust import Trust, Unverified
from mxcheck.wire.certificate import CertificateFacts, parse_certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedChain:
    """One chain (DER, leaf first) that a server presents, or is about to.

    `kind` names it in messages ("RSA", "ECDSA") if the server presents more than one, else "".
    """

    certificates: tuple[bytes, ...]
    kind: str = ""

    @property
    def leaf(self) -> CertificateFacts | Unseen:
        """Return the facts of the server's own certificate."""
        return parse_certificate(self.certificates[0])

    @property
    def subject(self) -> str:
        """Return the subject of the server's own certificate, for messages."""
        leaf = self.leaf
        return leaf.detail if isinstance(leaf, Unseen) else leaf.subject or "without subject"

    @property
    def not_before(self) -> datetime | Unseen:
        """Return when the server's own certificate becomes valid."""
        leaf = self.leaf
        return leaf if isinstance(leaf, Unseen) else leaf.not_before

    @property
    def not_after(self) -> datetime | Unseen:
        """Return when the server's own certificate expires."""
        leaf = self.leaf
        return leaf if isinstance(leaf, Unseen) else leaf.not_after

    @property
    def dns_names(self) -> tuple[str, ...] | Unseen:
        """Return the dNSNames of the server's own certificate."""
        leaf = self.leaf
        return leaf if isinstance(leaf, Unseen) else leaf.dns_names

    @property
    def common_names(self) -> tuple[str, ...]:
        """Return the CNs of the server's own certificate, none if it cannot be read."""
        leaf = self.leaf
        return () if isinstance(leaf, Unseen) else leaf.common_names

    def trust(self, case: DomainCase) -> Trust:
        """Return what senders' trust store makes of the chain."""
        return case.trust.verify(self.certificates, case.run.observed_at)


def path_of(chain: PresentedChain, case: DomainCase) -> tuple[CertificateFacts, ...] | Unseen:
    """Return the certificates by which senders try to reach a root, the server's own first."""
    trust = chain.trust(case)
    if isinstance(trust, Unverified):
        return Unseen(trouble=Trouble.MALFORMED, detail=trust.reason)
    path = [parse_certificate(der) for der in trust.path]
    unread = [facts for facts in path if isinstance(facts, Unseen)]
    read = tuple(facts for facts in path if not isinstance(facts, Unseen))
    return unread[0] if unread else read


def beside_path(chain: PresentedChain, case: DomainCase) -> tuple[CertificateFacts, ...]:
    """Return the certificates that are sent but not on that path, without roots."""
    trust = chain.trust(case)
    path = () if isinstance(trust, Unverified) else trust.path
    beside = [parse_certificate(der) for der in chain.certificates if der not in path]
    return tuple(
        facts for facts in beside if not isinstance(facts, Unseen) and not facts.self_issued
    )


Chains: TypeAlias = tuple[PresentedChain, ...]
CheckChain: TypeAlias = Callable[[PresentedChain, EndpointCase], Answer | Unknown]


def chains_of(case: EndpointCase) -> Chains | Unseen | NotApplicable:
    """Return every chain that the server presents, or the one that is about to be deployed."""
    chain = the_chain(case)
    return (PresentedChain(certificates=chain),) if isinstance(chain, tuple) else chain


def each_chain(
    check: CheckChain,
) -> Callable[[Chains, EndpointCase], Answer | Unknown]:
    """Return a check that asks `check` about each chain, and answers with the worst it says."""

    @wraps(check)
    def check_each(chains: Chains, case: EndpointCase) -> Answer | Unknown:
        if len(chains) == 1:
            return check(chains[0], case)
        return _worst([_named(chain, check(chain, case)) for chain in chains])

    return check_each


def _named(chain: PresentedChain, answer: Answer | Unknown) -> Answer | Unknown:
    return replace(answer, message=f"{chain.kind} certificate: {answer.message}")


def _worst(answers: list[Answer | Unknown]) -> Answer | Unknown:
    """Return the answer that weighs most, with the messages of all that weigh the same."""
    worst = min(answers, key=_rank)
    alike = [answer.message for answer in answers if _rank(answer) == _rank(worst)]
    return replace(worst, message="; ".join(alike))


def _rank(answer: Answer | Unknown) -> int:
    match answer:
        case Fail(at_most=Level.ERROR):
            return 0
        case Unknown(at_most=Level.ERROR):
            return 1
        case Fail():
            return 2
        case Unknown():
            return 3
        case NotApplicable():
            return 4
        case Pass():
            return 5
