"""The model of the JSON report: DANE."""

from dataclasses import dataclass

from mxcheck.report.json.model_dns import LookupJson, RecheckJson


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsaJson:
    """One TLSA record, with its data in hexadecimal.

    If it cannot be read, `data` is its text and the numbers are null. `unusable` says why senders
    ignore the record; it is null if they use it.
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
    """One MX host; `alias` is the lookup of its CNAME, null if that was not asked for."""

    host: str
    alias: LookupJson | None
    candidates: tuple[CandidateJson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaneJson:
    """The TLSA records of a domain's MX hosts."""

    hosts: tuple[HostDaneJson, ...]
