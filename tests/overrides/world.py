"""The whole check, with its configuration and its reports, over the demo's world."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from mxcheck.app import Checking, report
from mxcheck.config.load import Config, load_config
from mxcheck.config.output import Screen
from mxcheck.demo.certificates import Authority, Issued
from mxcheck.demo.smtp_script import Script, closed_relay
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.demo.world import World, demo_world
from mxcheck.judge.verdict import Result, Verdict
from mxcheck.saved.coherence import oddities
from tests.probe.harness import ROOT, plain
from tests.probe.https.policy_world import tls_of
from tests.saving import as_evidence

HEALTHY = "healthy.example"
MX1, MX2 = f"mx1.{HEALTHY}", f"mx2.{HEALTHY}"
MX1_ADDRESS, MX2_ADDRESS = "192.0.2.10", "192.0.2.11"

Answered = tuple[str, list[str]]
"""Outcome, and the words of the message without mark and times; DNS gives records in any order."""

Asked = tuple[str, str]
"""Rule and subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of a run, and how its reports can be had."""

    verdict: Verdict
    config: Config
    world: World

    @property
    def exit_code(self) -> int:
        """The exit code of the verdict."""
        return self.verdict.exit_code

    @property
    def results(self) -> Mapping[Asked, Result]:
        """Every result, by rule and subject."""
        return {
            (result.rule.id, str(result.subject)): result
            for domain in self.verdict.domains
            for result in domain.results
        }

    @property
    def answers(self) -> Mapping[Asked, Answered]:
        """What every rule said, and what it would say without the mark."""
        return {
            asked: (str(result.outcome), _words(result.message.partition(" (what if: ")[0]))
            for asked, result in self.results.items()
        }

    def failed(self) -> set[str]:
        """The rules that keep the run from passing by a failure."""
        return {
            rule
            for (rule, _), result in self.results.items()
            if result.outcome == "fail" and result.blocks
        }

    def marked(self) -> set[Asked]:
        """The results that name an override; the message and the field say the same."""
        marked = set()
        for asked, result in self.results.items():
            words = f" (what if: {', '.join(result.overrides)})"
            assert result.message.endswith(words) is bool(result.overrides)
            assert result.message.count("(what if: ") == bool(result.overrides)
            marked |= {asked} if result.overrides else set()
        return marked

    def differing(self, other: "Checked") -> set[Asked]:
        """The results that are not what they are in another run."""
        return {
            asked
            for asked in {*self.answers, *other.answers}
            if self.answers.get(asked) != other.answers.get(asked)
        }

    def report(self) -> int:
        """Write the reports, as the command does at its end; its exit code."""
        return report(self.verdict, self.config)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is on the command line, but for what leads into the world."""

    folder: Path
    domains: tuple[str, ...] = (HEALTHY,)
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allow_private: bool = True
    canaries: tuple[tuple[str, int], ...] = ()

    def config(self, world: World) -> Config:
        """Return the configuration of the run, in a world whose servers act as the Internet."""
        private = ("true",) if self.allow_private else ("false",)
        flags = {"domains": self.domains, "allow_private": private, **self.flags}
        config = load_config(flags, {}, self.folder, None)
        ca_pem = world.ca_pem + ROOT.certificate_pem
        probe = replace(
            config.probe,
            resolvers=(plain(world.resolver),),
            routes=world.routes,
            canaries=self.canaries,
            ca_pem=ca_pem,
            retries=0,
            trust_ad=True,
            ehlo_name="probe.example.net",
        )
        return replace(config, probe=probe, ca_pem=ca_pem, screen=Screen(quiet=True))

    async def check(self, world: World | None = None) -> Checked:
        """One run, in a world of its own unless one is given."""
        if world is None:
            async with demo_world(datetime.now(UTC)) as own:
                return await self.check(own)
        config = self.config(world)
        run = Checking(config)
        await run.probe.gather_in_loop()
        evidence = run.probe.seen()
        assert list(oddities(as_evidence(evidence))) == []
        verdict = run.judge(as_evidence(evidence))
        return Checked(verdict=verdict, config=config, world=world)


def _words(message: str) -> list[str]:
    return sorted(re.sub(r"\d+ ms", "some ms", message).replace(",", " ").split())


def authority() -> Authority:
    """The authority that issues what is not there yet; the check trusts it."""
    return ROOT.issue_intermediate()


def script(host: str, issued: Issued | None = None) -> Script:
    """A healthy server for the healthy domain, under a name that it may not have in DNS yet."""
    return Script(
        hostname=host,
        tls=tls_of(issued or authority().issue(names=(host,))),
        recipient=closed_relay((HEALTHY,), mailboxes=("postmaster",)),
    )


@asynccontextmanager
async def staging(host: str, issued: Issued | None = None) -> AsyncIterator[ScriptedSmtp]:
    """A server on loopback, on a port of its own."""
    async with ScriptedSmtp(script(host, issued)) as server:
        yield server


def end_of(server: ScriptedSmtp) -> str:
    """The second half of a `--connect-to`."""
    address, port = server.address
    return f"{address}:{port}"
