"""The summary of a GitHub Actions step: worst domain first, details folded, size limited."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mxcheck.judge.severity import FINDINGS, label_of, worst_first
from mxcheck.judge.verdict import DomainVerdict, Verdict
from mxcheck.report.labels import count_findings, plural
from mxcheck.report.markdown_blocks import (
    closing,
    document,
    endpoints,
    finding_items,
    folded,
    head,
    heading,
    notes,
    rest,
)

SUMMARY_LIMIT = 1024 * 1024
"""In bytes; GitHub refuses a longer summary entirely."""

_NOTES_LIMIT = SUMMARY_LIMIT // 8
_CUT_LINE_LIMIT = 1024
_GAP = len("\n\n")


@dataclass(slots=True)
class _Room:
    """The bytes that are left for further blocks."""

    left: int

    def take(self, block: str) -> bool:
        """Reserve space for a block; return False if it does not fit."""
        size = len(block.encode()) + _GAP
        if size > self.left:
            return False
        self.left -= size
        return True

    def those_that_fit(self, blocks: Iterable[str]) -> list[str]:
        """Reserve space for each block that fits, and return those blocks."""
        return [block for block in blocks if self.take(block)]


@dataclass(slots=True, kw_only=True)
class _Section:
    """A domain: the blocks that are shown, and counts of what did not fit."""

    run: Verdict
    number: int
    blocks: list[str] = field(default_factory=list)
    results_left_out: int = 0
    tables_left_out: int = 0

    @property
    def domain(self) -> DomainVerdict:
        """Return the verdict on the domain, which is in memory only while it is used."""
        return self.run.domains[self.number]

    def add_heading(self, room: _Room) -> None:
        """Add the heading; without it nothing else of the domain is shown."""
        self.blocks += room.those_that_fit([heading(self.domain)])

    def add_table(self, room: _Room) -> None:
        """Add the table of addresses."""
        if not self.blocks:
            self.tables_left_out = 1
            return
        table = endpoints(self.domain)
        if room.take(table):
            self.blocks.append(table)
        else:
            self.tables_left_out = 1

    def add_findings(self, room: _Room) -> None:
        """Add the findings that fit, most severe first, folded."""
        items = finding_items(self.domain, self.run)
        counted = count_findings(self.domain.results) or "nothing judged"
        fits = bool(items and self.blocks) and room.take(folded(counted, ""))
        kept = room.those_that_fit(items) if fits else []
        self.blocks += [folded(counted, "\n\n".join(kept))] if kept else []
        self.results_left_out += len(items) - len(kept)

    def add_rest(self, room: _Room) -> None:
        """Add the results that are not findings, folded."""
        block = rest(self.domain)
        if self.blocks and room.take(block):
            self.blocks.append(block)
        else:
            labels = map(label_of, self.domain.results)
            self.results_left_out += sum(label not in FINDINGS for label in labels)


def render_github_summary(verdict: Verdict) -> Iterator[str]:
    """Render the summary, for the file that $GITHUB_STEP_SUMMARY names.

    If not everything fits, headings are kept first, the worst domain at the top; then tables,
    findings, and what passed.
    """
    start, end = list(head(verdict)), closing(verdict)
    room = _Room(SUMMARY_LIMIT - _CUT_LINE_LIMIT - len(document([*start, end]).encode()))
    items = list(notes(verdict))
    kept = _Room(_NOTES_LIMIT).those_that_fit(items)
    room.take("\n".join(kept))
    sections = [_Section(run=verdict, number=number) for number in worst_first(verdict)]
    for add in (_Section.add_heading, _Section.add_table, _Section.add_findings, _Section.add_rest):
        for section in sections:
            add(section, room)
    cut_line = _what_is_left_out(sections, len(items) - len(kept))
    shown = [block for section in sections for block in section.blocks]
    yield document([*start, cut_line, "\n".join(kept), *shown, end])


def _what_is_left_out(sections: Sequence[_Section], notes_left_out: int) -> str:
    domains = [section for section in sections if not section.blocks]
    tables = sum(section.tables_left_out for section in sections) - len(domains)
    results = sum(section.results_left_out for section in sections)
    counts = (
        (len(domains), "domain"),
        (tables, "table"),
        (results, "result"),
        (notes_left_out, "note"),
    )
    missing = [plural(count, noun) for count, noun in counts if count]
    if not missing:
        return ""
    return (
        f"**Left out: {', '.join(missing)}**, because GitHub limits the size of a summary. The"
        " reports of `--markdown`, `--json` and `--junit-xml` contain everything."
    )
