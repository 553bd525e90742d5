"""The text report for the person who is paged: what was seen, what was wanted, what to do.

At its top is a line for each domain, at its end a list of those that do not pass; between them is
what was found, the worst domain first. A domain of which nothing was found has its line only.
"""

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from mxcheck.judge.alike import merged_findings
from mxcheck.judge.headlines import Headline, closing_list, headlines
from mxcheck.judge.severity import FINDINGS, Label, findings, label_of
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Result, Verdict
from mxcheck.report.escape import for_terminal
from mxcheck.report.in_short import describe_posture, in_one_line
from mxcheck.report.labels import (
    EXPLAIN,
    count_all,
    explain_exit_code,
    remedy_beside,
    title_of,
    waived,
)
from mxcheck.report.layout import (
    EMPTY,
    WIDTH,
    Block,
    Line,
    Paragraph,
    Row,
    Span,
    Style,
    lay_out,
    plain,
)
from mxcheck.report.status import statuses_of, why_no_host
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
_AT_HOST = " " * 9
_LONGEST_NAME = 22


def render_text(verdict: Verdict, *, verbose: bool, width: int = WIDTH) -> Iterator[str]:
    """Render plain text, a line at a time; `verbose` adds
    passes, what is not applicable, details, transcripts.
    """
    return plain(render_lines(verdict, verbose=verbose, width=width))


def render_summary(verdict: Verdict) -> str:
    """Render a line for each domain that does not pass, then the conclusion with the exit code."""
    closing = map(in_one_line, closing_list(headlines(verdict)))
    conclusion = "; ".join(span.text for span in _conclusion(verdict))
    return "".join(f"{line}\n" for line in (*map(for_terminal, closing), conclusion))


def render_lines(verdict: Verdict, *, verbose: bool, width: int) -> Iterator[Line]:
    """Yield the report as lines of styled spans, of `width` columns as far as words allow."""
    return lay_out(_blocks(verdict, verbose=verbose), width)


def _blocks(verdict: Verdict, *, verbose: bool) -> Iterator[Block]:
    worst_first = headlines(verdict)
    yield Paragraph(title_of(verdict), style=Style.FAINT)
    for note in verdict.notes:
        yield EMPTY
        yield Paragraph(note, "NOTE: ", Style.UNCLEAR)
    shown = [one for one in worst_first if verbose or not one.is_all_told]
    if len(worst_first) > 1 or not shown:
        yield from _overview(worst_first)
    for headline in shown:
        yield EMPTY
        yield from _domain(headline, verdict, verbose=verbose)
    yield EMPTY
    yield from _end(verdict, worst_first, verbose=verbose)


def _overview(worst_first: Sequence[Headline]) -> Iterator[Block]:
    """Yield a line for each domain, its parts in columns."""
    words = max((len(one.conclusion) for one in worst_first), default=0)
    names = max((len(display_domain(one.name)) for one in worst_first), default=0)
    for number, headline in enumerate(worst_first):
        if not number:
            yield EMPTY
        yield _title(headline, words, min(names, _LONGEST_NAME))


def _title(headline: Headline, word_width: int = 0, name_width: int = 0) -> Block:
    word, style = _CONCLUSIONS[headline.conclusion]
    name = display_domain(headline.name)
    start = f"{word:<{word_width}}  "
    return Row(
        lead=(
            Span(start, style),
            Span(name, Style.STRONG),
            Span(" " * (2 + max(name_width - len(name), 0))),
        ),
        parts=tuple(describe_posture(headline.posture)),
        hang=" " * len(start),
    )


def _domain(headline: Headline, run: Verdict, *, verbose: bool) -> Iterator[Block]:
    verdict = run.domains[headline.number]
    yield _title(headline)
    if verbose or headline.conclusion is not Conclusion.PASS:
        yield from _hosts(verdict)
    for result in findings(verdict.results) if verbose else merged_findings(verdict.results):
        yield EMPTY
        yield from _result(result, run)
    if verbose:
        yield from _rest(verdict, run)
        yield from render_details(verdict)


def _hosts(verdict: DomainVerdict) -> Iterator[Block]:
    if not verdict.domain.hosts:
        yield (Span(f"  {why_no_host(verdict.domain)}"),)
    for host in verdict.domain.hosts:
        name = (Span(f"  MX {host.preference:<3} "), Span(host.name, Style.STRONG))
        if not host.addresses:
            yield (*name, Span("  no address was checked", Style.UNCLEAR))
        for addresses, status in statuses_of(verdict, host).items():
            parts = tuple(Span(f"[{address}]") for address in addresses)
            yield Row(lead=(*name, Span(" ")), parts=parts, between=" ", hang=_AT_HOST)
            yield Row(lead=(Span(_AT_HOST),), parts=tuple(status.spans()), hang=_AT_HOST)
        if host.left_out:
            left_out = f"not checked, because there are too many: {', '.join(host.left_out)}"
            yield Paragraph(left_out, _AT_HOST, Style.UNCLEAR)


def _result(result: Result, run: Verdict) -> Iterator[Block]:
    yield _heading(label_of(result), result.rule, result.subject)
    yield Paragraph(result.message or result.rule.title, _INDENT)
    if result.waiver:
        yield Paragraph(waived(result.waiver), _INDENT, Style.FAINT)
    else:
        yield Paragraph(remedy_beside(result, run), f"{_INDENT}→ ")


def _rest(verdict: DomainVerdict, run: Verdict) -> Iterator[Block]:
    yield EMPTY
    for result in verdict.results:
        if label_of(result) not in FINDINGS or result.cause:
            yield from _result(result, run)
    for off in verdict.switched_off:
        yield _heading(Label.OFF, off.rule, off.subject)


def _heading(label: Label, rule: AnyRule, subject: Subject) -> Block:
    return Row(
        lead=(Span(f"  {label:<7}  ", _STYLES[label]), Span(rule.id, Style.STRONG), Span("  ")),
        parts=tuple(map(Span, subject.words)),
        between=" ",
        hang=_INDENT,
    )


def _end(verdict: Verdict, worst_first: Sequence[Headline], *, verbose: bool) -> Iterator[Block]:
    """Yield the end of the report, which is what a terminal shows when the run is over."""
    for note in verdict.waiver_notes:
        yield Paragraph(note, "WAIVER: ", Style.MILD)
    if any(headline.rules for headline in worst_first):
        yield Paragraph(f"{EXPLAIN} RULE", style=Style.FAINT)
    if not verbose and worst_first:
        yield Paragraph("What passed, and what each server showed: --verbose", style=Style.FAINT)
    closing = closing_list(worst_first)
    if closing:
        yield EMPTY
    for alike in closing:
        _, style = _CONCLUSIONS[alike[0].conclusion]
        yield Paragraph(in_one_line(alike), "", style, "     ")
    if closing:
        yield EMPTY
    yield Row(parts=_conclusion(verdict), between="; ")


def _conclusion(verdict: Verdict) -> tuple[Span, Span]:
    word, style = _CONCLUSIONS[verdict.conclusion]
    code = explain_exit_code(verdict)
    return Span(f"{word}: {count_all(verdict)}", style), Span(code)
