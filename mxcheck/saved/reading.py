"""The file of saved evidence that `mxcheck judge` is given, read within bounds."""

from pathlib import Path
from typing import BinaryIO

from mxcheck.config.errors import ConfigError
from mxcheck.evidence.domain import Evidence
from mxcheck.saved.coherence import oddities
from mxcheck.saved.text import EvidenceError, load_evidence

STDIN = "-"
MAX_SIZE = 256 * 1024 * 1024
"""Bytes of a file: ten thousand domains, each with a few servers and their transcripts."""


def read_evidence(name: str, folder: Path, stdin: BinaryIO | None) -> Evidence:
    """The evidence in a file, or on stdin where it is called "-"; ConfigError names file and place.

    A relative name starts in `folder`.
    """
    shown = "stdin" if name == STDIN else name
    data = _read_stdin(stdin) if name == STDIN else _read_file(name, folder)
    if len(data) > MAX_SIZE:
        raise ConfigError([f"{shown}: is larger than {MAX_SIZE} bytes"])
    try:
        evidence = load_evidence(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError([f"{shown}: is not UTF-8 text, at byte {error.start}"]) from None
    except EvidenceError as error:
        raise ConfigError([f"{shown}: {error}"]) from None
    for line in oddities(evidence):
        raise ConfigError([f"{shown}: evidence.{line}"])
    return evidence


def _read_file(name: str, folder: Path) -> bytes:
    try:
        with (folder / name).open("rb") as file:
            return file.read(MAX_SIZE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError([f"{name}: cannot be read: {reason}"]) from None


def _read_stdin(stdin: BinaryIO | None) -> bytes:
    if stdin is None:
        raise ConfigError(["stdin: is closed"])
    return stdin.read(MAX_SIZE + 1)
