"""What runs say that cannot be judged together, because they contradict each other."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from mxcheck.evidence.domain import Run
from mxcheck.evidence.outcome import OUR_OWN, Trouble, Unseen
from mxcheck.evidence.shard import Shard
from mxcheck.evidence.smtp import Greeting, Reply, Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.model.quoting import quote
from mxcheck.wire.ehlo import parse_ehlo

NamedRun: TypeAlias = tuple[str, Run]
"""What messages call the place of a run, such as its file, and the run."""

_OWN = OUR_OWN | {Trouble.EXCLUDED, Trouble.NO_ROUTE, Trouble.NOT_PUBLIC}
"""Troubles of one machine, or of how it was told to look."""


def clashes(runs: Sequence[NamedRun]) -> Iterator[str]:
    """Yield why the runs cannot be judged together, each line with the places of two of them."""
    yield from _odd_shards([(name, run, run.shard) for name, run in runs if run.shard])
    yield from _domains_twice(runs)
    yield from _endpoints_that_differ(runs)


def _odd_shards(shards: Sequence[tuple[str, Run, Shard]]) -> Iterator[str]:
    if not shards:
        return
    (first_name, first, one), *others = shards
    seen = {one.number: first_name}
    wanted = {domain.name for domain in first.domains}
    for name, run, shard in others:
        of_first = f"{first_name}, shard {one}"
        if shard.count != one.count:
            yield f"{name}: shard {shard} is not of the same run as {of_first}: their counts differ"
        elif shard.number in seen:
            yield f"{name}: shard {shard} is in {seen[shard.number]} too: name one of them"
        elif _settings(run) != _settings(first):
            yield (
                f"{name}: shard {shard} was gathered with another port or other overrides than"
                f" {of_first}"
            )
        else:
            yield from _other_domains(f"{name}: shard {shard}", of_first, run, wanted)
        seen.setdefault(shard.number, name)


def _settings(run: Run) -> object:
    return run.port, tuple(override.name for override in run.overrides)


def _other_domains(shard: str, first: str, run: Run, wanted: set[str]) -> Iterator[str]:
    found = {domain.name for domain in run.domains}
    for lacking, holding, names in ((shard, first, wanted - found), (first, shard, found - wanted)):
        for name in sorted(names)[:1]:
            yield (
                f"{lacking} does not hold {quote(name)}, which {holding} holds: the shards of a run"
                " look up the same domains"
            )


def _domains_twice(runs: Sequence[NamedRun]) -> Iterator[str]:
    """Yield the domains that two runs hold, unless both are shards."""
    seen: dict[str, NamedRun] = {}
    for name, run in runs:
        for domain in run.domains:
            other_name, other = seen.setdefault(domain.name, (name, run))
            if other is not run and not (other.shard and run.shard):
                yield f"{name}: {quote(domain.name)} is in {other_name} too: name one of them"


def _endpoints_that_differ(runs: Sequence[NamedRun]) -> Iterator[str]:
    """Yield the addresses of MX hosts at which two runs saw something else."""
    seen: dict[tuple[str, str, int], tuple[str, Visit]] = {}
    for name, run in runs:
        for visit in run.visits:
            key = visit.host, visit.address, visit.port
            other_name, other = seen.setdefault(key, (name, visit))
            if other is not visit and (stage := _stage_that_differs(visit, other)):
                yield (
                    f"{name}: {quote(visit.host)} [{visit.address}] differs from what"
                    f" {other_name} saw there ({stage}): judge each by itself"
                )


def _stage_that_differs(one: Visit, other: Visit) -> str:
    """Return the first stage at which two visits found something else, or "".

    Times, transcripts and words that change from visit to visit are not findings.
    """
    for stage in ("connection", "greeting", "ehlo", "starttls", "tls", "ehlo_after_tls"):
        found = [_finding(getattr(visit, stage)) for visit in (one, other)]
        if None not in found and found[0] != found[1]:
            return stage
    return ""


def _finding(seen: object) -> object:
    """Return what a stage shows that the next visit would find too, None if it shows nothing."""
    match seen:
        case Unseen(trouble=trouble):
            return None if trouble in _OWN else trouble
        case Greeting(reply=reply):
            return reply.code
        case Reply():
            return seen.code, frozenset(parse_ehlo(seen))
        case TlsSession():
            return seen.version, seen.cipher, seen.chain
        case _:
            return True
