"""Details of the text report: the TLSA records of an MX host."""

from collections.abc import Iterator

from mxcheck.evidence.dns import Absent, Answer, Lookup, TlsaLookup
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import Unseen
from mxcheck.report.seen import was_asked
from mxcheck.wire.tlsa import parse_tlsa_records, why_unusable


def tlsa_facts(host: MxHost) -> Iterator[tuple[str, str]]:
    """Yield the records that were looked up: a word, and what was seen."""
    if was_asked(host.alias):
        yield "CNAME", _answer(host.alias)
    for seen in host.tlsa:
        yield from _records(seen)


def _records(seen: TlsaLookup) -> Iterator[tuple[str, str]]:
    if not isinstance(seen.lookup, Answer):
        yield "TLSA", f"{seen.name}: {_answer(seen.lookup)}"
        return
    for record in parse_tlsa_records(seen.lookup):
        why = why_unusable(record)
        yield "TLSA", f"{seen.name}: {record}{f', unusable: {why}' if why else ''}"


def _answer(lookup: Lookup) -> str:
    match lookup:
        case Answer(records=records):
            return ", ".join(records)
        case Absent(absence=absence):
            return f"no record ({absence})"
        case Unseen(detail=detail, trouble=trouble):
            return f"not seen: {detail} ({trouble})"
