"""The configuration as text: what holds, and from which flag, variable or line of the file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from mxcheck.config.flags import DOMAINS, FLAGS, Flags, Section
from mxcheck.config.layers import Layer, Sources, giver
from mxcheck.config.load import Loaded, load_all
from mxcheck.config.model import PolicyTable, ProbeTable, ScreenTable, Table
from mxcheck.model.quoting import mask_environment, mask_userinfo, quote
from mxcheck.model.waivers import Waiver

_DEFAULT = "default"
_COLUMN = 44
_LEVELS = "levels"


def list_config(
    flags: Flags, environ: Mapping[str, str], folder: Path, stdin: TextIO | None
) -> Iterator[str]:
    """Return lines that say what holds and from where; ConfigError if it cannot be used.

    Nothing is contacted. What may be a password is masked.
    """
    lines = _lines(load_all(flags, environ, folder, stdin), environ)
    return (mask_environment(line, environ) for line in lines)


def _lines(loaded: Loaded, environ: Mapping[str, str]) -> Iterator[str]:
    sources = loaded.sources
    yield from _file(sources)
    yield "\ndomains"
    yield from _domains(loaded)
    yield "\n[policy]"
    yield from _table(PolicyTable, sources.policy_layers())
    for domain in loaded.domains:
        if own := list(_own_policy(sources, domain)):
            yield f"\n[policy] of {domain}, where it differs"
            yield from own
    yield "\n[probe]"
    yield from _table(ProbeTable, sources.probe_layers())
    yield from _waivers(loaded.config.waivers)
    yield "\nreports"
    yield from _reports(sources)
    yield "\nscreen"
    yield from _screen(sources, environ)


def _file(sources: Sources) -> Iterator[str]:
    file = sources.file
    yield f"config file: {mask_userinfo(file.name) or 'none'}"
    if file.unused:
        yield f"not used: [tool.mxcheck] in {file.unused}"


def _domains(loaded: Loaded) -> Iterator[str]:
    for domain, name in loaded.domains.items():
        where = "argument" if name.where == DOMAINS.shown else _place(name.where)
        yield _row(domain, where)
    if not loaded.domains:
        yield "  none: mxcheck check needs one, as an argument for example"


def _table(table: type[Table], layers: Sequence[Layer]) -> Iterator[str]:
    for key, field in table.model_fields.items():
        layer = giver(layers, key)
        if key == _LEVELS and layer:
            yield from _levels(layers)
        elif layer:
            yield _row(f"{key} = {_shown(layer.given[key])}", _place(layer.location(key)))
        else:
            yield _default(key, field.default)


def _default(key: str, value: object) -> str:
    is_set = value is not None and value not in ((), {}, "")
    return _row(f"{key} = {_shown(value)}" if is_set else f"{key} is not set", _DEFAULT)


def _levels(layers: Sequence[Layer]) -> Iterator[str]:
    """Yield a line for each rule with a level of its own; they may come from several sources."""
    places: dict[str, tuple[object, str]] = {}
    for layer in layers:
        for rule, level in layer.given.get(_LEVELS, {}).items():
            places[rule] = (level, _place(layer.location(_LEVELS)))
    for rule, (level, place) in places.items():
        yield _row(f"{_LEVELS}.{rule} = {_shown(level)}", place)


def _own_policy(sources: Sources, domain: str) -> Iterator[str]:
    """Yield the settings of a domain that are not those of the run."""
    if sources.file.has_own_policy(domain):
        common = set(_table(PolicyTable, sources.policy_layers()))
        own = _table(PolicyTable, sources.policy_layers(domain))
        yield from (row for row in own if row not in common)


def _waivers(waivers: Sequence[Waiver]) -> Iterator[str]:
    if waivers:
        yield "\nwaivers"
    for waiver in waivers:
        narrowed = [part for part in (waiver.domain, waiver.mx, waiver.address) if part]
        about = " ".join([waiver.rule, *narrowed, f"until {waiver.until}: {quote(waiver.reason)}"])
        yield _row(about, waiver.location)


def _reports(sources: Sources) -> Iterator[str]:
    count = 0
    for flag in FLAGS:
        if flag.section is Section.REPORTS:
            for path in sources.texts(flag):
                count += 1
                yield _row(f"{flag.key} = {quote(path)}", sources.name_of(flag))
    if not count:
        yield "  none"


def _screen(sources: Sources, environ: Mapping[str, str]) -> Iterator[str]:
    layers = sources.screen_layers()
    for key, field in ScreenTable.model_fields.items():
        layer = giver(layers, key)
        if layer:
            yield _row(f"{key} = {_shown(layer.given[key])}", _place(layer.location(key)))
        elif key == "color" and environ.get("NO_COLOR"):
            yield _row('color = "never"', "NO_COLOR")
        elif key == "color" and environ.get("FORCE_COLOR"):
            yield _row('color = "always"', "FORCE_COLOR")
        else:
            yield _default(key, field.default)


def _place(location: str) -> str:
    """Return a flag, a variable, or file and line, without the key that messages add to it."""
    return mask_userinfo(location.rpartition(": ")[0] or location)


def _row(text: str, where: str) -> str:
    return f"  {text:<{_COLUMN}}  {where}"


def _shown(value: Any) -> str:  # noqa: ANN401 - a value of any table
    match value:
        case bool() | int() | float():
            return str(value).lower()
        case (str() as host, int() as port):
            return quote(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        case tuple():
            return f"[{', '.join(map(_shown, value))}]"
        case _:
            return quote(str(value))
