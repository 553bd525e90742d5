"""Blocks of the Markdown reports: headings, tables, lists, folds."""

from collections.abc import Iterable, Iterator, Sequence

from mxcheck.evidence.domain import MxHost
from mxcheck.judge.severity import FINDINGS, Label, findings, label_of
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Group, Result, Verdict
from mxcheck.report.escape import for_markdown
from mxcheck.report.labels import (
    EXPLAIN,
    count_all,
    count_rest,
    explain_exit_code,
    remedy_beside,
    title_of,
    waived,
)
from mxcheck.report.layout import Span, Style
from mxcheck.report.status import status_of, why_no_host
from mxcheck.rules.base import AnyRule
from mxcheck.rules.subjects import Subject
from mxcheck.wire.domain_name import display_domain

_HOSTS = ("MX", "host", "address", "reachable", "TLS", "certificate", "relay")
_REST = ("", "rule", "about", "what was seen")
_EMPHASIS = {Style.BAD: "strong", Style.UNCLEAR: "em", Style.MILD: "em"}


def stream_blocks(blocks: Iterable[str]) -> Iterator[str]:
    """Yield the text of `document` block by block."""
    between = ""
    for block in filter(None, blocks):
        yield f"{between}{block}"
        between = "\n\n"
    yield "\n"


def document(blocks: Iterable[str]) -> str:
    """Join blocks to a text; empty ones are left out."""
    return "\n\n".join(filter(None, blocks)) + "\n"


def head(verdict: Verdict) -> Iterator[str]:
    """Yield the conclusion, the counts with the exit code, and what was checked when."""
    yield f"# mxcheck: {_word(verdict.conclusion)}"
    yield f"**{count_all(verdict)}**; {explain_exit_code(verdict)}"
    yield for_markdown(title_of(verdict))


def notes(verdict: Verdict) -> Iterator[str]:
    """Yield an item for each note, then for each waiver that expired or matched nothing."""
    for note in verdict.notes:
        yield f"- **NOTE** {for_markdown(note)}"
    for note in verdict.waiver_notes:
        yield f"- **WAIVER** {for_markdown(note)}"


def heading(group: Group) -> str:
    """Return the heading of a group: its name and conclusion."""
    return f"## {for_markdown(display_domain(group.name))}: {_word(group.conclusion)}"


def endpoints(domain: DomainVerdict) -> str:
    """Return a table of the addresses of the MX hosts, or say why there are none."""
    if not domain.domain.hosts:
        return for_markdown(why_no_host(domain.domain))
    rows = [row for host in domain.domain.hosts for row in _rows(host, domain)]
    return _table(_HOSTS, rows)


def finding_items(group: Group, run: Verdict) -> list[str]:
    """Return an item for each result that failed, is unknown or waived, most severe first."""
    reason = group.why_not_judged
    items = [f"- **{reason}**"] if reason else []
    return items + [_item(result, run) for result in findings(group.results)]


def rest(group: Group) -> str:
    """Return what passed, does not apply or is switched off, folded."""
    others = [result for result in group.results if label_of(result) not in FINDINGS]
    rows = [_rest_row(label_of(one), one.rule, one.subject, one.message) for one in others]
    rows += [_rest_row(Label.OFF, off.rule, off.subject, "") for off in group.switched_off]
    return folded(count_rest(group), _table(_REST, rows)) if rows else ""


def folded(summary: str, body: str) -> str:
    """Fold a body under a summary, which contains no markup."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def closing(verdict: Verdict) -> str:
    """Say how to read more about the findings; "" if none has a remedy."""
    remedies = (result.remedy for group in verdict.groups for result in group.results)
    return f"{EXPLAIN.replace('mxcheck', '`mxcheck', 1)} RULE`" if any(remedies) else ""


def _word(conclusion: Conclusion) -> str:
    return conclusion.value.upper()


def _rows(host: MxHost, domain: DomainVerdict) -> Iterator[Sequence[str]]:
    name = (str(host.preference), for_markdown(host.name))
    for address in host.addresses:
        columns = status_of(domain, host, address).columns()
        yield (*name, for_markdown(address), *map(_cell, columns))
    if not host.addresses:
        yield (*name, "<em>no address was checked</em>", "", "", "", "")
    if host.left_out:
        left_out = f"not checked, because there are too many: {', '.join(host.left_out)}"
        yield (*name, f"<em>{for_markdown(left_out)}</em>", "", "", "", "")


def _cell(spans: Iterable[Span]) -> str:
    return " · ".join(map(_emphasised, spans))


def _emphasised(span: Span) -> str:
    text, tag = for_markdown(span.text), _EMPHASIS.get(span.style)
    return f"<{tag}>{text}</{tag}>" if tag else text


def _item(result: Result, run: Verdict) -> str:
    about = for_markdown(str(result.subject))
    message = for_markdown(result.message or result.rule.title)
    remedy = for_markdown(remedy_beside(result, run))
    lines = [f"- **{label_of(result)}** `{result.rule.id}` {about}".rstrip(), message]
    lines += [for_markdown(waived(result.waiver))] if result.waiver else []
    lines += [f"→ {remedy}"] if remedy else []
    return "\n\n  ".join(lines)


def _rest_row(label: Label, rule: AnyRule, subject: Subject, message: str) -> Sequence[str]:
    return label, f"`{rule.id}`", for_markdown(str(subject)), for_markdown(message)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (columns, ["---"] * len(columns), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
