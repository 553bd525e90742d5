"""Check that prose is plain English: banned phrasings, and docstrings that begin with a verb.

Prints each breach as `path:line: message`; the exit code is 1 if there is one.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.source import ROOT, Source, report

# Phrasing, and what to write in its place.
BANNED = {
    r"stands? (?:there|in|at|beside|where|for)\b": "is, contains, means",
    r"as it stands": "as it is",
    r"told twice": "say what is repeated",
    r"holds? to\b": "follow, use",
    r"comes? to(?! an? end)": "amount to, mean, or name the number",
    r"(?<!there\s)(?:is|are|was|were) no (?!longer|more\b|such)": "is not a",
    r"patience": "time budget, retry",
    r"strangers?\b": "remote server, untrusted input, random mailbox",
    r"(?:before|to) the bench": "judged",
    r"for want of": "because … is missing",
    r"heeds?\b": "follow, use",
    r"to the letter": "exactly",
    r"lays? hands? on": "change",
    r"the matter of": "checked by",
    r"what-ifs?\b": "override",
}
# *what-if* is the word of users: in their docs, the help texts and the flag.
FOR_USERS = {r"what-ifs?\b"}

TEXTS = {".py", ".md", ".toml", ".yml", ".yaml", ".sh", ""}
NOT_PROSE = (
    "tests/golden",
    "tests/report/golden",
    "tools/check_english.py",
    "LICENSE",
    "requirements",
)

# A function's docstring begins with a verb: "Return …", "Parse …", "Yield …".
NO_VERB = re.compile(
    r"(?:An?|The|What|Whether|Where|When|Who|Whose|How|Why|All|Each|Every|Any|One|Two|No|Its?|This"
    r"|That|These|Those|Some|Both|Only|In|On|At|As|By|For|From|Of|Or|Not|Such|Nothing|If|Their)\b"
)


def main() -> int:
    """Check every text of the repository, or those below the paths given as arguments."""
    chosen = sys.argv[1:] or ["."]
    complaints: list[str] = []
    for name in texts():
        if below(name, NOT_PROSE) or not below(name, chosen):
            continue
        source = Source(name=name, text=(ROOT / name).read_text(encoding="utf-8"))
        complaints += banned_phrasings(source)
        if name.suffix == ".py" and not below(name, ("tests",)):
            complaints += docstrings_without_verb(source)
    return report(complaints)


def texts() -> Iterator[Path]:
    """Yield the files under version control that may contain prose."""
    listed = subprocess.run(
        ("git", "ls-files", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for line in listed.stdout.splitlines():
        path = Path(line)
        if path.suffix in TEXTS and (ROOT / path).is_file():
            yield path


def below(name: Path, folders: tuple[str, ...] | list[str]) -> bool:
    """Return whether a file is in one of these folders, or is one of these files."""
    return any(name.is_relative_to(folder) for folder in folders)


def banned_phrasings(source: Source) -> Iterator[str]:
    """Yield the banned phrasings of a text, with what to write in their place."""
    for pattern, instead in BANNED.items():
        if pattern in FOR_USERS and not source.is_below("mxcheck"):
            continue
        for match in re.finditer(rf"(?i)\b{pattern}".replace(" ", r"\s+(?:#\s+)?"), source.text):
            line = source.text[: match.start()].count("\n") + 1
            phrase = " ".join(match[0].split())
            yield source.complaint(line, f"{phrase!r}: write instead: {instead}")


def docstrings_without_verb(source: Source) -> Iterator[str]:
    """Yield functions whose docstring does not begin with a verb; properties may name a thing."""
    for node, text in source.docstrings():
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or is_property(node):
            continue
        if match := NO_VERB.match(text):
            yield source.complaint(node, f"the docstring of {node.name} begins with {match[0]!r}")


def is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a function is read like an attribute."""
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return bool(decorators & {"property", "cached_property"})


if __name__ == "__main__":
    sys.exit(main())
