"""A place in the files of the project that is checked: where reports point."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A line (from 1) of a file; `path` starts at the root of the repository, with slashes."""

    path: str = "README.md"
    line: int = 1

    def __str__(self) -> str:
        """Return it as compilers write it."""
        return f"{self.path}:{self.line}"
