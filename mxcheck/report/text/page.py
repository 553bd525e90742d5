"""The text report for the person who is paged: what was seen, what was wanted, what to do."""

from collections.abc import Iterator
from types import MappingProxyType

from mxcheck.judge.severity import FINDINGS, Label, findings, label_of
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Result, Verdict
from mxcheck.report.labels import (
    EXPLAIN,
    count_all,
    count_rest,
    explain_exit_code,
    remedy_beside,
    title_of,
    waived,
)
from mxcheck.report.layout import EMPTY, Line, Span, Style, join, plain, wrap
from mxcheck.report.status import status_of, why_no_host
from mxcheck.report.text.details import render_details
from mxcheck.rules.base import AnyRule
from mxcheck.rules.subjects import Subject
from mxcheck.wire.domain_name import display_domain

_STYLES = MappingProxyType(
    {
        Label.FAIL: Style.BAD,
        Label.UNKNOWN: Style.UNCLEAR,
        Label.WARNING: Style.MILD,
        Label.OPEN: Style.MILD,
        Label.WAIVED: Style.FAINT,
        Label.PASS: Style.GOOD,
        Label.NOT_APPLICABLE: Style.FAINT,
        Label.OFF: Style.FAINT,
    },
)
_CONCLUSIONS = MappingProxyType(
    {
        Conclusion.PASS: ("PASS", Style.GOOD),
        Conclusion.FAIL: ("FAIL", Style.BAD),
        Conclusion.UNKNOWN: ("UNKNOWN", Style.UNCLEAR),
    },
)
_INDENT = " " * 11


def render_text(verdict: Verdict, *, verbose: bool) -> Iterator[str]:
    """Render plain text, a line at a time; `verbose` adds
    passes, what is not applicable, details, transcripts.
    """
    return plain(render_lines(verdict, verbose=verbose))


def render_summary(verdict: Verdict) -> str:
    """Render the conclusion, the counts and the exit code in one line."""
    return "; ".join(span.text for span in _summary(verdict)) + "\n"


def render_lines(verdict: Verdict, *, verbose: bool) -> Iterator[Line]:
    """Yield the report as lines of styled spans."""
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
    if any(result.remedy for group in verdict.groups for result in group.results):
        yield (Span(f"{EXPLAIN} RULE", Style.FAINT),)
    yield from join(_summary(verdict), lead="", between="; ")


def _title(verdict: Verdict) -> Line:
    return (Span(title_of(verdict), Style.FAINT),)


def _domain(verdict: DomainVerdict, run: Verdict, *, verbose: bool) -> Iterator[Line]:
    word, style = _CONCLUSIONS[verdict.conclusion]
    yield (Span(display_domain(verdict.name), Style.STRONG), Span("  "), Span(word, style))
    yield from _hosts(verdict)
    for result in findings(verdict.results):
        yield EMPTY
        yield from _result(result, run)
    if verbose:
        yield from _rest(verdict, run)
        yield from render_details(verdict)
    else:
        yield EMPTY
        yield (Span("  "), Span(count_rest(verdict), Style.FAINT))


def _hosts(verdict: DomainVerdict) -> Iterator[Line]:
    if not verdict.domain.hosts:
        yield (Span(f"  {why_no_host(verdict.domain)}"),)
    for host in verdict.domain.hosts:
        name = (Span(f"  MX {host.preference:<3} "), Span(host.name, Style.STRONG))
        if not host.addresses:
            yield (*name, Span("  no address was checked", Style.UNCLEAR))
        for address in host.addresses:
            yield (*name, Span(f" [{address}]"))
            status = status_of(verdict, host, address)
            yield from join(status.spans(), "         ")
        if host.left_out:
            left_out = f"not checked, because there are too many: {', '.join(host.left_out)}"
            yield from wrap(left_out, "         ", Style.UNCLEAR)


def _result(result: Result, run: Verdict) -> Iterator[Line]:
    yield _heading(label_of(result), result.rule, result.subject)
    yield from wrap(result.message or result.rule.title, _INDENT)
    if result.waiver:
        yield from wrap(waived(result.waiver), _INDENT, Style.FAINT)
    else:
        yield from wrap(remedy_beside(result, run), f"{_INDENT}→ ")


def _rest(verdict: DomainVerdict, run: Verdict) -> Iterator[Line]:
    yield EMPTY
    for result in verdict.results:
        if label_of(result) not in FINDINGS or result.cause:
            yield from _result(result, run)
    for off in verdict.switched_off:
        yield _heading(Label.OFF, off.rule, off.subject)


def _heading(label: Label, rule: AnyRule, subject: Subject) -> Line:
    return (
        Span(f"  {label:<7}  ", _STYLES[label]),
        Span(rule.id, Style.STRONG),
        Span(f"  {subject}".rstrip()),
    )


def _summary(verdict: Verdict) -> tuple[Span, Span]:
    word, style = _CONCLUSIONS[verdict.conclusion]
    code = explain_exit_code(verdict)
    return Span(f"{word}: {count_all(verdict)}", style), Span(code)
