"""The files of saved evidence that `mxcheck judge` is given, read line by line within bounds."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from mxcheck.config.errors import ConfigError
from mxcheck.config.plain_file import open_file
from mxcheck.evidence.domain import Run
from mxcheck.evidence.runs import Evidence
from mxcheck.saved.coherence import oddities
from mxcheck.saved.errors import EvidenceError
from mxcheck.saved.lines import load_runs
from mxcheck.saved.run_reader import Keeper, hosts_alone
from mxcheck.saved.together import NamedRun, clashes

STDIN = "-"
MAX_SIZE = 4 * 1024 * 1024 * 1024
"""Bytes of a file: a hundred thousand domains, each with a few servers and their transcripts."""
MAX_LINE = 64 * 1024 * 1024
"""Bytes of a line: one domain, or one visit with its transcript."""


def read_evidence(names: Sequence[str], folder: Path, stdin: BinaryIO | None) -> Evidence:
    """Return the evidence in files, one of which may be stdin, called "-".

    A relative name starts in `folder`. ConfigError names file and line.
    """
    if names.count(STDIN) > 1:
        raise ConfigError([f"{STDIN}: stdin can be read once"])
    keeper = Keeper()
    runs = [run for name in names for run in _read(name, folder, stdin, keeper)]
    for line in clashes(runs):
        raise ConfigError([line])
    return Evidence(runs=tuple(_of_the_rest(run, keeper) for _, run in runs))


def _read(name: str, folder: Path, stdin: BinaryIO | None, keeper: Keeper) -> list[NamedRun]:
    """Return the runs of a file, each with what messages call it."""
    shown = "stdin" if name == STDIN else name
    try:
        with _open(name, folder, stdin) as file:
            runs = load_runs(_texts(file), keeper)
    except (EvidenceError, OSError, ValueError) as error:
        raise ConfigError([f"{shown}: {_reason(error)}"]) from None
    for line in oddities(runs):
        raise ConfigError([f"{shown}: {line}"])
    if len(runs) == 1:
        return [(shown, runs[0])]
    return [(f"{shown}: evidence.runs[{number}]", run) for number, run in enumerate(runs)]


def _of_the_rest(run: Run, keeper: Keeper) -> Run:
    """Return a run without what is judged from another shard, which came behind this one."""
    if run.shard is None or run.shard.number == keeper.first:
        return run
    return replace(run, domains=tuple(map(hosts_alone, run.domains)))


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
