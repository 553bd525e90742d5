"""Write the documentation that is made from code: docs/rules.md, and blocks of the README.

With --check nothing is written: the difference is printed, and the exit code is 1 if there is one.
"""

import difflib
import io
import re
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME

from mxcheck.catalogue import documentation, how_to_allow, source_url
from mxcheck.config.flags import FLAGS, Flag
from mxcheck.config.output import Screen
from mxcheck.demo.run import judge_world
from mxcheck.evidence.smtp import Connection, Visit
from mxcheck.judge.verdict import Verdict
from mxcheck.report.screen import render_rich
from mxcheck.report.text.page import render_text
from mxcheck.rules import RULES
from mxcheck.rules.base import AnyRule
from mxcheck.rules.subjects import SOURCES

ROOT = Path(__file__).parents[1]
RULES_PAGE = ROOT / "docs" / "rules.md"
README = ROOT / "README.md"
ACTION = ROOT / "action.yml"
PICTURE = ROOT / "docs" / "terminal.svg"
PLAIN_ACTION = ROOT / "without-setup-python" / "action.yml"
PICTURE_WIDTH = 88
FONTS = "Menlo, Consolas, DejaVu Sans Mono"
SHOWN_IN_README = ("healthy.example", "expired.example")


def main() -> int:
    """Write the pages, or compare them with what they should be."""
    if lost := lost_ids(text_of(RULES_PAGE)):
        sys.stderr.write(f"an id is a promise, and these are gone: {', '.join(lost)}\n")
        return 1
    pages = {
        RULES_PAGE: rules_page(),
        README: readme(README.read_text(encoding="utf-8")),
        PICTURE: picture(),
        PLAIN_ACTION: without_setup_python(ACTION.read_text(encoding="utf-8")),
    }
    differences = [line for path, text in pages.items() for line in difference(path, text)]
    if "--check" in sys.argv:
        sys.stdout.writelines(differences)
        return 1 if differences else 0
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    return 0


def without_setup_python(action: str) -> str:
    """Return the Action for runners that cannot fetch actions/setup-python.

    A runner fetches every action that a step names, also one that is skipped.
    """
    step = re.search(r"(?m)^    - id: setup\n(?:      .*\n)+", action)
    if step is None:
        raise ValueError("action.yml has no step with the id setup")
    plain = action.replace(step[0], "")
    plain = plain.replace(" || steps.setup.outputs.python-path", "")
    plain = plain.replace(
        "(the runner's own, else one from actions/setup-python)", "(the runner's own)"
    )
    plain = plain.replace("${{ github.action_path }}", "${{ github.action_path }}/..")
    return f"# Made from ../action.yml by `make docs`.\n{plain}"


def text_of(path: Path) -> str:
    """Return the text of a page, empty if the page does not exist."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def lost_ids(page: str) -> list[str]:
    """Return the ids of a rules page that no rule has any more."""
    known = {rule.id for rule in RULES}
    return [found for found in re.findall(r"(?m)^## (\S+)$", page) if found not in known]


def difference(path: Path, text: str) -> list[str]:
    """Return the lines of a unified diff between a page and what it should be."""
    old = text_of(path)
    name = str(path.relative_to(ROOT))
    lines = (old.splitlines(keepends=True), text.splitlines(keepends=True))
    return list(difflib.unified_diff(*lines, name, f"{name} (as `make docs` writes it)"))


def rules_page() -> str:
    """Return the catalogue, then a section for each rule, with its id as the anchor."""
    head = (
        "# The rules\n\nMade from the rules by `make docs`. An id is a promise: it is never"
        " renamed, and never used again for something else.\n\n"
        "| rule | family | asked about | level | fails when |\n|---|---|---|---|---|\n"
    )
    rows = "".join(
        f"| [`{rule.id}`](#{rule.id}) | {rule.family} | {SOURCES[rule.scope].title} |"
        f" {rule.level} | {rule.title} |\n"
        for rule in RULES
    )
    return head + rows + "".join(map(rule_section, RULES))


def rule_section(rule: AnyRule) -> str:
    """Return the section of a rule; the headings of its docstring go one level down."""
    body = f"{documentation(rule)}\n\n{how_to_allow(rule)}".replace("\n## ", "\n### ")
    sources = ", ".join(map(link, rule.references))
    return f"\n## {rule.id}\n\n{body}\n\n### Sources\n\n{sources}\n"


def link(reference: str) -> str:
    """Return a reference, as a link if it names a section of an RFC."""
    url = source_url(reference)
    return f"[{reference}]({url})" if url else reference


def readme(text: str) -> str:
    """Return the README with its generated blocks filled."""
    return fill(fill(text, "demo", demo_excerpt()), "flags", flags_tables())


def fill(text: str, block: str, content: str) -> str:
    """Put a text between the marks of a block."""
    begin, end = f"<!-- {block} -->\n", f"<!-- /{block} -->"
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    return f"{before}{begin}{content}{end}{after}"


@cache
def demo_verdict() -> Verdict:
    """Return the verdict on two domains of the demo, with a fixed time of the connections."""
    verdict, _ = judge_world(Screen())
    visits = tuple(map(with_fixed_time, verdict.evidence.runs[0].visits))
    run = replace(verdict.evidence.runs[0], visits=visits)
    shown = [replace(one, run=run) for one in verdict.domains if one.name in SHOWN_IN_README]
    return replace(verdict, domains=shown)


def demo_excerpt() -> str:
    """Return the report on two domains of the demo, with fixed dates."""
    _title, _gap, *lines = render_text(demo_verdict(), verbose=False)
    return f"```text\n{with_fixed_dates(''.join(lines))}```\n"


def picture() -> str:
    """Return the same report as a terminal shows it, as SVG."""
    console = Console(
        width=PICTURE_WIDTH, file=io.StringIO(), record=True, force_terminal=True, _environ={}
    )
    report = render_rich(demo_verdict(), verbose=False, width=PICTURE_WIDTH)
    console.print(report, soft_wrap=True)
    title = f"mxcheck check {' '.join(SHOWN_IN_README)}"
    svg = console.export_svg(title=title, theme=SVG_EXPORT_THEME, unique_id="mxcheck")
    # What a page shows as a picture fetches nothing: the fonts are those of the reader.
    svg = re.sub(r"(?s)@font-face \{.*?\}\s*", "", svg).replace("Fira Code", FONTS)
    return with_fixed_dates(svg)


def with_fixed_dates(text: str) -> str:
    """Replace dates and times, which are those of the run."""
    text = re.sub(r"\d{4}-\d\d-\d\d(T[\d:]+Z)?", "2026-11-21", text)
    return re.sub(r"\d\d:\d\d(\s|&#160;)UTC", r"08:00\1UTC", text)


def with_fixed_time(visit: Visit) -> Visit:
    """Replace the time of the connection by one millisecond."""
    if not isinstance(visit.connection, Connection):
        return visit
    return replace(visit, connection=Connection(connect_ms=1))


def flags_tables() -> str:
    """Return a table of flags for each group."""
    parts = []
    for title in dict.fromkeys(flag.group for flag in FLAGS):
        rows = "".join(flag_row(flag) for flag in FLAGS if flag.group == title)
        parts.append(f"**{title}**\n\n| flag | variable | |\n|---|---|---|\n{rows}\n")
    return "\n" + "".join(parts)


def flag_row(flag: Flag) -> str:
    """Return the row of a flag: its names, its variable, what it does."""
    names = ", ".join(f"`{name}`" for name in reversed(flag.declared))
    value = f" `{flag.metavar}`".replace("|", "\\|") if flag.metavar else ""
    return f"| {names}{value} | `{flag.variable}` | {flag.help} |\n"


if __name__ == "__main__":
    sys.exit(main())
