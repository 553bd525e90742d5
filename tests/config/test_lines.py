"""The line of every key of a TOML text."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.config.lines import Path, find_lines, line_of

TEXT = '''\
# [not.a.table]
top = 1
[policy]   # a comment with = and "quotes"
min_tls = "1.2"
select = [
  "a", # , "no"
  """
two lines""", 'c'
]
levels = { "mx-null" = "off", b.c = [1,
  { d = 2 }] }
"quoted \\u0041" . 'dotted' = 1979-05-27 07:32:00
[policy.extra]
x = \'\'\'
y = 1
\'\'\'
z = 1.5

[[domain]]
name = "a"
[[domain]]

name = "b"
[domain.levels]
k = "v"
[[domain.deep]]
[[domain.deep]]
[ tool . mxcheck ]
'''

LINES: list[tuple[Path, int]] = [
    (("top",), 2),
    (("policy",), 3),
    (("policy", "min_tls"), 4),
    (("policy", "select"), 5),
    (("policy", "select", 0), 6),
    (("policy", "select", 1), 7),
    (("policy", "select", 2), 8),
    (("policy", "levels"), 10),
    (("policy", "levels", "mx-null"), 10),
    (("policy", "levels", "b", "c", 0), 10),
    (("policy", "levels", "b", "c", 1, "d"), 11),
    (("policy", "quoted A", "dotted"), 12),
    (("policy", "extra"), 13),
    (("policy", "extra", "x"), 14),
    (("policy", "extra", "z"), 17),
    (("domain",), 19),
    (("domain", 0), 19),
    (("domain", 0, "name"), 20),
    (("domain", 1), 21),
    (("domain", 1, "name"), 23),
    (("domain", 1, "levels"), 24),
    (("domain", 1, "levels", "k"), 25),
    (("domain", 1, "deep", 1), 27),
    (("tool", "mxcheck"), 28),
]


@pytest.mark.parametrize(("path", "line"), LINES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line(path: Path, line: int, newline: str) -> None:
    text = TEXT.replace("\n", newline)
    tomllib.loads(text)
    assert find_lines(text)[path] == line


def test_a_path_without_a_line_has_that_of_the_table_around_it() -> None:
    lines = find_lines(TEXT)
    assert line_of(lines, ("policy", "extra", "missing")) == 13
    assert line_of(lines, ("missing", "too")) == 1


_KEYS = st.sampled_from(["a", "b-c", '"q r"', "'l'", "1"])
_SCALARS = st.sampled_from(
    [
        "1",
        "1.5",
        "true",
        '"x"',
        "'#'",
        '"""\n["""',
        "'''\n\n}'''",
        "2026-12-31",
        '"\\""',
        '""""a"""',
    ]
)


def _inline(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arrays = st.lists(values, max_size=3).map(lambda items: "[\n" + ", # c\n".join(items) + "\n]")
    pairs = st.dictionaries(_KEYS, values, max_size=3)
    tables = pairs.map(lambda d: "{" + ", ".join(f"{k} = {v}" for k, v in d.items()) + "}")
    return arrays | tables


_VALUES = st.recursive(_SCALARS, _inline, max_leaves=8)
_BLOCKS = st.tuples(
    st.sampled_from(["[[t]]", "[[t.u]]", "# comment", ""]),
    st.dictionaries(_KEYS, _VALUES, max_size=3),
)


def _paths(value: object) -> set[Path]:
    items: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    below = {(key, *path) for key, item in items for path in _paths(item)}
    return below | {(key,) for key, _item in items}


@given(st.lists(_BLOCKS, max_size=5))
def test_every_key_has_a_line_and_no_other_path_has(
    blocks: list[tuple[str, dict[str, str]]],
) -> None:
    text = "".join(
        header + "\n" + "".join(f"{key} = {value}\n" for key, value in pairs.items())
        for header, pairs in blocks
    )
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = find_lines(text)
    assert set(lines) == _paths(document)
    assert all(1 <= line <= text.count("\n") for line in lines.values())
