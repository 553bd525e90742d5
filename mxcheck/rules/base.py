"""What a rule is: its metadata, the evidence it needs, and the decision over that evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

from mxcheck.evidence.domain import Domain, Evidence, MxHost
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.model.policy import Level, Policy
from mxcheck.rules.trust import TrustStore
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
    """What a rule is asked about: a domain, one MX host of it, or one address of one MX host."""

    DOMAIN = "domain"
    MX = "mx"
    ENDPOINT = "endpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """The evidence shows that the rule is kept."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    """The evidence shows that the rule is broken: what was seen and wanted, and what to do.

    The level of the failure never rises above `at_most`; `result_type` is what senders call it in
    their TLS reports, where they would report it (RFC 8460 4.3).
    """

    message: str
    remedy: str
    at_most: Level = Level.ERROR
    result_type: ResultType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """The rule has nothing to judge here; `owner` is the rule that owns the cause, if one does."""

    message: str
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The evidence could not be obtained: why, and what to do to obtain it.

    The level of the result never rises above `at_most`: an unknown at most a warning never makes a
    run unknown by itself.
    """

    message: str
    remedy: str = ""
    at_most: Level = Level.ERROR


Answer: TypeAlias = Pass | Fail | NotApplicable


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainCase:
    """A domain before the bench, with all that a rule may look at."""

    evidence: Evidence
    policy: Policy
    trust: TrustStore
    domain: Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class MxCase(DomainCase):
    """One MX host of a domain before the bench."""

    host: MxHost


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCase(MxCase):
    """One address of one MX host before the bench."""

    visit: Visit

    @property
    def where(self) -> str:
        """Host, address and port, as messages name them."""
        return f"{self.visit.host} [{self.visit.address}]:{self.visit.port}"


CaseT = TypeVar("CaseT", bound=DomainCase)
SeenT = TypeVar("SeenT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[CaseT, SeenT]):
    """One rule: `needs` finds the evidence, `check` judges it.

    Where `needs` comes back with Unseen the answer is unknown, without `check` being asked; where
    it comes back with NotApplicable, that is the answer. The documentation is the docstring of
    the module in which the rule stands.
    """

    id: str
    family: Family
    scope: Scope
    level: Level
    title: str
    references: tuple[str, ...]
    needs: Callable[[CaseT], SeenT | Unseen | Unknown | NotApplicable]
    check: Callable[[SeenT, CaseT], Answer | Unknown]

    def judge(self, case: CaseT) -> Answer | Unknown:
        """Ask the rule about a case."""
        seen = self.needs(case)
        if isinstance(seen, Unseen):
            return Unknown(message=seen.detail)
        if isinstance(seen, NotApplicable | Unknown):
            return seen
        return self.check(seen, case)


AnyRule: TypeAlias = Rule[Any, Any]
