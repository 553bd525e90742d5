"""Words for a headline: what a domain has, and what keeps it from passing."""

from collections.abc import Iterator, Sequence

from mxcheck.judge.headlines import Headline
from mxcheck.judge.posture import Posture
from mxcheck.judge.severity import Label
from mxcheck.report.labels import plural
from mxcheck.report.layout import Span, Style
from mxcheck.wire.domain_name import display_domain


def describe_posture(posture: Posture) -> Iterator[Span]:
    """Yield what a domain has, then what is unknown; what it lacks, if it has nothing."""
    yield from map(Span, posture.present)
    yield from (Span(f"{name} unknown", Style.UNCLEAR) for name in posture.unknown)
    if posture.absent and not posture.present:
        *others, last = posture.absent
        yield Span(f"no {' or '.join(filter(None, (', '.join(others), last)))}", Style.FAINT)


def blocking_rules(headline: Headline) -> str:
    """Return the rules that keep a group from passing, or else why it does not pass."""
    failed, unknown = (headline.rules.get(one, ()) for one in (Label.FAIL, Label.UNKNOWN))
    also = "unknown: " if failed else ""
    parts = [", ".join(failed), f"{also}{', '.join(unknown)}" if unknown else ""]
    return "; ".join(filter(None, parts)) or headline.why or ", ".join(headline.causes)


def in_one_line(alike: Sequence[Headline]) -> str:
    """Return the conclusion, the name or how many, and what keeps the groups from passing."""
    first = alike[0]
    name = display_domain(first.name) if len(alike) == 1 else plural(len(alike), "domain")
    return f"{first.conclusion.value.upper()} {name}: {blocking_rules(first)}".rstrip(": ")
