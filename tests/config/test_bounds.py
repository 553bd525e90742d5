"""What is refused of a config file before it is read."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.config.bounds import MAX_CONFIG_FILE, MAX_KEY_PARTS, line_of_long_key
from mxcheck.config.errors import ConfigError
from mxcheck.config.file import read_config_file
from mxcheck.config.lines import find_lines, line_of

PARTS = ["a", "'b.c'", '"d\\".#"', "\t-0_"]
MOST = ".".join((PARTS * MAX_KEY_PARTS)[:MAX_KEY_PARTS])
LONG = f"{MOST} . a"
DOMAIN = ".".join("a" * 127)
KEPT = [
    "",
    f"{MOST} = 1",
    f"[{MOST}]",
    f"domains = [\"{DOMAIN}\", '{DOMAIN}']",
    f'"{DOMAIN}.{DOMAIN}" = 1',
    f'a = """\n{LONG}\\\n"""""',
    f"a = '''\n'{LONG}'''''",
    f"# {LONG}\na = 1 # {LONG}",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_long_key_is_kept(text: str) -> None:
    tomllib.loads(text)
    assert line_of_long_key(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "{} = 1",
        "[{}]",
        "[[ {} ]]",
        "a = {{ b = 1, {} = 2 }}",
        "a = [ {{ b = 1 }}, {{ {} = 2 }} ]",
        "{} ",
    ],
)
def test_a_key_of_too_many_parts_is_found(text: str) -> None:
    before = '# "\nx = """\n\\""""\ny = \'"\' # \'\n'
    assert line_of_long_key(before + text.format(LONG)) == 5
    assert line_of_long_key(before + text.format(MOST)) is None


# A scan that went back, or began again within what it has seen, would take days.
@pytest.mark.parametrize(
    "piece", ['"""\\', "'''\\", '"\\', "'", '"', "a ", "a .", "a. ", " \t", '""']
)
def test_the_scan_takes_time_in_proportion(piece: str) -> None:
    text = piece * (MAX_CONFIG_FILE // len(piece))
    line_of_long_key(text)


@given(st.text("\"'\\.a \n#=", max_size=60))
def test_every_text_has_an_answer(text: str) -> None:
    assert line_of_long_key(text) is None


@given(
    st.lists(st.sampled_from(PARTS), min_size=MAX_KEY_PARTS - 2, max_size=MAX_KEY_PARTS + 2),
    st.sampled_from(["{} = 1", "[{}]", "[[{}]]", "x = {{ {} = 1 }}"]),
)
def test_parts_are_counted_as_toml_counts_them(parts: list[str], form: str) -> None:
    found = line_of_long_key(form.format(".".join(parts)))
    assert found == (1 if len(parts) > MAX_KEY_PARTS else None)


@pytest.mark.parametrize("name", ["mxcheck.toml", "pyproject.toml"])
def test_a_key_of_too_many_parts_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(f"[tool.mxcheck]\n[{'.'.join('a' * 20_000)}]\n")
    with pytest.raises(ConfigError) as refused:
        read_config_file(None, tmp_path)
    assert refused.value.lines == (f"{name}:2: is refused: a key of more than 20 parts",)


@pytest.mark.parametrize("name", ["mxcheck.toml", "pyproject.toml"])
def test_a_file_that_is_too_large_is_refused(name: str, tmp_path: Path) -> None:
    text = "# mxcheck\n[tool.mxcheck]\n" if name == "pyproject.toml" else ""
    (tmp_path / name).write_text(f"{text}#".ljust(MAX_CONFIG_FILE, "x"))
    assert read_config_file(None, tmp_path).name == name
    (tmp_path / name).write_text(f"{text}#".ljust(MAX_CONFIG_FILE + 1, "x"))
    with pytest.raises(ConfigError) as refused:
        read_config_file(None, tmp_path)
    assert refused.value.lines == (f"{name}: is larger than {MAX_CONFIG_FILE} bytes",)


def test_a_large_pyproject_that_does_not_speak_of_mxcheck_is_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("#" * (MAX_CONFIG_FILE + 1))
    assert not read_config_file(None, tmp_path).name


def test_lines_of_deep_tables_take_no_more_than_the_text() -> None:
    nested = f"{MOST} = {{" * 40
    text = f"{nested}a = 1{'}' * 40}\nb = 1\n"
    lines = find_lines(text)
    assert sum(map(len, lines)) < len(text)
    assert line_of(lines, ("b",)) == 2
