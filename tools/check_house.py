"""Check what no other tool checks about the source: sizes, purity, rooms, rule ids.

Prints each breach as `path:line: message`; the exit code is 1 if there is one.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mxcheck.rules import RULES
from tools.source import Source, complaints_about, read_sources, report

LINES_OF_A_RULE = 89
LINES_OF_A_FILE = 299
LINES_OF_A_FUNCTION = 40
MODULES_AT_THE_TOP = 6
LINES_OF_A_PACKAGE = 40

CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "fromtimestamp"}
IMPURE_MODULES = {"time", "random", "socket", "asyncio"}
PURE_FOLDERS = ("mxcheck/rules", "mxcheck/wire", "mxcheck/evidence")

FILE_READERS = {"open", "read_text", "read_bytes", "read_binary", "iterdir", "glob", "rglob"}
# The roots of the Mozilla bundle, read once for the process.
FILES_OF_THE_TRUST_STORE = "mxcheck/rules/trust.py"

_IDS = "|".join(sorted((rule.id for rule in RULES), key=len, reverse=True))
RULE_ID = re.compile(rf"(?<![\w-])(?:{_IDS})(?![\w-])")
# Within the rules: their own ids, the rules that own causes, and remedies that name another rule.
NAMING = {"id", "after", "remedy"}


def main() -> int:
    """Check mxcheck, tests and tools."""
    package = read_sources("mxcheck")
    everything = (*package, *read_sources("tests", "tools"))
    return report(
        (
            *complaints_about(everything, (long_file,)),
            *complaints_about(package, CHECKS),
            *crowded_top(package),
        )
    )


def long_file(source: Source) -> Iterator[str]:
    """Yield a complaint if a file is too long to be read in one go."""
    limit = LINES_OF_A_RULE if source.is_rule else LINES_OF_A_FILE
    if source.lines > limit:
        yield source.complaint(1, f"{source.lines} lines, and {limit} are allowed")


def long_functions(source: Source) -> Iterator[str]:
    """Yield the functions that are too long, counted from `def`, without decorators."""
    for function in source.functions():
        length = (function.end_lineno or 0) - function.lineno + 1
        if length > LINES_OF_A_FUNCTION:
            yield source.complaint(function, f"{function.name} has {length} lines")


def long_introductions(source: Source) -> Iterator[str]:
    """Yield packages whose docstring is missing, or too long to introduce a reader to them."""
    if source.name.name != "__init__.py":
        return
    lines = (ast.get_docstring(source.tree) or "").splitlines()
    if not 0 < len(lines) <= LINES_OF_A_PACKAGE:
        yield source.complaint(1, f"the docstring has {len(lines)} lines, not 1 to 40")


def crowded_top(package: tuple[Source, ...]) -> Iterator[str]:
    """Yield a complaint if more modules lie beside the packages than a reader can survey."""
    top = [source for source in package if source.name.parent == Path("mxcheck")]
    if len(top) > MODULES_AT_THE_TOP:
        names = ", ".join(source.name.name for source in top)
        yield f"mxcheck: {len(top)} modules at the top, {MODULES_AT_THE_TOP} are allowed: {names}"


def catches_everything(source: Source) -> Iterator[str]:
    """Yield handlers of every exception: only the command-line entry point may have one."""
    if source.is_below("mxcheck/cli/guard.py"):
        return
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and not passes_on(node):
            kinds = ast.unparse(node.type) if node.type else "BaseException"
            if re.search(r"\b(?:Base)?Exception\b", kinds):
                yield source.complaint(node, "only cli/guard.py catches every exception")


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler ends by raising what it caught."""
    return ast.unparse(handler.body[-1]) == "raise"


def impure(source: Source) -> Iterator[str]:
    """Yield clocks, chance and I/O in what must be pure: rules, parsers, evidence."""
    if not source.is_below(*PURE_FOLDERS):
        return
    for node in source.nodes:
        if isinstance(node, ast.Call) and called(node) in CLOCKS:
            yield source.complaint(node, f"{called(node)}() reads a clock")
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if alias.name in IMPURE_MODULES:
                    yield source.complaint(node, f"imports {alias.name}")


def rules_that_read_files(source: Source) -> Iterator[str]:
    """Yield the calls that read files within the rules."""
    if not source.is_below("mxcheck/rules") or source.is_below(FILES_OF_THE_TRUST_STORE):
        return
    for node in source.nodes:
        if isinstance(node, ast.Call) and called(node) in FILE_READERS:
            yield source.complaint(node, f"{called(node)}(): rules must not read files")


def reports_that_sort(source: Source) -> Iterator[str]:
    """Yield the sorting within the reports: the verdict has the order already."""
    if not source.is_below("mxcheck/report"):
        return
    for node in source.nodes:
        if isinstance(node, ast.Call) and called(node) in {"sorted", "sort"}:
            yield source.complaint(node, f"{called(node)}(): reports must not sort")


def called(call: ast.Call) -> str:
    """Return the name of the function or method that is called."""
    return ast.unparse(call.func).rpartition(".")[2]


def unfrozen_evidence(source: Source) -> Iterator[str]:
    """Yield classes of evidence that are mutable, and fields that say what evidence means."""
    if not source.is_below("mxcheck/evidence"):
        return
    for node in source.nodes:
        if not isinstance(node, ast.ClassDef) or is_enum_or_error(node):
            continue
        decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        if decorators != ["dataclass(frozen=True, slots=True, kw_only=True)"]:
            yield source.complaint(node, f"{node.name} is not frozen, slotted and keyword-only")
        for entry in node.body:
            if isinstance(entry, ast.AnnAssign):
                field = ast.unparse(entry.target)
                if re.search(r"(?:^|_)(?:ok|valid|secure)(?:_|$)", field):
                    yield source.complaint(entry, f"{field} says what it means, not what was seen")


def is_enum_or_error(node: ast.ClassDef) -> bool:
    """Return whether a class is an enumeration or an exception."""
    bases = [ast.unparse(base) for base in node.bases]
    return bases == ["Exception"] or any("Enum" in base for base in bases)


def rule_ids_outside(source: Source) -> Iterator[str]:
    """Yield rule ids outside the rules and the demo, and undeclared ones within the rules."""
    if source.is_below("mxcheck/demo", "mxcheck/rules/remedies"):
        return
    declared = declarations(source) if source.is_below("mxcheck/rules") else set()
    for string in source.strings():
        for found in RULE_ID.findall(str(string.value)):
            if id(string) not in declared:
                yield source.complaint(string, f"names the rule {found}")


def declarations(source: Source) -> set[int]:
    """Return the identities of the strings in which a rule may name rules."""
    declared: set[int] = set()
    for node in source.nodes:
        if isinstance(node, ast.keyword) and node.arg in NAMING:
            declared |= set(map(id, ast.walk(node.value)))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith("REMEDY"):
            declared |= set(map(id, ast.walk(node.value)))
    return declared


CHECKS = (
    long_introductions,
    long_functions,
    catches_everything,
    impure,
    rules_that_read_files,
    reports_that_sort,
    unfrozen_evidence,
    rule_ids_outside,
)


if __name__ == "__main__":
    sys.exit(main())
