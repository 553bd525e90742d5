"""The model of the JSON report: MTA-STS and TLS-RPT."""

from dataclasses import dataclass

from mxcheck.report.json.model_dns import LookupJson, UnseenJson
from mxcheck.wire.mta_sts import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class StsPolicyJson:
    """The answer of the policy host; `mode` and `max_age` are null if the policy is invalid."""

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
    """The record, its `id` if it is valid, and the policy; `unseen` says why there is no policy.

    `remembered` is the live policy, if senders would go on using it in spite of an override.
    """

    record: LookupJson
    id: str | None
    policy: StsPolicyJson | None
    unseen: UnseenJson | None
    remembered: StsPolicyJson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsRptJson:
    """The record, and its `rua` if it is valid."""

    record: LookupJson
    rua: tuple[str, ...]
