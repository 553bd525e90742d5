"""Markdown as it is read: rendered by GitHub's own parser and by the one of many editors."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeAlias

import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

# What GitHub and GitLab make of a run of text once Markdown has become HTML: mentions, references
# to issues and others, emoji, formulas, links, inline diffs.
MADE_OF_TEXT = re.compile(
    r"@\w|#\w|:[\w+-]+:|\$.+\$|\bGH-\d|://|www\.\w|[~!&$%]\w|\{[+-]|\[[+-]|\[\[", re.IGNORECASE
)
# A name in a code span, where GitHub and GitLab look for none of that.
NAME = re.compile(r"[A-Za-z0-9._:-]*")
_LINKED = MarkdownIt("gfm-like", {"html": True})


@dataclass(slots=True)
class Page:
    """The tags of a page in their order, without `wbr`, and its runs of text between any tags.

    `in_code` are the runs of code, of which nothing is made, by their places in `runs`.
    """

    tags: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    in_code: set[int] = field(default_factory=set)

    @property
    def text(self) -> str:
        return "".join(self.runs)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open = False
        self._code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._open = False
        self._code = self._code or tag == "code"
        self.page.tags += [] if tag == "wbr" else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert tag != "wbr"
        self._open = False
        self._code = self._code and tag != "code"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.page.runs[-1] += data
        else:
            self.page.runs.append(data)
            if self._code:
                self.page.in_code.add(len(self.page.runs) - 1)
        self._open = True

    def handle_comment(self, data: str) -> None:
        self.page.tags.append(f"!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.page.tags.append(f"!{decl}")

    def handle_pi(self, data: str) -> None:
        self.page.tags.append(f"?{data}")

    def unknown_decl(self, data: str) -> None:
        self.page.tags.append(f"![{data}")


def _read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


def github(markdown: str) -> Page:
    html = cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE)
    return _read(html)


def editor(markdown: str) -> Page:
    """With every name linked that looks like a host, as Visual Studio Code does."""
    return _read(_LINKED.render(markdown))


Parsers: TypeAlias = tuple[Callable[[str], Page], ...]
PARSERS: Parsers = (github, editor)


def assert_inert(page: Page) -> None:
    for number, run in enumerate(page.runs):
        if number in page.in_code and NAME.fullmatch(run):
            continue
        assert not MADE_OF_TEXT.search(run)
