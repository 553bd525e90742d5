"""The shape of the JSON report: what was seen of DANE."""

from dataclasses import dataclass

from mxcheck.report.json.model_dns import LookupJson, RecheckJson


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsaJson:
    """One TLSA record, its data in hexadecimal; where it is none, its text, and null for numbers.

    `unusable` says why senders leave it aside, and is null where they use it.
    """

    usage: int | None
    selector: int | None
    matching_type: int | None
    data: str
    unusable: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateJson:
    """One candidate base domain, and the records below it (RFC 7672 2.2.3)."""

    base: str
    name: str
    lookup: LookupJson
    recheck: RecheckJson | None
    records: tuple[TlsaJson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostDaneJson:
    """One MX host; `alias` is its CNAME, null where it is no alias."""

    host: str
    alias: LookupJson | None
    candidates: tuple[CandidateJson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaneJson:
    """The TLSA records of a domain's MX hosts."""

    hosts: tuple[HostDaneJson, ...]
