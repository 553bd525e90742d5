"""The flag `--shard` of `mxcheck probe`, and its variable."""

import re

from mxcheck.config.errors import ConfigError
from mxcheck.config.flags import SHARD
from mxcheck.config.layers import Sources
from mxcheck.evidence.shard import MOST_SHARDS, Shard
from mxcheck.model.quoting import quote

_SHARD = re.compile(r"(?P<number>[0-9]{1,4})/(?P<count>[0-9]{1,4})")


def read_shard(sources: Sources) -> Shard | None:
    """Return the shard that a run is to look at, None if it is not one of several; or ConfigError.

    One shard of one is the whole run.
    """
    for text in sources.texts(SHARD)[-1:]:
        found = _SHARD.fullmatch(text.strip())
        shard = Shard(number=int(found["number"]), count=int(found["count"])) if found else None
        if shard is None or not shard.is_possible:
            raise ConfigError([f"{sources.name_of(SHARD)}: {quote(text)} {_wanted(shard)}"])
        return shard
    return None


def refuse_shard(sources: Sources) -> None:
    """Raise ConfigError if a shard is given to a command that would look at everything."""
    if sources.texts(SHARD):
        why = "goes with `mxcheck probe` alone; `mxcheck judge` judges what all shards saw"
        raise ConfigError([f"{sources.name_of(SHARD)}: {why}"])


def _wanted(shard: Shard | None) -> str:
    if shard and not shard.number:
        return "is not I/N: shards count from 1, so add 1 to an index that begins with 0"
    return f"is not I/N, such as 1/4: N is from 1 to {MOST_SHARDS}, and I from 1 to N"
