"""Shards of a check of the demo's world, and what JSON reports have in common."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from mxcheck import app
from mxcheck.config.output import ReportRequest
from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.shard import Shard, number_of
from mxcheck.model.policy import Policy
from tests.build import DOMAIN, evidence_of, healthy_host, healthy_visit
from tests.saved.demo import EVERYTHING, Demo

TIMES = {
    *("started_at", "finished_at", "connect_ms", "greeting_ms", "ttl"),
    *("transcript", "runs", "notes"),
}
"""Keys of the JSON report that differ from run to run, and what judging adds."""


_MILLISECONDS = re.compile(r"\b[0-9]+ ms\b")
_RANDOM = re.compile(r"mxcheck[0-9a-f]{16}")


def probe_shard(
    world: Demo, folder: Path, number: int, count: int, policy: Policy = EVERYTHING
) -> Path:
    """Look at one shard of the demo's domains; the file of what it saw."""
    path = folder / f"shard-{number}.json"
    config = world.config(folder, policy)
    assert (
        app.probe(
            replace(
                config,
                probe=replace(config.probe, shard=Shard(number=number, count=count)),
                reports=(ReportRequest(format="save-evidence", path=str(path)),),
            )
        )
        == 0
    )
    return path


def apart_from_times(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The same, without times, transcripts, and the random mailbox of the relay test."""
    match value:
        case dict():
            return {key: apart_from_times(item) for key, item in value.items() if key not in TIMES}
        case list():
            return [apart_from_times(item) for item in value]
        case str():
            return _MILLISECONDS.sub("… ms", _RANDOM.sub("random", value))
        case _:
            return value


def differences(one: Any, other: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield where two values differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key], f"{place}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from differences(*pair, f"{place}[{number}]")
    elif one != other:
        yield f"{place}: {one!r} is not {other!r}"


def name_for(number: int, count: int) -> str:
    """An MX host that is dealt to a shard."""
    names = (f"mx{index}.example.com" for index in itertools.count(1))
    return next(name for name in names if number_of(name, count) == number)


def address_of(host: str) -> str:
    """Return the address of such an MX host."""
    return f"203.0.114.{host.partition('.')[0].removeprefix('mx')}"


def shard_of(number: int, count: int, *hosts: str, address: str = "") -> Run:
    """What a shard sees of a domain with these MX hosts, each at its address, or all at one."""
    shard = Shard(number=number, count=count)
    at = {name: address or address_of(name) for name in hosts}
    seen = tuple(healthy_host(name, at[name], 10 + index) for index, name in enumerate(hosts))
    records = tuple(f"{host.preference} {host.name}" for host in seen)
    domain = Domain(name=DOMAIN, mx=Answer(owner=DOMAIN, records=records, ttl=300), hosts=seen)
    visits = (
        replace(healthy_visit(name, at[name]), relay=()) for name in hosts if shard.visits(name)
    )
    return replace(evidence_of(), domains=(domain,), visits=tuple(visits), shard=shard)
