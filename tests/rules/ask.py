"""Rules asked directly, and what a test wants them to answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mxcheck.evidence.dns import AskedResolver
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.smtp import CanaryCall, Visit
from mxcheck.judge.causes import answer
from mxcheck.model.policy import Policy
from mxcheck.rules.base import (
    AnyRule,
    DomainCase,
    EndpointCase,
    Fail,
    MxCase,
    NotApplicable,
    Pass,
    SelectorCase,
    SenderCase,
    Unknown,
)
from tests.build import domain_of, evidence_of, healthy_domain, healthy_host, trust

Answered = Pass | Fail | NotApplicable | Unknown

MAIL = Policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """An answer of this kind, with these words in its message, its remedy and as its owner."""

    kind: type[Answered]
    words: tuple[str, ...]
    remedy: tuple[str, ...] = ()
    owner: str = ""

    def __call__(self, answer: Answered) -> None:
        assert type(answer) is self.kind, answer
        for word in self.words:
            assert word in answer.message
        for word in self.remedy:
            assert word in getattr(answer, "remedy", "")
        if isinstance(answer, NotApplicable):
            assert answer.owner == self.owner
        if isinstance(answer, Fail):
            assert answer.remedy


def passes(*words: str) -> Want:
    return Want(kind=Pass, words=words)


def fails(*words: str, remedy: Sequence[str] = ()) -> Want:
    return Want(kind=Fail, words=words, remedy=tuple(remedy))


def not_applicable(*words: str, owner: str = "") -> Want:
    return Want(kind=NotApplicable, words=words, owner=owner)


def unknown(*words: str, remedy: Sequence[str] = ()) -> Want:
    return Want(kind=Unknown, words=words, remedy=tuple(remedy))


def ask_domain(
    rule: AnyRule,
    domain: Domain,
    policy: Policy = MAIL,
    *,
    resolvers: tuple[AskedResolver, ...] | None = None,
) -> Answered:
    evidence = evidence_of(domain=domain, resolvers=resolvers)
    return answer(rule, DomainCase(run=evidence, policy=policy, trust=trust(), domain=domain))


def ask_sender(
    rule: AnyRule, domain: Domain, sender: str, policy: Policy = MAIL, run: Run | None = None
) -> Answered:
    evidence = run or evidence_of(domain=domain)
    case = SenderCase(run=evidence, policy=policy, trust=trust(), domain=domain, sender=sender)
    return answer(rule, case)


def ask_selector(rule: AnyRule, domain: Domain, selector: str, policy: Policy = MAIL) -> Answered:
    evidence = evidence_of(domain=domain)
    return answer(
        rule,
        SelectorCase(run=evidence, policy=policy, trust=trust(), domain=domain, selector=selector),
    )


def ask_mx(
    rule: AnyRule, host: MxHost, domain: Domain | None = None, policy: Policy = MAIL
) -> Answered:
    domain = domain or domain_of(host)
    evidence = evidence_of(domain=domain)
    return answer(
        rule, MxCase(run=evidence, policy=policy, trust=trust(), domain=domain, host=host)
    )


def ask_visit(
    rule: AnyRule,
    visit: Visit,
    policy: Policy = MAIL,
    *,
    others: Sequence[Visit] = (),
    canaries: Sequence[CanaryCall] = (),
    domain: Domain | None = None,
) -> Answered:
    return answer(rule, case_of(visit, policy, others=others, canaries=canaries, domain=domain))


def case_of(
    visit: Visit,
    policy: Policy = MAIL,
    *,
    others: Sequence[Visit] = (),
    canaries: Sequence[CanaryCall] = (),
    domain: Domain | None = None,
) -> EndpointCase:
    own = (visit, *(one for one in others if one.host == visit.host))
    addresses = tuple(dict.fromkeys(one.address for one in own))
    host = domain.hosts[0] if domain else healthy_host(visit.host, visit.address)
    if domain is None:
        host = replace(host, addresses=addresses)
    if domain is None:
        domain = healthy_domain() if visit.host == "mx1.example.com" else domain_of(host)
    return EndpointCase(
        run=evidence_of(visit, *others, domain=domain, canaries=tuple(canaries)),
        policy=policy,
        trust=trust(),
        domain=domain,
        host=host,
        visit=visit,
    )
