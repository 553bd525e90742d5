"""The model of the JSON report, schema version 1, on which users' pipelines rely.

Every key is always present. Durations are in milliseconds, dates are RFC 3339 in UTC. A value is
null if it was not seen, and `unseen` says why. Keys may be added; any other change is breaking.
"""

from dataclasses import dataclass
from typing import Literal

from mxcheck.evidence.smtp import Direction, RelayForm
from mxcheck.evidence.tls import Authentication
from mxcheck.evidence.way_out import WayOut
from mxcheck.judge.verdict import Conclusion, Outcome
from mxcheck.model.policy import Level
from mxcheck.report.json.model_certificate import CertificateJson
from mxcheck.report.json.model_dane import DaneJson
from mxcheck.report.json.model_dns import DnsJson, ResolverJson, UnseenJson
from mxcheck.report.json.model_mta_sts import MtaStsJson, TlsRptJson
from mxcheck.report.json.model_posture import DkimKeyJson, DmarcJson
from mxcheck.wire.tls_rpt import ResultType


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolJson:
    """The program that wrote the report."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BannerJson:
    """The greeting; `hostname` and `software` are null if they were not recognised."""

    code: int
    text: str
    hostname: str | None
    software: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsJson:
    """The TLS session; `versions_seen` also lists old versions that the server accepted."""

    version: str
    cipher: str
    versions_seen: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelloJson:
    """A ClientHello that mxcheck built, offering every version up to `offered`, and its answer.

    It asks for the host `server_name`, and accepts certificates of one kind alone if
    `authentication` is not "any"; `large` tells that it is longer than one TCP segment.
    """

    offered: str
    server_name: str
    authentication: Authentication
    large: bool
    version: str | None
    cipher: str | None
    alert: str | None
    unseen: UnseenJson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherTlsJson:
    """TLS that a connection beside the visit showed, if it differs; messages use the same words.

    `certificate` is null if the certificate came encrypted or cannot be read.
    """

    connection: str
    server_name: str
    offered: str
    version: str
    certificate: CertificateJson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectionJson:
    """The injection test: the answer to STARTTLS, and all replies inside TLS."""

    starttls: str | None
    replies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayJson:
    """One relay attempt; `code` and `text` answer the command that `stage` names."""

    form: RelayForm
    sender: str
    recipient: str
    stage: Literal["MAIL", "RCPT"]
    code: int | None
    text: str | None
    unseen: UnseenJson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineJson:
    """One line of the transcript: "C" the client, "S" the server, "*" a note."""

    at_ms: float
    direction: Direction
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointJson:
    """One address of an MX host; a stage that is null and not in `unseen` was not asked for.

    `hellos` asked about old versions or a failed handshake, `further_hellos` for certificates of
    another kind or name, and with a long ClientHello.
    """

    address: str
    port: int
    connect_ms: float | None
    greeting_ms: float | None
    banner: BannerJson | None
    extensions: dict[str, str] | None
    tls: TlsJson | None
    hellos: tuple[HelloJson, ...]
    further_hellos: tuple[HelloJson, ...]
    further_tls: tuple[FurtherTlsJson, ...]
    injection: InjectionJson | None
    certificate: CertificateJson | None
    relay: tuple[RelayJson, ...]
    transcript: tuple[LineJson, ...]
    unseen: dict[str, UnseenJson]


@dataclass(frozen=True, slots=True, kw_only=True)
class MxJson:
    """One MX host of a domain.

    `given_certificate` is about to be deployed: it was judged in place of the certificates that
    the servers sent, which are in `endpoints`. It is null if none was given.
    """

    host: str
    preference: int
    endpoints: tuple[EndpointJson, ...]
    addresses_left_out: tuple[str, ...]
    given_certificate: CertificateJson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectJson:
    """The subject of a result, within its domain."""

    mx: str | None
    address: str | None
    sender: str | None
    selector: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaivedJson:
    """The waiver that covers a result."""

    until: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultJson:
    """The answer of a rule; `blocks` says whether it prevents the run from passing.

    `result_type` is the name of the failure in senders' TLS reports (RFC 8460 4.3); `what_ifs` are
    the overrides that the answer depends on, as they were given.
    """

    rule: str
    level: Level
    outcome: Outcome
    subject: SubjectJson
    message: str
    remedy: str
    waived: WaivedJson | None
    blocks: bool
    result_type: ResultType | None
    what_ifs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainJson:
    """One domain: what was seen, and the result of every rule that was asked."""

    domain: str
    verdict: Conclusion
    policy: dict[str, object]
    mx: tuple[MxJson, ...]
    dns: DnsJson
    dane: DaneJson | None
    mta_sts: MtaStsJson | None
    tls_rpt: TlsRptJson | None
    dmarc: DmarcJson | None
    dkim: tuple[DkimKeyJson, ...] | None
    results: tuple[ResultJson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunJson:
    """One run that saw part of the evidence.

    `via` is the kind of way out through which MX hosts were reached, null if there was none.
    """

    started_at: str
    finished_at: str
    resolvers: tuple[str, ...]
    via: WayOut | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportJson:
    """The whole run."""

    schema_version: Literal["1"] = "1"
    tool: ToolJson
    started_at: str
    finished_at: str
    verdict: Conclusion
    exit_code: int
    notes: tuple[str, ...]
    waiver_notes: tuple[str, ...]
    what_ifs: tuple[str, ...]
    policy: dict[str, object]
    counts: dict[str, int]
    resolvers: tuple[ResolverJson, ...]
    runs: tuple[RunJson, ...]
    domains: tuple[DomainJson, ...]
