"""pyspf as a reference for SPF: its own evaluation, over the lookups of a test."""

import importlib.util
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.spf.client import Client
from mxcheck.wire.spf.names import query_name
from mxcheck.wire.txt import parse_txt
from tests.spf_zone import Zone, lookup_in

RELIEFS: Mapping[str, Mapping[str, int]] = {
    "Void lookup limit": {"MAX_VOID_LOOKUPS": 1000},
    "Too many DNS lookups": {"MAX_LOOKUP": 30},
    "include has trivial recursion": {},
}
"""What pyspf takes for an error and we do not (ADR 20): its words, and how to prevent it."""


class Pyspf:
    """The module of pyspf, loaded from its file."""

    def __init__(self, path: Path) -> None:
        """Load the module, which is older than today's warnings about its syntax."""
        spec = importlib.util.spec_from_file_location("pyspf", path)
        assert spec
        assert spec.loader
        self.module: Any = importlib.util.module_from_spec(spec)
        with warnings.catch_warnings(action="ignore"):
            spec.loader.exec_module(self.module)

    def check(self, zone: Zone, client: Client, reliefs: Sequence[str] = ()) -> tuple[str, str]:
        """The result for a client, and why, if pyspf is relieved of some of its own errors."""
        if any(not RELIEFS[relief] for relief in reliefs):
            zone = {name: [_without_itself(name, one) for one in has] for name, has in zone.items()}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.module, "DNSLookup", self._lookup_in(zone))
            for name, value in (pair for one in reliefs for pair in RELIEFS[one].items()):
                patch.setattr(self.module, name, value)
            asked = {"i": str(client.address), "s": client.sender, "h": client.helo}
            result, _, why = self.module.query(**asked).check()
        return result, why

    def reliefs_until(self, wanted: str, zone: Zone, client: Client) -> tuple[str, ...]:
        """The reliefs that lead to a result, in the order in which its errors come; or none."""
        reliefs: tuple[str, ...] = ()
        result, why = self.check(zone, client)
        while result != wanted:
            more = [one for one in RELIEFS if one in why and one not in reliefs]
            if not more:
                return ()
            reliefs = (*reliefs, more[0])
            result, why = self.check(zone, client, reliefs)
        return reliefs

    def _lookup_in(self, zone: Zone) -> Any:  # noqa: ANN401 - what pyspf calls, of no type
        lookup_of = lookup_in(zone)

        def lookup(name: str, qtype: str, *_: object) -> list[tuple[tuple[str, str], object]]:
            seen = lookup_of(query_name(name.lower()), qtype)
            if isinstance(seen, Unseen):
                raise self.module.TempError(seen.detail)
            records = seen.records if isinstance(seen, Answer) else ()
            return [((name, qtype), value) for value in _values(records, qtype)]

        return lookup


def _values(records: tuple[str, ...], qtype: str) -> Iterator[object]:
    """The records as pyspf wants them."""
    for record in records:
        if qtype == "TXT":
            yield (parse_txt(record).encode("latin-1"),)
        elif qtype == "MX":
            preference, _, host = record.partition(" ")
            yield int(preference), host
        else:
            yield ip_address(record).packed if qtype == "AAAA" else record


def _without_itself(name: str, record: str) -> str:
    """A record of a domain that does not include the domain itself."""
    return re.sub(rf" [-+?~]?include:{re.escape(name)}(?= |$)", "", record)
