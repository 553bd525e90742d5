"""Where the outcome of a run goes: the reports that were asked for, and the screen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os.path import samestat
from pathlib import Path

from mxcheck.config.checkout import find_link, split_at_root
from mxcheck.config.errors import ConfigError, Faults
from mxcheck.config.flag_texts import read_environment, refuse_blank
from mxcheck.config.flags import FLAGS, Flags, Section
from mxcheck.config.layers import Sources, giver, merge, read_sources
from mxcheck.config.model import Color
from mxcheck.model.quoting import quote

STDOUT = "-"
_CI_LOGS = ("GITHUB_ACTIONS", "GITLAB_CI")
"""What GitHub and GitLab set to `true`; their pages show the colours of a log."""


class LinkError(Exception):
    """A link in the checkout would lead a report to another folder; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """A report to write: its format ("junit-xml", "json") and its path, `-` for stdout."""

    format: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What the screen shows.

    With AUTO colours go to a terminal and, if `log_has_colors`, to the log of a CI job, which is
    a pipe.
    """

    quiet: bool = False
    verbose: bool = False
    color: Color = Color.AUTO
    log_has_colors: bool = False


def load_screen(flags: Flags, environ: Mapping[str, str]) -> Screen:
    """Return what the screen shows, for a command that reads no config file; or ConfigError."""
    keys = {flag.key for flag in FLAGS if flag.section is Section.SCREEN}
    environment = {key: texts for key, texts in read_environment(environ).items() if key in keys}
    found = Faults()
    sources = read_sources(flags, environment, Path(), found, with_file=False)
    found.raise_any()
    return choose_screen(sources, environ)


def choose_screen(sources: Sources, environ: Mapping[str, str]) -> Screen:
    """Return what the screen shows, NO_COLOR and FORCE_COLOR honoured; or ConfigError."""
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
    if environ.get("FORCE_COLOR"):
        return replace(screen, color=Color.ALWAYS)
    return replace(screen, log_has_colors=any(environ.get(name) == "true" for name in _CI_LOGS))


def request_reports(sources: Sources, environ: Mapping[str, str]) -> tuple[ReportRequest, ...]:
    """Return the reports to write; ConfigError if one cannot be written, or two would share a file.

    Two names of one file are one file; a file named `-` in the folder counts as stdout.
    """
    found = Faults()
    requests: dict[Path, ReportRequest] = {}
    for flag in FLAGS:
        if flag.section is not Section.REPORTS:
            continue
        texts = sources.texts(flag)
        for path in texts:
            try:
                refuse_blank(texts)
                location = _locate(path, sources.folder, environ)
                _refuse_taken(path, location, requests)
            except ValueError as error:
                found.add(f"{sources.name_of(flag)}: {error}")
            else:
                requests[location] = ReportRequest(format=flag.key.replace("_", "-"), path=path)
    found.raise_any()
    return tuple(requests.values())


def _refuse_taken(path: str, location: Path, requests: Mapping[Path, ReportRequest]) -> None:
    for other, request in requests.items():
        if _is_same(location, other):
            raise ValueError(f"{quote(path)} is where --{request.format} goes")


def _is_same(location: Path, other: Path) -> bool:
    try:
        return location == other or samestat(location.lstat(), other.lstat())
    except OSError:  # one of them does not exist yet
        return False


def _locate(path: str, folder: Path, environ: Mapping[str, str]) -> Path:
    """Return where a report really goes; ValueError says why none can be written there."""
    try:
        split = None if "\0" in path else split_at_root(Path(path), folder, environ)
        location = _within(*split) if split else (folder / path).resolve()
        is_folder = location.is_dir() and not location.is_symlink()
    except OSError as error:
        raise ValueError(f"{quote(path)} cannot be written: {error.strerror}") from None
    except LinkError as error:
        raise ValueError(f"{quote(path)} {error}") from None
    except (RuntimeError, ValueError):  # links in a circle, a NUL
        raise ValueError(f"{quote(path)} is not a path to write to") from None
    if is_folder:
        raise ValueError(f"{quote(path)} is a folder")
    return location


def _within(root: Path, names: tuple[str, ...]) -> Path:
    """Return a path in the checkout; LinkError if a link would lead away from it.

    The file itself may be a link: it is replaced.
    """
    link = find_link(root, names)
    if link:
        raise LinkError(
            f"goes through the link {quote(str(link))}, which no report follows: name the folder"
            " that it leads to"
        )
    return root.joinpath(*names)
