"""Evidence of the demo's domains, gathered by the real check and saved."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mxcheck import app
from mxcheck.config.load import Config
from mxcheck.config.output import ReportRequest, Screen
from mxcheck.demo.world import World, demo_world
from mxcheck.model.policy import Level, Policy, RelayMode
from mxcheck.model.targets import Target
from mxcheck.probe.settings import PlainResolver, ProbeSettings
from mxcheck.rules import RULES

OFF_BY_DEFAULT = {rule.id: Level.ERROR for rule in RULES if rule.level is Level.OFF}
EVERYTHING = Policy(levels=OFF_BY_DEFAULT, relay=RelayMode.THOROUGH, allow_private=True)
"""Every rule is asked, and everything is gathered that any of them needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a check wrote: `report` is its JSON, `ca_file` holds the root that it trusted."""

    exit_code: int
    evidence: Path
    report: Path
    ca_file: Path


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo's world while it runs, in a thread of its own."""

    world: World
    loop: asyncio.AbstractEventLoop

    def check(self, folder: Path, policy: Policy = EVERYTHING) -> Saved:
        """Check every domain under this policy."""
        saved = Saved(
            exit_code=app.check(self.config(folder, policy)),
            evidence=folder / "evidence.json",
            report=folder / "report.json",
            ca_file=folder / "ca.pem",
        )
        saved.ca_file.write_bytes(self.world.ca_pem)
        return saved

    def config(self, folder: Path, policy: Policy) -> Config:
        """The configuration of a run that writes its evidence and its JSON report to a folder."""
        address, port = self.world.resolver
        probe = ProbeSettings(
            resolvers=(PlainResolver(address=address, port=port),),
            trust_ad=True,
            max_connections=9,  # nothing that a rule asks for is left out
            routes=self.world.routes,
            ca_pem=self.world.ca_pem,
            allow_private=policy.allow_private,
            canaries=(),
            connect_timeout=5,
            timeout=5,
            retry_delay=0,
            ehlo_name="probe.example.net",
        )
        return Config(
            policy=policy,
            targets=tuple(Target(domain=one.name, policy=policy) for one in self.world.domains),
            probe=probe,
            ca_pem=self.world.ca_pem,
            reports=(
                ReportRequest(format="json", path=str(folder / "report.json")),
                ReportRequest(format="save-evidence", path=str(folder / "evidence.json")),
            ),
            screen=Screen(quiet=True),
        )


@contextmanager
def demo() -> Iterator[Demo]:
    """Start the world in a thread, since a check has an event loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    world = demo_world(datetime.now(UTC))
    try:
        entered = asyncio.run_coroutine_threadsafe(world.__aenter__(), loop).result(timeout=10)
        yield Demo(entered, loop)
        left = world.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(left, loop).result(timeout=10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
