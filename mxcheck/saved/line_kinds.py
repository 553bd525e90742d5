"""The kinds of lines in saved evidence: each is one observation, or the begin or end of a run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import ConfigDict

from mxcheck.evidence.dns import AskedResolver, ReverseDns
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.overrides import Override
from mxcheck.evidence.smtp import CanaryCall, Visit
from mxcheck.evidence.spf import SpfLookup
from mxcheck.evidence.way_out import WayOut

_CONFIG = ConfigDict(
    extra="forbid", allow_inf_nan=False, ser_json_bytes="base64", val_json_bytes="base64"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """How a run began: moments in RFC 3339, in UTC."""

    observed_at: datetime
    port: int
    resolvers: tuple[AskedResolver, ...] = ()
    via: WayOut | None = None
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a run ended, and how many lines of each kind come before this one."""

    finished_at: datetime
    domains: int
    visits: int
    reverse: int = 0
    spf: int = 0
    canaries: tuple[CanaryCall, ...] = ()
    interrupted: bool = False
    deadline_passed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginLine:
    """The first line of a run; bytes everywhere are base64 (RFC 4648 5).

    Unknown keys are refused: evidence that is ignored in silence would be judged as not seen.
    """

    __pydantic_config__ = _CONFIG

    schema_version: Literal["2"] = "2"
    run: Begin


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLine:
    """One visit."""

    __pydantic_config__ = _CONFIG

    visit: Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseLine:
    """The names of one address."""

    __pydantic_config__ = _CONFIG

    reverse: ReverseDns


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfLine:
    """One lookup that SPF records lead to."""

    __pydantic_config__ = _CONFIG

    spf: SpfLookup


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainLine:
    """One domain."""

    __pydantic_config__ = _CONFIG

    domain: Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLine:
    """The last line of a run; without it the file is not whole."""

    __pydantic_config__ = _CONFIG

    end: End


Line: TypeAlias = BeginLine | VisitLine | ReverseLine | SpfLine | DomainLine | EndLine
LINES: dict[str, type[Line]] = {
    "schema_version": BeginLine,
    "visit": VisitLine,
    "reverse": ReverseLine,
    "spf": SpfLine,
    "domain": DomainLine,
    "end": EndLine,
}
