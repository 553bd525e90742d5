"""What every report says of the shards of a run: which are missing, and where DNS differs."""

from collections.abc import Iterator, Sequence

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.runs import Evidence
from mxcheck.evidence.smtp import Visit
from mxcheck.wire.domain_name import display_domain

_MOST_NAMED = 10


def shard_notes(evidence: Evidence) -> Iterator[str]:
    """Yield a note on missing shards, one on domains whose DNS differs, one on hosts left over."""
    missing = evidence.missing_shards
    if missing:
        names = list_some([str(shard) for shard in missing])
        yield (
            f"of the shards of this run these are missing: {names}; the MX hosts that they were to"
            " visit are unknown: judge their evidence too (mxcheck judge FILE...)"
        )
    unvisited = [visit for run in evidence.judged for visit in run.visits if _is_left_over(visit)]
    hosts = list(dict.fromkeys(visit.host for visit in unvisited))
    if hosts:
        yield f"no shard visited {list_some(hosts)}"
    for run, domain in evidence.domains():
        if others := run.named_elsewhere(domain.name):
            yield (
                f"the DNS answers about {display_domain(domain.name)} differ between shards: the"
                f" first was not led to {list_some(others)}, which is not judged; gather all shards"
                " again at one time, with resolvers that agree"
            )


def list_some(names: Sequence[str]) -> str:
    """Return names as a list, of which the last may only be counted."""
    shown, left = names[:_MOST_NAMED], len(names[_MOST_NAMED:])
    return f"{', '.join(shown)} and {left} more" if left else ", ".join(shown)


def _is_left_over(visit: Visit) -> bool:
    seen = visit.connection
    return isinstance(seen, Unseen) and seen.trouble is Trouble.OTHER_SHARD
