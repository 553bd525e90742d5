"""Source files as the lints of `make check` read them: text, syntax tree, lines with complaints."""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
RULES_FOLDER = Path("mxcheck/rules")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Source:
    """One Python file; `name` is its path below the root of the repository."""

    name: Path
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the syntax tree."""
        return tuple(ast.walk(self.tree))

    @property
    def lines(self) -> int:
        """Number of lines."""
        return self.text.count("\n")

    @property
    def is_rule(self) -> bool:
        """Whether the file contains a rule: a module in a folder of `rules/` that is a family."""
        folder = self.name.parent
        families = folder.parent == RULES_FOLDER and folder.name not in {"facts", "remedies"}
        return families and self.name.stem != "__init__"

    def is_below(self, *folders: str) -> bool:
        """Return whether the file is in one of these folders (or is one of these files)."""
        return any(self.name.is_relative_to(folder) for folder in folders)

    def functions(self) -> Iterator[Function]:
        """Yield every function and method, nested ones too."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def docstrings(self) -> Iterator[tuple[Documented, str]]:
        """Yield each documented node with its docstring."""
        for node in self.nodes:
            if isinstance(node, Documented) and (text := ast.get_docstring(node)):
                yield node, text

    def strings(self) -> Iterator[ast.Constant]:
        """Yield every string of the code; docstrings are left out."""
        documented = {id(string) for string in map(docstring_of, self.nodes)}
        for node in self.nodes:
            if not isinstance(node, ast.Constant) or id(node) in documented:
                continue
            if isinstance(node.value, str):
                yield node

    def complaint(self, node: ast.AST | int, message: str) -> str:
        """Return `path:line: message`, which terminals and editors can follow."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"{self.name}:{line}: {message}"


def docstring_of(node: ast.AST) -> ast.expr | None:
    """Return the string that documents a node, or None."""
    if isinstance(node, Documented) and node.body and isinstance(node.body[0], ast.Expr):
        return node.body[0].value
    return None


def read_sources(*folders: str, root: Path = ROOT) -> tuple[Source, ...]:
    """Read the Python files below these folders, in the order of their names."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    return tuple(
        Source(name=path.relative_to(root), text=path.read_text(encoding="utf-8")) for path in paths
    )


def report(complaints: Iterable[str]) -> int:
    """Print the complaints; return the exit code, which is 1 if there are any."""
    lines = sorted(complaints)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


FileCheck = Callable[[Source], Iterator[str]]


def complaints_about(sources: Iterable[Source], checks: Iterable[FileCheck]) -> Iterator[str]:
    """Yield what each check says about each file."""
    checks = tuple(checks)
    for source in sources:
        for check in checks:
            yield from check(source)
