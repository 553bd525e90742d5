"""The certificate chains that a server presents, and how a rule is asked about each of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import TypeAlias

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.model.policy import Level
from mxcheck.rules.base import Answer, DomainCase, EndpointCase, Fail, NotApplicable, Pass, Unknown
from mxcheck.rules.facts.shown import chain_left_unseen, chains_shown, seen_alone
from mxcheck.rules.facts.stages import the_chain
from mxcheck.rules.trust import Trust, Unverified
from mxcheck.wire.authentication import authentication_of
from mxcheck.wire.certificate import CertificateFacts, parse_certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedChain:
    """One chain (DER, leaf first) that a server presents, or is about to.

    `kind` names it in messages ("RSA", "ECDSA") if the server presents more than one, else "".
    `connection` says which connection beside the visit showed it, if others show one of its kind.
    """

    certificates: tuple[bytes, ...]
    kind: str = ""
    connection: str = ""

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


Chains: TypeAlias = tuple[PresentedChain | Unseen, ...]
"""What was seen, and why something else was not, if that is not known."""
CheckChain: TypeAlias = Callable[[PresentedChain, EndpointCase], Answer | Unknown]


def chains_of(case: EndpointCase) -> Chains | Unseen | NotApplicable:
    """Return every chain that the server presents, or the one that is about to be deployed."""
    chain = the_chain(case)
    if not isinstance(chain, tuple):
        return chain
    if case.host.chain:
        return (PresentedChain(certificates=chain),)
    return chains_under(case.visit, case.host.name, chain_left_unseen(case.visit))


def chains_under(visit: Visit, name: str, unseen: Unseen | None) -> Chains:
    """Return every chain that was shown for a name, and why another one was not, if so."""
    shown = chains_shown(visit, name)
    kinds = [authentication_of(chain[0]) for chain, _ in shown]
    presented = (
        PresentedChain(
            certificates=chain,
            kind=kind if len(shown) > 1 else "",
            connection=connection if kinds.count(kind) > 1 else "",
        )
        for kind, (chain, connection) in zip(kinds, shown, strict=True)
    )
    return (*presented, *([unseen] if unseen else ()))


def each_chain(
    check: CheckChain,
) -> Callable[[Chains, EndpointCase], Answer | Unknown]:
    """Return a check that asks `check` about each chain, and answers with the worst it says."""

    @wraps(check)
    def check_each(chains: Chains, case: EndpointCase) -> Answer | Unknown:
        answers = [_answer(check, chain, case) for chain in chains]
        worst = _worst(answers)
        note = seen_alone(case.visit) if not case.host.chain else ""
        if isinstance(worst, Pass) and note:
            return replace(worst, message=f"{worst.message} (seen: {note})")
        return worst

    return check_each


def _answer(
    check: CheckChain, chain: PresentedChain | Unseen, case: EndpointCase
) -> Answer | Unknown:
    if isinstance(chain, Unseen):
        return Unknown(message=chain.detail)
    answer = check(chain, case)
    if not chain.kind:
        return answer
    where = f" of {chain.connection}" if chain.connection else ""
    return replace(answer, message=f"{chain.kind} certificate{where}: {answer.message}")


def _worst(answers: list[Answer | Unknown]) -> Answer | Unknown:
    """Return the answer that weighs most, with the messages of all that weigh the same."""
    if len(answers) == 1:
        return answers[0]
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
