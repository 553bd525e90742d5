"""The file of saved evidence that `mxcheck judge` is given, read line by line within bounds."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from mxcheck.config.errors import ConfigError
from mxcheck.config.plain_file import open_file
from mxcheck.evidence.runs import Evidence
from mxcheck.saved.coherence import oddities
from mxcheck.saved.errors import EvidenceError
from mxcheck.saved.lines import load_evidence

STDIN = "-"
MAX_SIZE = 4 * 1024 * 1024 * 1024
"""Bytes of a file: a hundred thousand domains, each with a few servers and their transcripts."""
MAX_LINE = 64 * 1024 * 1024
"""Bytes of a line: one domain, or one visit with its transcript."""


def read_evidence(name: str, folder: Path, stdin: BinaryIO | None) -> Evidence:
    """Return the evidence in a file, or on stdin if it is called "-".

    A relative name starts in `folder`. ConfigError names file and line.
    """
    shown = "stdin" if name == STDIN else name
    try:
        with _open(name, folder, stdin) as file:
            evidence = load_evidence(_texts(file))
    except (EvidenceError, OSError, ValueError) as error:
        raise ConfigError([f"{shown}: {_reason(error)}"]) from None
    for line in oddities(evidence):
        raise ConfigError([f"{shown}: {line}"])
    return evidence


def _open(name: str, folder: Path, stdin: BinaryIO | None) -> "nullcontext[BinaryIO] | BinaryIO":
    if name != STDIN:
        return open_file(folder / name)
    if stdin is None:
        raise EvidenceError("is closed")
    return nullcontext(stdin)


def _texts(file: BinaryIO) -> Iterator[str]:
    """Yield the lines; a byte order mark before the first is not part of it."""
    size = 0
    for number, line in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), 1):
        size += len(line)
        if len(line) > MAX_LINE or size > MAX_SIZE:
            raise EvidenceError(f"line {number}: is larger than {MAX_LINE} bytes, or the file is")
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise EvidenceError(f"line {number}: is not UTF-8, at byte {error.start}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, EvidenceError):
        return str(error)
    reason = error.strerror if isinstance(error, OSError) else error
    return f"cannot be read: {reason}"
