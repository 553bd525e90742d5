"""The configuration of a run: flags, environment and config file become one frozen value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from mxcheck.config.changes import changes_of_file
from mxcheck.config.documentation import documentation_url
from mxcheck.config.domains import LocatedName, gather_domains, nothing_to_check, refuse_twice
from mxcheck.config.errors import ConfigError, Faults
from mxcheck.config.file import ConfigFile
from mxcheck.config.flag_texts import filled_from_inputs, read_environment
from mxcheck.config.flags import Flags
from mxcheck.config.layers import Sources, giver, read_sources
from mxcheck.config.locations import default_location, location_of
from mxcheck.config.output import ReportRequest, Screen, choose_screen, request_reports
from mxcheck.config.overrides import check_overrides, read_overrides
from mxcheck.config.settings import (
    build_policy,
    build_probe,
    check_relay,
    check_selection,
    read_roots,
)
from mxcheck.config.via_files import read_gate
from mxcheck.model.location import Location
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.model.waivers import Waiver
from mxcheck.probe.overrides import Overrides
from mxcheck.probe.settings import ProbeSettings, default_deadline

NOTHING_TO_JUDGE = "nothing to judge: the evidence holds no domain"
_OF_JUDGE = ("ca_file", "allow_private")
_NO_DOMAINS: Mapping[str, LocatedName] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that a run needs to know.

    `policy` holds for the run; each target has its own. `ca_pem` are the roots that the user
    added, as PEM, empty where there are none. `location` is where findings point whose domain no
    file names. `notes` are what every report says of the configuration. `docs` is the
    URL in front of the path of a page of the documentation, "" if it is not known.
    """

    policy: Policy
    targets: tuple[Target, ...]
    probe: ProbeSettings
    waivers: tuple[Waiver, ...] = ()
    ca_pem: bytes = b""
    reports: tuple[ReportRequest, ...] = ()
    screen: Screen = field(default_factory=Screen)
    location: Location = field(default_factory=Location)
    notes: tuple[str, ...] = ()
    docs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A configuration, the sources that it was read from, and where its domains are named."""

    config: Config
    sources: Sources
    domains: Mapping[str, LocatedName]


def load_config(
    flags: Flags, environ: Mapping[str, str], folder: Path, stdin: TextIO | None
) -> Config:
    """Return the configuration of `mxcheck check`, run in `folder`.

    A flag wins over the environment, the environment over the file. ConfigError holds every
    fault that was found, one a line, each with its place.
    """
    loaded = load_all(flags, environ, folder, stdin)
    if not loaded.config.targets:
        raise ConfigError([nothing_to_check(loaded.sources.inputs)])
    return loaded.config


def load_all(
    flags: Flags, environ: Mapping[str, str], folder: Path, stdin: TextIO | None
) -> Loaded:
    """Return the same with where it comes from; it may name no domain."""
    found = Faults()
    sources = _read(flags, environ, folder, found)
    config = _configure(sources, environ, found)
    overrides = found.attempt(lambda: read_overrides(sources.probe_layers()), Overrides())
    domains = found.attempt(lambda: _named_domains(sources, stdin), _NO_DOMAINS)
    targets = _build_targets(sources, config, domains, environ)
    for target in targets:
        found.attempt(partial(check_relay, sources, target.policy, target.domain), None)
        found.attempt(partial(check_selection, sources, target.policy, target.domain), None)
    found.raise_any()
    probe = replace(config.probe, overrides=overrides)
    if giver(sources.probe_layers(), "deadline") is None:
        probe = replace(probe, deadline=default_deadline(len(targets)))
    config = replace(config, targets=targets, probe=probe)
    return Loaded(config=config, sources=sources, domains=domains)


def load_probe(flags: Flags, environ: Mapping[str, str], folder: Path) -> ProbeSettings:
    """Return the settings of the probe alone, for `mxcheck doctor`."""
    found = Faults()
    sources = read_sources(flags, read_environment(environ), folder, found)
    config = _configure(sources, environ, found)
    found.raise_any()
    return config.probe


def load_judge_config(
    flags: Flags,
    environ: Mapping[str, str],
    folder: Path,
    stdin: TextIO | None,
    held: Sequence[str],
) -> Config:
    """Return the configuration of `mxcheck judge`, for evidence that holds these domains.

    The targets are those, and behind them what `check` would look at and the evidence lacks.
    Overrides are what the evidence was gathered under: those that are configured now say nothing,
    and are looked at for their form alone.
    """
    found = Faults()
    sources = _read(flags, environ, folder, found)
    config = _configure(sources, environ, found)
    found.attempt(lambda: check_overrides(sources.probe_layers()), None)
    named = found.attempt(lambda: _named_domains(sources, stdin), _NO_DOMAINS)
    domains = {name: LocatedName(text=name, where="the evidence") for name in held} | dict(named)
    found.raise_any()
    if not domains:
        raise ConfigError([NOTHING_TO_JUDGE])
    return replace(
        config,
        targets=_build_targets(sources, config, domains, environ),
        notes=changes_of_file(sources, _OF_JUDGE),
    )


def _read(flags: Flags, environ: Mapping[str, str], folder: Path, found: Faults) -> Sources:
    environment, inputs = read_environment(environ), filled_from_inputs(environ)
    return read_sources(flags, environment, folder, found, inputs=inputs)


def _configure(sources: Sources, environ: Mapping[str, str], found: Faults) -> Config:
    """Return all but the targets and the overrides."""
    probe = build_probe(sources.probe_layers())
    ca_pem = found.attempt(lambda: read_roots(sources.probe_layers()), b"")
    gate = found.attempt(lambda: read_gate(sources), None)
    return Config(
        policy=build_policy(sources.policy_layers(), probe),
        targets=(),
        probe=replace(probe, ca_pem=ca_pem, via=gate),
        waivers=_build_waivers(sources.file),
        ca_pem=ca_pem,
        reports=found.attempt(lambda: request_reports(sources, environ), ()),
        screen=found.attempt(lambda: choose_screen(sources, environ), Screen()),
        location=default_location(sources.file, sources.folder, environ),
        notes=changes_of_file(sources),
        docs=documentation_url(environ),
    )


def _named_domains(sources: Sources, stdin: TextIO | None) -> Mapping[str, LocatedName]:
    found = Faults()
    domains = found.attempt(lambda: gather_domains(sources, stdin), _NO_DOMAINS)
    found.attempt(lambda: refuse_twice(sources.file), None)
    found.raise_any()
    return domains


def _build_targets(
    sources: Sources,
    config: Config,
    domains: Mapping[str, LocatedName],
    environ: Mapping[str, str],
) -> tuple[Target, ...]:
    """Return the targets; work that is the same for each of many domains is done once."""
    files = {name.file for name in domains.values()} - {""}
    starts = {file: location_of(file, 1, sources.folder, environ) for file in files}
    targets = []
    for domain, name in domains.items():
        policy = config.policy
        if sources.file.has_own_policy(domain):
            policy = build_policy(sources.policy_layers(domain), config.probe)
        start = starts.get(name.file)
        location = replace(start, line=name.line) if start else None
        targets.append(Target(domain=domain, policy=policy, location=location))
    return tuple(targets)


def _build_waivers(file: ConfigFile) -> tuple[Waiver, ...]:
    return tuple(
        Waiver(**table.model_dump(), location=f"{file.name}:{file.line(('waiver', index))}")
        for index, table in enumerate(file.tables.waiver)
    )
