"""Annotations for GitHub Actions: workflow commands, worst first, within GitHub's limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mxcheck.judge.alike import merged_findings
from mxcheck.judge.severity import Found, Label, all_findings, label_of
from mxcheck.judge.verdict import Group, Verdict
from mxcheck.model.exit_codes import EXIT_USAGE
from mxcheck.model.location import Location
from mxcheck.report.escape import for_workflow_data, for_workflow_property, utf16_units
from mxcheck.report.labels import EXPLAIN, plural, waived
from mxcheck.wire.domain_name import display_domain

SHOWN_OF_EACH = 10
"""Annotations of each type that GitHub shows for a step."""

COMMAND_LIMIT = 4096
"""UTF-16 units of one command; the runner truncates longer ones."""

_MORE = (
    f"GitHub shows {SHOWN_OF_EACH} annotations of a type. The text report, --github-summary,"
    " --markdown, --json and --junit-xml contain everything. Left out here:"
)
_PATH_LIMIT = 1000
_TITLE_LIMIT = 200


class Kind(StrEnum):
    """The type of an annotation, which is the name of its command."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


_KINDS = MappingProxyType(
    {
        Label.FAIL: Kind.ERROR,
        Label.UNKNOWN: Kind.ERROR,
        Label.WARNING: Kind.WARNING,
        Label.OPEN: Kind.WARNING,
        Label.WAIVED: Kind.NOTICE,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A message and the place that it points to."""

    kind: Kind
    location: Location
    title: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        """Return the workflow command, one line."""
        path = for_workflow_property(self.location.path, _PATH_LIMIT)
        title = for_workflow_property(self.title, _TITLE_LIMIT)
        start = f"::{self.kind} file={path},line={self.location.line},title={title}::"
        return start + for_workflow_data(self.lines, COMMAND_LIMIT - utf16_units(start))


def render_github_annotations(verdict: Verdict) -> Iterator[str]:
    """Render one workflow command per line, for standard output; "" if there is nothing to say."""
    everything = list(_annotations(verdict))
    by_kind = ([one for one in everything if one.kind is kind] for kind in Kind)
    for several in by_kind:
        yield from (f"{one}\n" for one in _within_limit(several, verdict.location))


def render_refusal(lines: Sequence[str]) -> str:
    """Render what is wrong with a configuration as one error, which points to no file."""
    start = f"::{Kind.ERROR} title=mxcheck::"
    return f"{start}{for_workflow_data(tuple(lines), COMMAND_LIMIT - utf16_units(start))}\n"


def _annotations(verdict: Verdict) -> Iterator[Annotation]:
    """Yield every annotation; within each type the worst come first."""
    for cause, note in verdict.causes.items():
        lines, kind = (note,), Kind.ERROR if verdict.exit_code else Kind.WARNING
        yield Annotation(
            kind=kind, location=verdict.location, title=f"mxcheck: {cause}", lines=lines
        )
    for note in verdict.notes:
        if note not in verdict.causes.values():
            refused = verdict.exit_code == EXIT_USAGE
            yield _about_run(Kind.ERROR if refused else Kind.WARNING, note, verdict.location)
    for note in verdict.waiver_notes:
        yield _about_run(Kind.NOTICE, note, verdict.location)
    yield from map(_about_result, all_findings(verdict, merged_findings))
    for group in verdict.groups:
        yield from _about_group(group)


def _about_group(group: Group) -> Iterator[Annotation]:
    reason = group.why_not_judged
    if reason:
        name = display_domain(group.name)
        yield Annotation(kind=Kind.ERROR, location=group.location, title=name, lines=(reason,))


def _about_run(kind: Kind, note: str, location: Location) -> Annotation:
    return Annotation(kind=kind, location=location, title="mxcheck", lines=(note,))


def _about_result(found: Found) -> Annotation:
    result = found.result
    lines = [waived(result.waiver)] if result.waiver else []
    lines.append(result.message or result.rule.title)
    lines += [f"What to do: {result.remedy}"] if result.remedy else []
    title = f"{display_domain(found.group)}: {result.rule.id} {result.subject}"
    return Annotation(
        kind=_KINDS[label_of(result)],
        location=found.location,
        title=title.rstrip(),
        lines=(*lines, f"{EXPLAIN} {result.rule.id}"),
    )


def _within_limit(several: Sequence[Annotation], location: Location) -> Sequence[Annotation]:
    """Return as many as GitHub shows; if there are more, the last one lists the others."""
    if len(several) <= SHOWN_OF_EACH:
        return several
    shown, others = several[: SHOWN_OF_EACH - 1], several[SHOWN_OF_EACH - 1 :]
    kind = others[0].kind
    more = Annotation(
        kind=kind,
        location=location,
        title=plural(len(others), f"more {kind}"),
        lines=(_MORE, *(other.title for other in others)),
    )
    return (*shown, more)
