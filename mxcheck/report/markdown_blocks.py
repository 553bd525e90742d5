"""Blocks of the Markdown reports: headings, tables, lists, folds."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mxcheck.evidence.domain import MxHost
from mxcheck.judge.alike import merged_findings
from mxcheck.judge.headlines import Headline
from mxcheck.judge.severity import FINDINGS, Label, findings, label_of
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Group, Result, Verdict
from mxcheck.report.escape import for_markdown
from mxcheck.report.in_short import blocking_rules, describe_posture
from mxcheck.report.labels import (
    EXPLAIN,
    count_all,
    count_findings,
    count_rest,
    explain_exit_code,
    remedy_beside,
    title_of,
    waived,
)
from mxcheck.report.layout import Span, Style
from mxcheck.report.status import Fact, statuses_of, why_no_host
from mxcheck.rules.base import AnyRule
from mxcheck.rules.facts.egress import DOCS
from mxcheck.wire.domain_name import display_domain

_DOMAINS = ("", "domain", "has", "why")
_HOSTS = ("MX", "host", "address", "reachable in", "STARTTLS", "certificate", "relay")
_REST = ("", "rule", "about", "what was seen")
LEAST_ROW = len("| off | `` |  |  |\n")
"""Characters that a row of `rest` takes at least."""

_EMPHASIS = {Style.BAD: "strong", Style.UNCLEAR: "em", Style.MILD: "em"}
_OPEN = (Label.FAIL, Label.UNKNOWN)
# Nothing in it means something to Markdown, not even within a code span.
_NAME = re.compile(r"[A-Za-z0-9._:-]{1,255}")


def document(blocks: Iterable[str]) -> str:
    """Join blocks to a text; empty ones are left out."""
    return "\n\n".join(filter(None, blocks)) + "\n"


def head(verdict: Verdict) -> Iterator[str]:
    """Yield the conclusion, the counts with the exit code, and what was checked when."""
    yield f"# mxcheck: {_word(verdict.conclusion)}"
    yield f"**{count_all(verdict)}**; {for_markdown(explain_exit_code(verdict))}"
    yield for_markdown(title_of(verdict))


def notes(verdict: Verdict) -> Iterator[str]:
    """Yield an item for each note, then for each waiver that expired or matched nothing."""
    for note in verdict.notes:
        yield f"- **NOTE** {for_markdown(note)}"
    for cause in verdict.causes:
        if verdict.docs:
            yield f"- [What to do if {cause}]({verdict.docs}{DOCS[cause]})"
    for note in verdict.waiver_notes:
        yield f"- **WAIVER** {for_markdown(note)}"


def overview(rows: Sequence[str]) -> str:
    """Return the table of all domains, "" if there is none."""
    return "\n".join((*_table_head(_DOMAINS), *rows)) if rows else ""


def overview_row(headline: Headline) -> str:
    """Return a row: the conclusion, the domain, what it has, and what keeps it from passing."""
    has = _spans(describe_posture(headline.posture))
    word = _word(headline.conclusion)
    shown = word if headline.conclusion is Conclusion.PASS else f"**{word}**"
    return _row((shown, _domain(headline.name), has, for_markdown(blocking_rules(headline))))


def heading(headline: Headline) -> str:
    """Return the heading of a domain: its name and conclusion."""
    return f"## {_domain(headline.name)}: {_word(headline.conclusion)}"


def endpoints(domain: DomainVerdict) -> str:
    """Return a table of the addresses of the MX hosts, or say why there are none."""
    if not domain.domain.hosts:
        return for_markdown(why_no_host(domain.domain))
    rows = [row for host in domain.domain.hosts for row in _rows(host, domain)]
    return _table(_HOSTS, rows)


def finding_items(group: Group, run: Verdict) -> list[str]:
    """Return an item for what keeps a group from passing, most severe first."""
    reason = group.why_not_judged
    items = [f"- **{reason}**"] if reason else []
    found = merged_findings(group.results)
    return items + [_item(one, run) for one in found if label_of(one) in _OPEN]


def folded_items(group: Group, run: Verdict) -> list[str]:
    """Return an item for each other finding, most severe first."""
    found = merged_findings(group.results)
    return [_item(one, run) for one in found if label_of(one) not in _OPEN]


def count_folded(group: Group) -> str:
    """Count those findings."""
    return count_findings(one for one in findings(group.results) if label_of(one) not in _OPEN)


def count_rows(domain: DomainVerdict) -> int:
    """Count the rows of `rest`."""
    found = sum(label_of(result) in FINDINGS for result in domain.results)
    return len(domain.results) - found + len(domain.switched_off)


def rest(domain: DomainVerdict, *, with_table: bool) -> str:
    """Return what passed, does not apply or is switched off, folded."""
    others = [result for result in domain.results if label_of(result) not in FINDINGS]
    rows = [_rest_row(label_of(one), one.rule, str(one.subject), one.message) for one in others]
    rows += [_rest_row(Label.OFF, off.rule, str(off.subject), "") for off in domain.switched_off]
    name = for_markdown(display_domain(domain.name))
    tables = [endpoints(domain)] if with_table else []
    return folded(f"{name}: {count_rest(domain)}", "\n\n".join((*tables, _table(_REST, rows))))


def folded(summary: str, body: str) -> str:
    """Fold a body under a summary, which contains no markup."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def how_to_read_more(worst_first: Iterable[Headline]) -> list[str]:
    """Say how to read more about the findings, if there are any."""
    found = any(headline.rules for headline in worst_first)
    return [f"{EXPLAIN.replace('mxcheck', '`mxcheck', 1)} RULE`"] if found else []


def about_passes(verdict: Verdict) -> str:
    """Say where the passes are that this page leaves out."""
    asked = any(group.results for group in verdict.groups)
    return "What passed is in the reports of `--json` and `--junit-xml`." if asked else ""


def _word(conclusion: Conclusion) -> str:
    return conclusion.value.upper()


def _domain(name: str) -> str:
    """Return the name of a domain as code, which no line break divides."""
    shown = display_domain(name)
    return (
        _code(name)
        if shown == name
        else f"{for_markdown(shown.removesuffix(f' ({name})'))} ({_code(name)})"
    )


def _code(name: str) -> str:
    """Return a name as code; what may mean something in a code span becomes text within its tag."""
    return f"`{name}`" if _NAME.fullmatch(name) else f"<code>{for_markdown(name)}</code>"


def _rows(host: MxHost, domain: DomainVerdict) -> Iterator[Sequence[str]]:
    name = (str(host.preference), _code(host.name))
    for addresses, status in statuses_of(domain, host).items():
        yield (*name, " ".join(map(_code, addresses)), *map(_cell, status.columns()))
    if not host.addresses:
        yield (*name, "<em>no address was checked</em>", "", "", "", "")
    if host.left_out:
        left_out = f"not checked, because there are too many: {', '.join(host.left_out)}"
        yield (*name, f"<em>{for_markdown(left_out)}</em>", "", "", "", "")


def _cell(facts: Iterable[Fact]) -> str:
    return _spans(Span(fact.value, fact.style) for fact in facts)


def _spans(spans: Iterable[Span]) -> str:
    return " · ".join(map(_emphasised, spans))


def _emphasised(span: Span) -> str:
    text, tag = for_markdown(span.text), _EMPHASIS.get(span.style)
    return f"<{tag}>{text}</{tag}>" if tag else text


def _item(result: Result, run: Verdict) -> str:
    about = " ".join(map(_code, result.subject.parts))
    message = for_markdown(result.message or result.rule.title)
    remedy = for_markdown(remedy_beside(result, run))
    lines = [f"- **{label_of(result)}** `{result.rule.id}` {about}".rstrip(), message]
    lines += [for_markdown(waived(result.waiver))] if result.waiver else []
    lines += [f"→ {remedy}"] if remedy else []
    return "\n\n  ".join(lines)


def _rest_row(label: Label, rule: AnyRule, subject: str, message: str) -> Sequence[str]:
    return label, f"`{rule.id}`", for_markdown(subject), for_markdown(message)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join((*_table_head(columns), *map(_row, rows)))


def _table_head(columns: Sequence[str]) -> tuple[str, str]:
    return _row(columns), _row(["---"] * len(columns))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
