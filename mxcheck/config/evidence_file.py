"""The file of saved evidence that `mxcheck judge` is given, read within bounds."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import dns.exception

from mxcheck.config.errors import ConfigError
from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import Domain, Evidence
from mxcheck.evidence.store import EvidenceError, load_evidence
from mxcheck.suggest import quote
from mxcheck.wire.domain_name import parse_domain
from mxcheck.wire.txt import parse_txt

STDIN = "-"
MAX_SIZE = 256 * 1024 * 1024
"""Bytes of a file: ten thousand domains, each with a few servers and their transcripts."""

_MX_RECORD = re.compile(r"[0-9]{1,5} \S+")


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
    for line in _odd(evidence):
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


def _odd(evidence: Evidence) -> Iterator[str]:
    """What no run writes, though its form is right: judging and reports rely on its absence."""
    yield from _twice("domains", "name", [domain.name for domain in evidence.domains])
    for number, domain in enumerate(evidence.domains):
        place = f"domains[{number}]"
        yield from _odd_name(domain, place)
        yield from _odd_records(domain, place)
        yield from _twice(f"{place}.hosts", "name", [host.name for host in domain.hosts])
        for index, host in enumerate(domain.hosts):
            yield from _twice(f"{place}.hosts[{index}].addresses", "", host.addresses)


def _odd_name(domain: Domain, place: str) -> Iterator[str]:
    try:
        proper = parse_domain(domain.name) == domain.name
    except ValueError:
        proper = False
    if not proper:
        yield f"{place}.name: {quote(domain.name)} is not a domain name in A-labels and lower case"


def _odd_records(domain: Domain, place: str) -> Iterator[str]:
    for key, lookup, fits, kind in (
        ("mx", domain.mx, _MX_RECORD.fullmatch, "an MX"),
        ("mta_sts.record", domain.mta_sts.record, _is_txt, "a TXT"),
        ("tls_rpt", domain.tls_rpt, _is_txt, "a TXT"),
    ):
        for number, record in enumerate(lookup.records if isinstance(lookup, Answer) else ()):
            if not fits(record):
                yield f"{place}.{key}.records[{number}]: {quote(record)} is not {kind} record"


def _is_txt(record: str) -> bool:
    try:
        parse_txt(record)
    except dns.exception.DNSException:
        return False
    return True


def _twice(place: str, key: str, names: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield f"{place}[{number}]{f'.{key}' if key else ''}: {quote(name)} stands there twice"
        seen.add(name)
