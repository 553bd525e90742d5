"""The Markdown reports (GFM): for a merge request, an issue or a wiki, and for a job's summary.

Both begin with a table of all domains, the worst first. Then comes what was found, failures in
full and all else folded. The summary leaves out what passed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from mxcheck.judge.headlines import Headline, headlines
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Verdict
from mxcheck.report.labels import plural
from mxcheck.report.markdown_blocks import (
    LEAST_ROW,
    about_passes,
    count_folded,
    count_rows,
    document,
    endpoints,
    finding_items,
    folded,
    folded_items,
    head,
    heading,
    how_to_read_more,
    notes,
    overview,
    overview_row,
    rest,
)
from mxcheck.report.markdown_room import Room

LIMIT = 65_536
"""Characters of a comment at GitHub, which refuses a longer one; reports stay below."""

_NOTES_LIMIT = LIMIT // 8
_TABLE_LIMIT = LIMIT // 2
_CUT_LINE_LIMIT = 1024


def render_markdown(verdict: Verdict) -> Iterator[str]:
    """Render the report in the Markdown that GitHub and GitLab share; passes are folded."""
    yield _render(verdict, (*_ALWAYS, _Section.add_passes))


def render_github_summary(verdict: Verdict) -> Iterator[str]:
    """Render the summary, for the file that $GITHUB_STEP_SUMMARY names; passes are left out."""
    yield _render(verdict, _ALWAYS)


@dataclass(slots=True, kw_only=True)
class _Section:
    """A domain below the table: the blocks that are shown, and counts of what did not fit."""

    run: Verdict
    headline: Headline
    title: list[str] = field(default_factory=list)
    table: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    findings_left_out: int = 0
    tables_left_out: int = 0
    passes_left_out: int = 0

    @property
    def domain(self) -> DomainVerdict:
        """Return the verdict on the domain, which is in memory only while it is used."""
        return self.run.domains[self.headline.number]

    def add_failures(self, room: Room) -> None:
        """Add what keeps the domain from passing, most severe first."""
        if self.headline.is_all_told:
            return
        items = finding_items(self.domain, self.run)
        kept = self._those_that_fit(items, room)
        self.findings_left_out += len(items) - len(kept)
        self.blocks += kept

    def add_table(self, room: Room) -> None:
        """Add the table of addresses, if findings keep the domain from passing."""
        if self.headline.is_all_told or self.headline.conclusion is Conclusion.PASS:
            return
        self.table = self._those_that_fit([endpoints(self.domain)], room)
        self.tables_left_out = 1 - len(self.table)

    def add_folded(self, room: Room) -> None:
        """Add the other findings, folded."""
        if self.headline.is_all_told:
            return
        items = folded_items(self.domain, self.run)
        title = count_folded(self.domain)
        # The fold itself takes its room first.
        kept = self._those_that_fit(items, room) if items and room.take(folded(title, "")) else []
        self.findings_left_out += len(items) - len(kept)
        self.blocks += [folded(title, "\n\n".join(kept))] if kept else []

    def add_passes(self, room: Room) -> None:
        """Add the results that are not findings, folded; with the table if it is not shown yet."""
        domain = self.domain
        count = count_rows(domain)
        if not count:
            return
        # To write what has no room takes most of the time of a run of many domains.
        enough = room.left > count * LEAST_ROW
        kept = room.those_that_fit([rest(domain, with_table=not self.table)]) if enough else []
        self.passes_left_out = 1 - len(kept)
        self.blocks += kept

    def _those_that_fit(self, blocks: Sequence[str], room: Room) -> list[str]:
        """Reserve space for blocks, and once for the heading above all of them."""
        if not self.title and blocks:
            self.title = room.those_that_fit([heading(self.headline)])
        return room.those_that_fit(blocks) if self.title else []

    def __iter__(self) -> Iterator[str]:
        """Yield what is shown, in the order of the page."""
        if self.table or self.blocks:
            yield from (*self.title, *self.table, *self.blocks)


_Step = Callable[[_Section, Room], None]
_ALWAYS: tuple[_Step, ...] = (_Section.add_failures, _Section.add_table, _Section.add_folded)


def _render(verdict: Verdict, steps: Sequence[_Step]) -> str:
    """Render a page within the limit; each step goes over all domains, the worst first.

    If not everything fits, the last steps and the domains that pass are the first to lose theirs.
    """
    worst_first = headlines(verdict)
    start, end = list(head(verdict)), how_to_read_more(worst_first)
    end += [] if _Section.add_passes in steps else [about_passes(verdict)]
    room = Room(LIMIT - 1 - _CUT_LINE_LIMIT - len(document([*start, *end])))
    items = list(notes(verdict))
    said = _within(room, _NOTES_LIMIT, items)
    rows = _within(room, _TABLE_LIMIT, map(overview_row, worst_first))
    sections = [_Section(run=verdict, headline=headline) for headline in worst_first]
    for step in steps:
        for section in sections:
            step(section, room)
    counts = (len(worst_first) - len(rows), len(items) - len(said))
    shown = [block for section in sections for block in section]
    cut_line = _what_is_left_out(sections, *counts)
    return document([*start, cut_line, "\n".join(said), overview(rows), *shown, *end])


def _within(room: Room, limit: int, blocks: Iterator[str] | list[str]) -> list[str]:
    """Reserve space for blocks that take no more than `limit` together; return those that fit."""
    part = Room(min(limit, room.left))
    before = part.left
    kept = part.those_that_fit(blocks)
    room.left -= before - part.left
    return kept


def _what_is_left_out(sections: Sequence[_Section], rows: int, notes_left_out: int) -> str:
    counts = (
        (rows, "domain"),
        (sum(section.findings_left_out for section in sections), "finding"),
        (sum(section.tables_left_out for section in sections), "table"),
        (notes_left_out, "note"),
    )
    missing = [plural(count, noun) for count, noun in counts if count]
    passes = sum(section.passes_left_out for section in sections)
    missing += [f"what passed of {plural(passes, 'domain')}"] if passes else []
    if not missing:
        return ""
    return (
        f"**Left out: {', '.join(missing)}**, so that this stays below the {LIMIT:,} characters"
        " that GitHub takes. The reports of `--json` and `--junit-xml` contain everything."
    )
