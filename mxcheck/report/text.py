"""The text report, for the people who are paged: what was seen, what was wanted, what to do."""

from collections import Counter
from collections.abc import Iterator, Sequence
from types import MappingProxyType

import mxcheck
from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.exit_codes import EXIT_BUG, EXIT_FAIL, EXIT_INTERRUPTED, EXIT_PASS, EXIT_UNKNOWN
from mxcheck.report.layout import EMPTY, Line, Span, Style, join, plain, wrap
from mxcheck.report.seen import moment
from mxcheck.report.status import Status
from mxcheck.report.text_details import render_details
from mxcheck.rules.base import AnyRule
from mxcheck.verdict import Conclusion, DomainVerdict, Outcome, Result, Subject, Verdict
from mxcheck.wire.domain_name import display_domain

FAIL, UNCLEAR, WARNING, OPEN, WAIVED = "FAIL", "UNKNOWN", "WARNING", "unknown", "WAIVED"
PASS, NOT_APPLICABLE, OFF = "pass", "n/a", "off"

_STYLES = MappingProxyType(
    {
        FAIL: Style.BAD,
        UNCLEAR: Style.UNCLEAR,
        WARNING: Style.MILD,
        OPEN: Style.MILD,
        WAIVED: Style.FAINT,
        PASS: Style.GOOD,
        NOT_APPLICABLE: Style.FAINT,
        OFF: Style.FAINT,
    },
)
_ALWAYS_SHOWN = (FAIL, UNCLEAR, WARNING, OPEN, WAIVED)
_CONCLUSIONS = MappingProxyType(
    {
        Conclusion.PASS: ("PASS", Style.GOOD),
        Conclusion.FAIL: ("FAIL", Style.BAD),
        Conclusion.UNKNOWN: ("UNKNOWN", Style.UNCLEAR),
    },
)
_MEANINGS = MappingProxyType(
    {
        EXIT_PASS: "all that is required passed or was waived",
        EXIT_FAIL: "something required failed",
        EXIT_UNKNOWN: "something required could not be judged",
        EXIT_BUG: "a bug in mxcheck; this is what was gathered",
        EXIT_INTERRUPTED: "interrupted; this is what was gathered",
    },
)
_INDENT = " " * 11


def render_text(verdict: Verdict, *, verbose: bool) -> str:
    """The report as plain text; `verbose` adds what passed, what does not apply and transcripts."""
    return plain(render_lines(verdict, verbose=verbose))


def render_summary(verdict: Verdict) -> str:
    """The conclusion, the counts and the exit code in one line."""
    return "; ".join(span.text for span in _summary(verdict)) + "\n"


def render_lines(verdict: Verdict, *, verbose: bool) -> Iterator[Line]:
    """The report as lines of styled spans."""
    yield _title(verdict)
    for note in verdict.notes:
        yield EMPTY
        yield from wrap(note, "NOTE: ", Style.UNCLEAR)
    for domain in verdict.domains:
        yield EMPTY
        yield from _domain(domain, verdict, verbose=verbose)
    yield EMPTY
    for note in verdict.waiver_notes:
        yield from wrap(note, "WAIVER: ", Style.MILD)
    if any(result.remedy for domain in verdict.domains for result in domain.results):
        yield (Span("Why, and how to repair it on each MTA: mxcheck explain RULE", Style.FAINT),)
    yield from join(_summary(verdict), lead="", between="; ")


def _title(verdict: Verdict) -> Line:
    evidence = verdict.evidence
    count = _plural(len(verdict.domains), "domain")
    about = f"mxcheck {mxcheck.__version__}: {count}, port {evidence.port}"
    return (Span(f"{about}, {moment(evidence.observed_at)}", Style.FAINT),)


def _domain(verdict: DomainVerdict, run: Verdict, *, verbose: bool) -> Iterator[Line]:
    domain = verdict.domain
    word, style = _CONCLUSIONS[verdict.conclusion]
    yield (Span(display_domain(domain.name), Style.STRONG), Span("  "), Span(word, style))
    yield from _hosts(verdict, run)
    for label in _ALWAYS_SHOWN:
        yield from _results([result for result in verdict.results if _label(result) == label], run)
    if verbose:
        yield from _rest(verdict, run)
        yield from render_details(verdict, run.evidence)
    else:
        yield EMPTY
        yield (Span("  "), *_quiet_counts(verdict))


def _hosts(verdict: DomainVerdict, run: Verdict) -> Iterator[Line]:
    if not verdict.domain.hosts:
        yield (Span("  no MX host to look at"), Span(_null_mx(verdict.domain)))
    for host in verdict.domain.hosts:
        name = (Span(f"  MX {host.preference:<3} "), Span(host.name, Style.STRONG))
        if not host.addresses:
            yield (*name, Span("  no address was looked at", Style.UNCLEAR))
        for address in host.addresses:
            yield (*name, Span(f" [{address}]"))
            visit = run.evidence.visit(host.name, address)
            status = Status(
                visit=visit,
                results=_about(verdict.results, host, address),
                at=run.evidence.observed_at,
            )
            yield from join(status.spans(), "         ")
        if host.left_out:
            left_out = f"not looked at, as there are so many: {', '.join(host.left_out)}"
            yield from wrap(left_out, "         ", Style.UNCLEAR)


def _null_mx(domain: Domain) -> str:
    null = isinstance(domain.mx, Answer) and bool(domain.mx.records)
    return ": a null MX, the domain takes no mail" if null else ""


def _about(results: Sequence[Result], host: MxHost, address: str) -> list[Result]:
    wanted = (host.name, address)
    return [result for result in results if (result.subject.mx, result.subject.address) == wanted]


def _results(results: Sequence[Result], run: Verdict) -> Iterator[Line]:
    for result in results:
        yield EMPTY
        yield from _result(result, run)


def _result(result: Result, run: Verdict) -> Iterator[Line]:
    yield _heading(_label(result), result.rule, result.subject)
    yield from wrap(result.message or result.rule.title, _INDENT)
    if result.waiver:
        waived = f"waived until {result.waiver.until}: {result.waiver.reason}"
        yield from wrap(waived, _INDENT, Style.FAINT)
    elif result.remedy and not any(result.remedy in note for note in run.notes):
        # A remedy that concerns the whole run stands in its notes, once.
        yield from wrap(result.remedy, f"{_INDENT}→ ")


def _rest(verdict: DomainVerdict, run: Verdict) -> Iterator[Line]:
    yield EMPTY
    for result in verdict.results:
        if _label(result) not in _ALWAYS_SHOWN:
            yield from _result(result, run)
    for off in verdict.switched_off:
        yield _heading(OFF, off.rule, off.subject)


def _heading(label: str, rule: AnyRule, subject: Subject) -> Line:
    return (
        Span(f"  {label:<7}  ", _STYLES[label]),
        Span(rule.id, Style.STRONG),
        Span(f"  {subject}".rstrip()),
    )


def _label(result: Result) -> str:
    if result.waiver:
        return WAIVED
    match result.outcome:
        case Outcome.FAIL:
            return FAIL if result.blocks else WARNING
        case Outcome.UNKNOWN:
            return UNCLEAR if result.blocks else OPEN
        case Outcome.PASS:
            return PASS
        case Outcome.NOT_APPLICABLE:
            return NOT_APPLICABLE


def _quiet_counts(verdict: DomainVerdict) -> Line:
    counts = Counter(map(_label, verdict.results))
    shown = [f"{counts[PASS]} passed"]
    shown += [f"{counts[NOT_APPLICABLE]} not applicable"] if counts[NOT_APPLICABLE] else []
    shown += [f"{len(verdict.switched_off)} switched off"] if verdict.switched_off else []
    return (Span(", ".join(shown), Style.FAINT),)


def _summary(verdict: Verdict) -> tuple[Span, Span]:
    word, style = _CONCLUSIONS[verdict.conclusion]
    counts = Counter(_label(result) for domain in verdict.domains for result in domain.results)
    unknown = counts[UNCLEAR] + counts[OPEN]
    amounts = (
        (counts[FAIL], _plural(counts[FAIL], "failure")),
        (counts[WARNING], _plural(counts[WARNING], "warning")),
        (unknown, f"{unknown} unknown"),
        (counts[WAIVED], f"{counts[WAIVED]} waived"),
    )
    shown = [words for count, words in amounts if count] + [f"{counts[PASS]} passed"]
    code = f"exit code {verdict.exit_code}"
    meaning = _MEANINGS.get(verdict.exit_code, "")
    return Span(f"{word}: {', '.join(shown)}", style), Span(f"{code}: {meaning}".rstrip(": "))


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
