"""The model of the JSON report: MTA-STS and TLS-RPT."""

from dataclasses import dataclass

from mxcheck.report.json.model_certificate import CertificateJson
from mxcheck.report.json.model_dns import LookupJson, UnseenJson
from mxcheck.wire.mta_sts import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class StsPolicyJson:
    """The response to the request for a policy, or a policy about to be published.

    `mode`, `max_age` and `mx` are those of a valid policy; the address of a policy that is about to
    be published is "".
    """

    url: str
    address: str
    status: int
    content_type: str | None
    content_encoding: str | None
    location: str | None
    body: str
    mode: Mode | None
    max_age: int | None
    mx: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAddressJson:
    """What one address of the policy host showed; `unseen` tells why there is no response."""

    address: str
    connect_ms: float | None
    certificate: CertificateJson | None
    policy: StsPolicyJson | None
    unseen: UnseenJson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHostJson:
    """The address lookups of a policy host, and each address; too many are left out."""

    a: LookupJson
    aaaa: LookupJson
    addresses: tuple[PolicyAddressJson, ...]
    addresses_left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MtaStsJson:
    """The record, its `id` if it is valid, and the policy; `unseen` tells why none came.

    `policy` is the first that came with status 200, else the first response. `remembered` is the
    live policy, if an override keeps senders from learning of another. `policy_host` is what each
    address showed.
    """

    record: LookupJson
    id: str | None
    policy: StsPolicyJson | None
    unseen: UnseenJson | None
    remembered: StsPolicyJson | None
    policy_host: PolicyHostJson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsRptJson:
    """The record, and its `rua` if it is valid."""

    record: LookupJson
    rua: tuple[str, ...]
