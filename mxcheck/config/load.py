"""The configuration of a run: flags, environment and config file become one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from mxcheck.config.domains import NOTHING_TO_CHECK, gather_domains, refuse_twice
from mxcheck.config.errors import ConfigError, Faults
from mxcheck.config.file import ConfigFile
from mxcheck.config.flags import Flags, read_environment
from mxcheck.config.layers import Sources, read_sources
from mxcheck.config.output import ReportRequest, Screen, choose_screen, request_reports
from mxcheck.config.settings import build_policy, build_probe, check_relay, read_roots
from mxcheck.policy import Policy
from mxcheck.probe.settings import ProbeSettings
from mxcheck.targets import Target
from mxcheck.waivers import Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that a run needs to know.

    `policy` holds for the run; each target has its own. `ca_pem` are the roots that the user
    added, as PEM, empty where there are none.
    """

    policy: Policy
    targets: tuple[Target, ...]
    probe: ProbeSettings
    waivers: tuple[Waiver, ...] = ()
    ca_pem: bytes = b""
    reports: tuple[ReportRequest, ...] = ()
    screen: Screen = field(default_factory=Screen)


def load_config(
    flags: Flags, environ: Mapping[str, str], folder: Path, stdin: TextIO | None
) -> Config:
    """The configuration of `mxcheck check`, run in `folder`.

    A flag wins over the environment, the environment over the file. ConfigError holds every
    fault that was found, one a line, each with its place.
    """
    found = Faults()
    sources = read_sources(flags, read_environment(environ), folder, found)
    probe = build_probe(sources.probe_layers())
    ca_pem = found.attempt(lambda: read_roots(sources.probe_layers()), b"")
    config = Config(
        policy=build_policy(sources.policy_layers(), probe),
        targets=found.attempt(lambda: _build_targets(sources, probe, stdin), ()),
        probe=replace(probe, ca_pem=ca_pem),
        waivers=_build_waivers(sources.file),
        ca_pem=ca_pem,
        reports=found.attempt(lambda: request_reports(sources), ()),
        screen=found.attempt(lambda: choose_screen(sources, environ), Screen()),
    )
    found.raise_any()
    if not config.targets:
        raise ConfigError([NOTHING_TO_CHECK])
    return config


def _build_targets(
    sources: Sources, probe: ProbeSettings, stdin: TextIO | None
) -> tuple[Target, ...]:
    found = Faults()
    nothing: tuple[str, ...] = ()
    domains = found.attempt(lambda: gather_domains(sources, stdin), nothing)
    found.attempt(lambda: refuse_twice(sources.file), None)
    targets = tuple(_build_target(sources, probe, domain, found) for domain in domains)
    found.raise_any()
    return targets


def _build_target(sources: Sources, probe: ProbeSettings, domain: str, found: Faults) -> Target:
    layers = sources.policy_layers(domain)
    policy = build_policy(layers, probe)
    found.attempt(lambda: check_relay(layers, policy, domain), None)
    return Target(domain=domain, policy=policy)


def _build_waivers(file: ConfigFile) -> tuple[Waiver, ...]:
    return tuple(
        Waiver(**table.model_dump(), place=f"{file.name}:{file.line(('waiver', index))}")
        for index, table in enumerate(file.tables.waiver)
    )
