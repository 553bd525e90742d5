"""Where the outcome of a run goes: the reports that were asked for, and the screen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mxcheck.config.errors import ConfigError, Faults
from mxcheck.config.flag_texts import read_environment
from mxcheck.config.flags import FLAGS, Flags, Section
from mxcheck.config.layers import Sources, giver, merge, read_sources
from mxcheck.config.model import Color
from mxcheck.model.quoting import quote

STDOUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """A report to write: its format ("junit-xml", "json") and its path, `-` for stdout."""

    format: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What the screen shows; with AUTO, the terminal decides about colours."""

    quiet: bool = False
    verbose: bool = False
    color: Color = Color.AUTO


def load_screen(flags: Flags, environ: Mapping[str, str]) -> Screen:
    """What the screen shows, for a command that reads no config file; or ConfigError."""
    keys = {flag.key for flag in FLAGS if flag.section is Section.SCREEN}
    environment = {key: texts for key, texts in read_environment(environ).items() if key in keys}
    found = Faults()
    sources = read_sources(flags, environment, Path(), found, with_file=False)
    found.raise_any()
    return choose_screen(sources, environ)


def choose_screen(sources: Sources, environ: Mapping[str, str]) -> Screen:
    """What the screen shows, NO_COLOR and FORCE_COLOR honoured; or ConfigError."""
    layers = sources.screen_layers()
    loudness = giver(layers, "quiet", "verbose")
    chosen = dict(loudness.given) if loudness else {}
    if chosen.get("quiet") and chosen.get("verbose"):
        raise ConfigError(["--quiet: excludes --verbose"])
    screen = Screen(**chosen | {"color": merge(layers).get("color", Color.AUTO)})
    if screen.color is not Color.AUTO:
        return screen
    if environ.get("NO_COLOR"):
        return replace(screen, color=Color.NEVER)
    return replace(screen, color=Color.ALWAYS) if environ.get("FORCE_COLOR") else screen


def request_reports(sources: Sources) -> tuple[ReportRequest, ...]:
    """The reports, each with a place of its own; ConfigError where two would share one."""
    found = Faults()
    requests: dict[Path, ReportRequest] = {}
    for flag in FLAGS:
        texts = sources.texts(flag) if flag.section is Section.REPORTS else ()
        for path in texts[-1:]:
            try:
                # A file named - in the folder would be the same report: no two are mixed up.
                location = _resolve(sources.folder / path)
            except ValueError as error:
                found.add(f"{sources.name_of(flag)}: {quote(path)} {error}")
                continue
            for other, request in requests.items():
                if _is_same(location, other):
                    taken = f"{quote(path)} is where --{request.format} goes"
                    found.add(f"{sources.name_of(flag)}: {taken}")
                    break
            requests[location] = ReportRequest(format=flag.key.replace("_", "-"), path=path)
    found.raise_any()
    return tuple(requests.values())


def _is_same(location: Path, other: Path) -> bool:
    """Whether two places are one, by their path or as two names of one file."""
    try:
        return location == other or location.samefile(other)
    except OSError:  # one of them is not there yet
        return False


def _resolve(path: Path) -> Path:
    """The path without symbolic links; ValueError says why no report can be written there."""
    try:
        location = path.resolve()
        is_folder = location.is_dir()
    except OSError as error:
        raise ValueError(f"cannot be written: {error.strerror}") from None
    except (RuntimeError, ValueError):  # links in a circle, a NUL
        raise ValueError("is not a path to write to") from None
    if is_folder:
        raise ValueError("is a folder")
    return location
