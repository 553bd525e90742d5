"""TXT lookups that several domains share: each name is asked once a run."""

import asyncio
from dataclasses import dataclass, field

from mxcheck.evidence.dns import Lookup
from mxcheck.probe.dns.resolver import Resolver


@dataclass(slots=True)
class Texts:
    """The lookups that were begun, by name."""

    asking: dict[str, asyncio.Task[Lookup]] = field(default_factory=dict)

    async def lookup(self, name: str, resolver: Resolver) -> Lookup:
        """Return the TXT records of a name; the first who wants them asks for all."""
        if name not in self.asking:
            self.asking[name] = asyncio.create_task(resolver.lookup(name, "TXT"))
        return await self.asking[name]
