"""The config file, flags and variables: a configuration, or faults that each have their place."""

import io
import json
import re
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mxcheck.cli.init import config_text
from mxcheck.config.errors import ConfigError
from mxcheck.config.flags import DOMAINS, FLAGS, Flag, Flags
from mxcheck.config.lines import Path as TomlPath
from mxcheck.config.lines import find_lines
from mxcheck.config.load import Config, load_config
from mxcheck.config.model import DomainTable, PolicyTable, ProbeTable, Table, WaiverTable
from tests.fuzz.toml import FIRST_NUMBER, texts

LONGEST_LINE = 1500


def numbers_in(value: object, path: TomlPath = ()) -> Iterator[tuple[TomlPath, int]]:
    """Every number that is there once, and the way to it."""
    if isinstance(value, int) and value >= FIRST_NUMBER:
        yield path, value
    items: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield from numbers_in(item, (*path, key))


@given(texts())
def test_a_number_is_on_the_line_where_it_stands(text: str) -> None:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)  # noqa: FBT003
    lines = find_lines(text)
    for path, number in numbers_in(document):
        assert lines[path] == text[: text.index(str(number))].count("\n") + 1, path


def load(
    flags: Flags, environ: Mapping[str, str] | None = None, file: str = ""
) -> tuple[Config | None, tuple[str, ...]]:
    """The configuration, or the lines with which it is refused."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if file:
            (folder / "mxcheck.toml").write_text(file, encoding="utf-8")
        try:
            return load_config(flags, environ or {}, folder, io.StringIO()), ()
        except ConfigError as error:
            return None, error.lines


def assert_placed(lines: tuple[str, ...], text: str) -> None:
    for line in lines:
        located = re.match(r"mxcheck\.toml:(\d+): ", line)
        assert located, line
        assert 1 <= int(located[1]) <= text.count("\n") + 1
        assert len(line) < LONGEST_LINE


WORDS = st.sampled_from(
    [
        *("example.com", "mx1.example.com", "error", "off", "basic", "1.2", "dns", "mx-null"),
        *("192.0.2.1", "tls://192.0.2.53", "https://u:p@h/x", "a@example.net", "none", "dane", ""),
        *("a:25:192.0.2.1:25", "example.com=10 mx1", "x=y", "\0", "é", "[::1]:53", "SIZE", "*"),
    ]
)
TEXTS = (WORDS | st.text(max_size=12)).map(json.dumps)
SCALARS = TEXTS | st.sampled_from(
    ["0", "-1", "14", "9" * 5000, f"0x{'f' * 5000}", "1.5", "inf", "nan", "true", "2026-12-31"]
)
VALUES = (
    SCALARS
    | st.lists(SCALARS, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    | st.tuples(TEXTS, SCALARS).map(lambda pair: f"{{ {pair[0]} = {pair[1]} }}")
)
TABLES: Mapping[str, type[Table]] = {
    "[policy]": PolicyTable,
    "[probe]": ProbeTable,
    "[[domain]]": DomainTable,
    "[[waiver]]": WaiverTable,
}


@st.composite
def files(draw: st.DrawFn) -> str:
    """Tables with the keys that they have, and values of any kind."""
    lines = []
    for header in draw(st.lists(st.sampled_from(list(TABLES)), max_size=4, unique=True)):
        fields = list(TABLES[header].model_fields)
        keys = draw(st.lists(st.sampled_from(fields), max_size=5, unique=True))
        lines += [header, *(f"{key} = {draw(VALUES)}" for key in keys)]
    if not draw(st.integers(0, 4)):
        lines.append(f"{draw(TEXTS)} = {draw(VALUES)}")
    return "\n".join(lines)


@given(files())
@example(f'"{"k" * 100_000}" = 1')
@example(f'[[domain]]\nname = "{"a." * 100_000}"')
@example(f'[policy.levels]\n"{"k" * 100_000}" = "off"')
def test_a_file_is_a_configuration_or_has_faults_on_its_lines(text: str) -> None:
    config, lines = load({"domains": ("example.com",)}, file=text)
    assert bool(config) != bool(lines)
    assert_placed(lines, text)


EXPLAINED = re.sub(
    r"(?m)^# ?(?=[a-z_]+ = |\[)",
    "",
    config_text(["example.com"]),
)


@given(
    st.integers(0, len(EXPLAINED)), st.integers(0, 40), st.text("\n[]{}=\"'#a1.-\0é", max_size=4)
)
def test_the_explained_file_with_something_changed(location: int, length: int, noise: str) -> None:
    text = EXPLAINED[:location] + noise + EXPLAINED[location + length :]
    config, lines = load({"domains": ("example.com",)}, file=text)
    assert bool(config) != bool(lines)
    assert_placed(lines, text)


WITHOUT_NUL = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
FLAG_TEXTS = WORDS.filter(lambda text: "\0" not in text) | st.text(WITHOUT_NUL, max_size=20)


@given(
    st.dictionaries(st.sampled_from([DOMAINS, *FLAGS]), FLAG_TEXTS, min_size=1, max_size=4),
    st.booleans(),
)
@example({FLAGS[0]: "x" * 300}, True)  # noqa: FBT003
def test_flags_and_variables_are_a_configuration_or_named(
    texts_of: dict[Flag, str],
    environment: bool,  # noqa: FBT001
) -> None:
    if environment:
        config, lines = load({}, {flag.variable: text for flag, text in texts_of.items()})
    else:
        config, lines = load({flag.key: (text,) for flag, text in texts_of.items()})
    assert bool(config) != bool(lines)
    assert all(len(line) < LONGEST_LINE for line in lines)


# Texts as they stand behind a flag, and in a file.
PROPER: Mapping[str, tuple[str, st.SearchStrategy[Any]]] = {
    "min_tls": ("policy", st.sampled_from(["1.0", "1.1", "1.2", "1.3"])),
    "relay": ("policy", st.sampled_from(["basic", "thorough", "off"])),
    "fail_on": ("policy", st.sampled_from(["error", "warning"])),
    "on_unknown": ("policy", st.sampled_from(["fail", "pass"])),
    "min_cert_days": ("policy", st.integers(0, 800)),
    "ignore": ("policy", st.lists(st.sampled_from(["cert", "mx-null"]), min_size=1, unique=True)),
    "retries": ("probe", st.integers(0, 5)),
    "port": ("probe", st.integers(1, 65535)),
    "timeout": ("probe", st.integers(1, 600) | st.sampled_from([0.5, 2.25])),
    "ehlo_name": ("probe", st.sampled_from(["probe.example.org", "[192.0.2.1]"])),
    "allow_private": ("probe", st.booleans()),
    "canaries": ("probe", st.lists(st.sampled_from(["a.example:25", "b.example"]), min_size=1)),
}


def as_texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(map(str, value))
    return (str(value).lower() if isinstance(value, bool) else str(value),)


@given(st.fixed_dictionaries({}, optional={key: kind for key, (_, kind) in PROPER.items()}))
def test_a_run_is_the_same_wherever_it_is_described(values: dict[str, Any]) -> None:
    domains = {"domains": ("example.com",)}
    variables = {flag.key: flag.variable for flag in FLAGS}
    texts = {key: as_texts(value) for key, value in values.items()}
    by_flags, _ = load({**domains, **texts})
    by_variables, _ = load(domains, {variables[key]: "\n".join(texts[key]) for key in texts})
    lines = [
        f"{PROPER[key][0]}.{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in values.items()
    ]
    by_file, _ = load(domains, file="\n".join(lines) or "# nothing")
    assert by_flags
    assert by_variables
    assert by_file
    for other in (by_variables, by_file):
        assert (other.policy, other.probe) == (by_flags.policy, by_flags.probe)
    for key, value in values.items():
        held = getattr(getattr(by_flags, PROPER[key][0]), key, value)
        assert key in {"ignore", "canaries"} or held == value


@given(st.sampled_from(list(TABLES)), st.from_regex(r"[a-z_]{1,12}", fullmatch=True))
def test_a_key_that_there_is_not_is_refused(header: str, key: str) -> None:
    assume(key not in TABLES[header].model_fields)
    assume(header != "[policy]" or key != "levels")
    _, lines = load({"domains": ("example.com",)}, file=f"{header}\n{key} = 1")
    assert any(key in line and line.startswith("mxcheck.toml:2: ") for line in lines)


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.key)
def test_a_text_of_a_flag_that_is_very_long(flag: Flag) -> None:
    # The names of these two files are shown whole.
    size = 1000 if flag.key in {"config", "domains_file"} else 200_000
    _, lines = load({"domains": ("example.com",), flag.key: ("x" * size,)})
    assert all(len(line) < LONGEST_LINE for line in lines)
