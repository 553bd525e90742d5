"""The model of the JSON report: SPF."""

from dataclasses import dataclass

from mxcheck.report.json.model_dns import LookupJson
from mxcheck.wire.spf.terms import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfTermJson:
    """A term that looks something up.

    `name` is null if it depends on the client, and `lookups` counts the term and all below it.
    `fault` is why receivers take it for an error, `unseen` why it was not looked up.
    """

    term: str
    name: str | None
    lookups: int
    finds_nothing: bool
    fault: str | None
    unseen: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfRecordJson:
    """The record of one domain in the tree; `faults` are those of the record itself."""

    domain: str
    record: str | None
    lookups: int
    faults: tuple[str, ...]
    terms: tuple[SpfTermJson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfJson:
    """What the SPF record leads to, whoever the client is.

    `others` is the result for a client that no address matches, null if the domain has no record.
    `records` are those of the tree, that of the domain first, each once.
    """

    lookup: LookupJson
    record: str | None
    lookups: int
    void_lookups: int
    others: Result | None
    records: tuple[SpfRecordJson, ...]
