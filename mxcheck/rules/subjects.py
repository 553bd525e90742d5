"""Subjects: the named things that rules are asked about, and the source of each kind.

A new kind of subject is a member of Scope and a row of SOURCES.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.smtp import Visit
from mxcheck.rules.base import (
    DomainCase,
    EndpointCase,
    MxCase,
    NotApplicable,
    Scope,
    SelectorCase,
    SenderCase,
)
from mxcheck.rules.facts.stages import why_no_addresses, why_no_hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a result is about, within its group: the kind, and the names of its parts.

    An address of an MX host is `Subject(kind=Scope.ENDPOINT, parts=("mx1.example.com",
    "192.0.2.1"))`; what the group itself is about has no parts. SOURCES says what the parts are.
    If a subject is missing, fewer parts are known than the kind has.
    """

    kind: Scope = Scope.DOMAIN
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the parts as every report writes them: `mx1.example.com [192.0.2.1]`."""
        return " ".join(self.words)

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words of that: the first part, then each other in brackets."""
        first, others = self.parts[:1], self.parts[1:]
        return (*first, *(f"[{part}]" for part in others))

    @property
    def named(self) -> Mapping[str, str]:
        """Return the known parts by their names: `mx`, `address`, `sender`, `selector`."""
        return dict(zip(SOURCES[self.kind].part_names, self.parts, strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A subject and its case; `why_none` says why there is no subject, and the case is wider."""

    subject: Subject
    case: DomainCase
    why_none: NotApplicable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The source of the subjects of one kind.

    `title` is what the catalogue calls them, `part_names` names the parts of a subject, and `case`
    is what a rule is asked about. `find` yields the subjects of a domain; if there are none, one of
    the rules in `after` owns that. `parts_of` returns the parts of the subject of a case.
    """

    title: str
    case: type[DomainCase]
    part_names: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    find: Callable[[DomainCase], Iterator[Asked]]
    parts_of: Callable[[DomainCase], tuple[str, ...]]


def subject_of(kind: Scope, case: DomainCase) -> Subject:
    """Return the subject of a kind that a case, of this kind or a narrower one, is about."""
    return Subject(kind=kind, parts=SOURCES[kind].parts_of(case))


def _the_domain(case: DomainCase) -> Iterator[Asked]:
    yield Asked(subject=Subject(), case=case)


def _mx_hosts(case: DomainCase) -> Iterator[Asked]:
    yield from _each_host(Scope.MX, case)


def _each_host(kind: Scope, case: DomainCase) -> Iterator[Asked]:
    if not case.domain.hosts:
        yield Asked(subject=Subject(kind=kind), case=case, why_none=why_no_hosts(case))
    for host in case.domain.hosts:
        yield Asked(subject=Subject(kind=kind, parts=(host.name,)), case=_at_host(case, host))


def _endpoints(case: DomainCase) -> Iterator[Asked]:
    for asked in _each_host(Scope.ENDPOINT, case):
        at_host = asked.case
        if not isinstance(at_host, MxCase):
            yield asked
            continue
        if not at_host.host.addresses:
            why_none = why_no_addresses(at_host)
            yield Asked(subject=asked.subject, case=at_host, why_none=why_none)
        for address in at_host.host.addresses:
            visit = case.run.visit(at_host.host.name, address)
            subject = Subject(kind=Scope.ENDPOINT, parts=(at_host.host.name, address))
            yield Asked(subject=subject, case=_at_endpoint(at_host, visit))


def _senders(case: DomainCase) -> Iterator[Asked]:
    if not case.policy.senders:
        why_none = NotApplicable(message=NO_SENDERS)
        yield Asked(subject=Subject(kind=Scope.SENDER), case=case, why_none=why_none)
    for sender in case.policy.senders:
        at_sender = SenderCase(
            run=case.run, policy=case.policy, trust=case.trust, domain=case.domain, sender=sender
        )
        yield Asked(subject=Subject(kind=Scope.SENDER, parts=(sender,)), case=at_sender)


def _selectors(case: DomainCase) -> Iterator[Asked]:
    if not case.policy.dkim_selectors and "dkim" in case.policy.require:
        yield Asked(subject=Subject(kind=Scope.SELECTOR), case=_at_selector(case, ""))
    elif not case.policy.dkim_selectors:
        why_none = NotApplicable(message=NO_SELECTORS)
        yield Asked(subject=Subject(kind=Scope.SELECTOR), case=case, why_none=why_none)
    for selector in case.policy.dkim_selectors:
        subject = Subject(kind=Scope.SELECTOR, parts=(selector,))
        yield Asked(subject=subject, case=_at_selector(case, selector))


def _at_selector(case: DomainCase, selector: str) -> SelectorCase:
    """Return the case of a selector; "" is the one that is required and not configured."""
    return SelectorCase(
        run=case.run, policy=case.policy, trust=case.trust, domain=case.domain, selector=selector
    )


def _at_host(case: DomainCase, host: MxHost) -> MxCase:
    return MxCase(
        run=case.run,
        policy=case.policy,
        trust=case.trust,
        domain=case.domain,
        host=host,
    )


def _at_endpoint(case: MxCase, visit: Visit) -> EndpointCase:
    return EndpointCase(
        run=case.run,
        policy=case.policy,
        trust=case.trust,
        domain=case.domain,
        host=case.host,
        visit=visit,
    )


def _no_parts(_case: DomainCase) -> tuple[str, ...]:
    return ()


def _host_of(case: DomainCase) -> tuple[str, ...]:
    return (case.host.name,) if isinstance(case, MxCase) else ()


def _endpoint_of(case: DomainCase) -> tuple[str, ...]:
    return (*_host_of(case), *((case.visit.address,) if isinstance(case, EndpointCase) else ()))


def _sender_of(case: DomainCase) -> tuple[str, ...]:
    return (case.sender,) if isinstance(case, SenderCase) else ()


def _selector_of(case: DomainCase) -> tuple[str, ...]:
    return (case.selector,) if isinstance(case, SelectorCase) and case.selector else ()


NO_SENDERS = "the configuration names no `senders` of the domain"
NO_SELECTORS = "the configuration names no `dkim_selectors` of the domain"

SOURCES: Mapping[Scope, Source] = MappingProxyType(
    {
        Scope.DOMAIN: Source(
            title="the domain", case=DomainCase, find=_the_domain, parts_of=_no_parts
        ),
        Scope.MX: Source(
            title="each MX host",
            case=MxCase,
            part_names=("mx",),
            after=("dnssec-bogus", "mx-missing", "mx-null"),
            find=_mx_hosts,
            parts_of=_host_of,
        ),
        Scope.ENDPOINT: Source(
            title="each address of each MX host",
            case=EndpointCase,
            part_names=("mx", "address"),
            after=(
                *("dnssec-bogus", "mx-missing", "mx-null"),
                *("mx-is-address", "mx-name-invalid", "mx-unresolvable"),
            ),
            find=_endpoints,
            parts_of=_endpoint_of,
        ),
        Scope.SENDER: Source(
            title="each configured address that sends mail of the domain",
            case=SenderCase,
            part_names=("sender",),
            find=_senders,
            parts_of=_sender_of,
        ),
        Scope.SELECTOR: Source(
            title="each configured DKIM selector",
            case=SelectorCase,
            part_names=("selector",),
            find=_selectors,
            parts_of=_selector_of,
        ),
    }
)
