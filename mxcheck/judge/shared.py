"""Answers about an MX host, or an address of one, that hold for every domain that it serves.

Many domains share few hosts. What a rule answers about a host depends on the domain only if the
rule looks at the domain: each rule is first asked with the domain hidden, and only if it wants to
see that, it is asked anew for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.judge.selection import is_selected, level_of
from mxcheck.model.policy import Level, Policy
from mxcheck.rules.base import Answer, AnyRule, DomainCase, EndpointCase, MxCase, Scope, Unknown

MOST_KEPT = 12_000
"""Hosts and addresses whose answers are kept; those of one take some 10 KB."""

_Key = tuple[int, int, str, str]
_Answers = dict[str, Answer | Unknown | None]


class ReadsDomainError(Exception):
    """A rule looks at the domain."""


class _Hidden(Domain):
    """Takes the place of a domain, and raises an error if anything is read of it."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> object:
        if name.startswith("__"):
            return object.__getattribute__(self, name)
        raise ReadsDomainError(name)


_HIDDEN = object.__new__(_Hidden)


@dataclass(slots=True)
class SharedAnswers:
    """The answers of a judging; `None` is that of a rule which looks at the domain.

    Keys are run, policy, host and address: the first two by identity, as both outlive this.
    """

    _asked: dict[int, tuple[tuple[AnyRule, Level], ...]] = field(default_factory=dict)
    _kept: dict[_Key, list[tuple[MxHost, _Answers]]] = field(default_factory=dict)

    def selected(
        self, rules: Sequence[AnyRule], policy: Policy
    ) -> tuple[tuple[AnyRule, Level], ...]:
        """Return those of the rules that a policy selects, each with its level."""
        if id(policy) not in self._asked:
            selected = (rule for rule in rules if is_selected(rule, policy))
            self._asked[id(policy)] = tuple((rule, level_of(rule, policy)) for rule in selected)
        return self._asked[id(policy)]

    def judge(self, rule: AnyRule, case: DomainCase) -> Answer | Unknown:
        """Return what a rule answers about a case."""
        if rule.scope is Scope.DOMAIN or not isinstance(case, MxCase):
            return rule.judge(case)
        known = self._of(rule, case)
        if rule.id not in known:
            known[rule.id] = _without_domain(rule, case)
        shared = known[rule.id]
        return rule.judge(case) if shared is None else shared

    def _of(self, rule: AnyRule, case: MxCase) -> _Answers:
        at_address = rule.scope is Scope.ENDPOINT and isinstance(case, EndpointCase)
        address = case.visit.address if at_address and isinstance(case, EndpointCase) else ""
        key = (id(case.run), id(case.policy), case.host.name, address)
        same_name = self._kept.setdefault(key, []) if self._has_room(key) else []
        for host, known in same_name:
            if host is case.host or host == case.host:
                return known
        same_name.append((case.host, {}))
        return same_name[-1][1]

    def _has_room(self, key: _Key) -> bool:
        return key in self._kept or len(self._kept) < MOST_KEPT


def _without_domain(rule: AnyRule, case: MxCase) -> Answer | Unknown | None:
    try:
        return rule.judge(replace(case, domain=_HIDDEN))
    except ReadsDomainError:
        return None
