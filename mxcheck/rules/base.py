"""What a rule is: its metadata, the evidence that it reads, and the decision over that evidence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.items import Item, Readable, with_requirements
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.model.policy import Level, Policy
from mxcheck.rules.trust import TrustStore
from mxcheck.wire.software import Software
from mxcheck.wire.tls_rpt import ResultType


class Family(StrEnum):
    """What a rule is about; also an ignore key and half of the JUnit class name."""

    DNS = "dns"
    SMTP = "smtp"
    TLS = "tls"
    CERT = "cert"
    RELAY = "relay"
    DANE = "dane"
    MTA_STS = "mta-sts"
    POSTURE = "posture"


class Scope(StrEnum):
    """What a rule is asked about.

    A domain, one MX host of it, one address of one MX host; one of the addresses that send its
    mail, one of its DKIM selectors, both as configured.
    """

    DOMAIN = "domain"
    MX = "mx"
    ENDPOINT = "endpoint"
    SENDER = "sender"
    SELECTOR = "selector"


class Sign(StrEnum):
    """What the outcome of a rule says about an address, in the line that sums the address up."""

    REACHED = "reached"
    RELAY = "relay"


class Cause(StrEnum):
    """A cause outside the checked domains: reports describe it once for all that it leaves open."""

    CLOSED_PORT = "outbound port 25 looks closed here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """The evidence shows that nothing is wrong."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    """The evidence shows a fault: what was seen and what was wanted, and what to do.

    The level of the failure never rises above `at_most`; `result_type` is the name of the failure
    in the TLS reports of senders, if they would report it (RFC 8460 4.3).
    """

    message: str
    remedy: str
    at_most: Level = Level.ERROR
    result_type: ResultType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """The rule has nothing to judge here; `owner` is the rule that owns the cause, if one does.

    Rules leave `owner` empty: a rule whose evidence is missing because of an earlier fault answers
    `Missing`, and the judge names the owner.
    """

    message: str
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(NotApplicable):
    """The evidence does not exist, because of a fault that one of the rules in `after` owns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The evidence could not be obtained: why, and what to do to obtain it.

    The level of the result never rises above `at_most`: an unknown at most a warning never makes a
    run unknown by itself. `cause` is why, if that concerns the whole run.
    """

    message: str
    remedy: str = ""
    at_most: Level = Level.ERROR
    cause: Cause | None = None


Answer: TypeAlias = Pass | Fail | NotApplicable


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainCase:
    """A domain, the run that saw it, and all else that a rule may look at."""

    run: Run
    policy: Policy
    trust: TrustStore
    domain: Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class MxCase(DomainCase):
    """One MX host of a domain."""

    host: MxHost


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCase(MxCase):
    """One address of one MX host."""

    visit: Visit

    @property
    def where(self) -> str:
        """Return host, address and port, as messages name them."""
        return f"{self.visit.host} [{self.visit.address}]:{self.visit.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderCase(DomainCase):
    """One of the addresses that send mail of a domain (`senders`)."""

    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectorCase(DomainCase):
    """One of the DKIM selectors of a domain (`dkim_selectors`)."""

    selector: str


CaseT = TypeVar("CaseT", bound=DomainCase)
SeenT = TypeVar("SeenT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[CaseT, SeenT]):
    """One rule: `find` finds the evidence, `check` judges it.

    `reads` are the items of evidence that `find` and `check` look at, and `also_on_failure` those
    that only the words about a failure need. The probe gathers nothing that no rule reads. What
    those words use only if another rule had it gathered is `if_gathered`.

    If `find` returns Unseen, the answer is unknown without asking `check`; if it returns
    NotApplicable, that is the answer. If it returns Missing, the answer is not applicable, and its
    owner is the first of `after` (and of what those are after) that does not pass.

    `absence_of` is what `--require` names to make this rule an error; `no_effect_of` likewise, if
    the rule is about something that exists without any effect, unless `levels` says otherwise.
    `sign` says that the outcome sums up an address. The documentation is the module's docstring;
    what is a setting of one MTA is in `settings`, which the documentation lists after it, and
    from which remedies take what is for the server that was recognised.
    """

    id: str
    family: Family
    scope: Scope
    level: Level
    title: str
    references: tuple[str, ...]
    reads: tuple[Readable, ...]
    also_on_failure: tuple[Readable, ...] = ()
    if_gathered: tuple[Readable, ...] = ()
    after: tuple[str, ...] = ()
    absence_of: str = ""
    no_effect_of: str = ""
    sign: Sign | None = None
    find: Callable[[CaseT], SeenT | Unseen | Unknown | NotApplicable]
    check: Callable[[SeenT, CaseT], Answer | Unknown]
    settings: Mapping[Software, str] = field(default_factory=dict, hash=False)

    @property
    def all_reads(self) -> tuple[Readable, ...]:
        """Return the items that are gathered for the rule: what it reads, on failure too."""
        return (*self.reads, *self.also_on_failure)

    @property
    def needs_smtp(self) -> bool:
        """Return whether what the rule judges is seen by a connection to an MX host alone."""
        return Item.VISIT in with_requirements(frozenset(self.reads))

    def judge(self, case: CaseT) -> Answer | Unknown:
        """Ask the rule about a case; `mxcheck.judge.causes` names the owner of what is missing."""
        seen = self.find(case)
        if isinstance(seen, Unseen):
            return Unknown(message=seen.detail)
        if isinstance(seen, NotApplicable | Unknown):
            return seen
        return self.check(seen, case)


AnyRule: TypeAlias = Rule[Any, Any]
