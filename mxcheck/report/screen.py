"""The text report in colour, for a terminal."""

from rich.text import Text

from mxcheck.judge.verdict import Verdict
from mxcheck.report.layout import Line
from mxcheck.report.text.page import render_lines


def render_rich(verdict: Verdict, *, verbose: bool, width: int) -> Text:
    """Render the report for `rich`; print it with `soft_wrap=True`, as it is wrapped already."""
    lines = map(_styled, render_lines(verdict, verbose=verbose, width=width))
    return Text("\n").join(lines)


def _styled(line: Line) -> Text:
    text = Text()
    for span in line:
        text.append(span.text, span.style)
    return text
