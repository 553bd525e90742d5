"""The model of the JSON report: DMARC and DKIM."""

from dataclasses import dataclass

from mxcheck.report.json.model_dns import LookupJson
from mxcheck.wire.dmarc.record import Psd, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLookupJson:
    """The TXT records at one name."""

    name: str
    lookup: LookupJson


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcJson:
    """What the tree walk shows.

    `location` is the domain whose record applies, and `organization` the organizational domain.
    `policy` is what is in force for the domain, `subdomain_policy` for subdomains without a record
    of their own; they are null if receivers apply none. `p`, `sp` and `np` are the valid tags of
    the record, `rua` its valid URIs. `lookups` are the names of the walk, `permissions` those at
    which other hosts permit reports.
    """

    record: str | None
    location: str | None
    organization: str | None
    policy: Request | None
    subdomain_policy: Request | None
    p: Request | None
    sp: Request | None
    np: Request | None
    psd: Psd | None
    testing: bool | None
    rua: tuple[str, ...]
    lookups: tuple[TextLookupJson, ...]
    permissions: tuple[TextLookupJson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKeyJson:
    """The record of one configured selector.

    `key`, `testing` and `revoked` are null if the record cannot be used.
    """

    selector: str
    name: str
    lookup: LookupJson
    key: str | None
    testing: bool | None
    revoked: bool | None
