"""The shape of the JSON report: what was seen of MTA-STS and TLS-RPT."""

from dataclasses import dataclass

from mxcheck.report.json.model_dns import LookupJson, UnseenJson
from mxcheck.wire.mta_sts import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class StsPolicyJson:
    """What the policy host answered; `mode`, `max_age` and `mx` only where the policy is valid."""

    url: str
    address: str
    status: int
    content_type: str | None
    location: str | None
    body: str
    mode: Mode | None
    max_age: int | None
    mx: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MtaStsJson:
    """The record, its `id` where it is valid, and the policy; `unseen` is why none came.

    `remembered` is the live policy, where an override keeps senders from hearing of another.
    """

    record: LookupJson
    id: str | None
    policy: StsPolicyJson | None
    unseen: UnseenJson | None
    remembered: StsPolicyJson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsRptJson:
    """The record, and its `rua` where it is valid."""

    record: LookupJson
    rua: tuple[str, ...]
