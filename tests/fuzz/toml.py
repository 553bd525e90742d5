"""TOML texts in all their shapes, in which every whole number is another one."""

from itertools import count

from hypothesis import strategies as st

FIRST_NUMBER = 1_000_000
BLANKS = st.sampled_from(["", " ", "\t", "  "])
KEYS = st.sampled_from(["a", "b-c", "1", '"q r"', '"x.y"', "'l'", '"\\u00e9"', '""', "'#'"])
DOTTED = st.tuples(KEYS, st.sampled_from([" . ", ".", "."]), KEYS).map("".join)
STRINGS = st.sampled_from(
    [
        *('"x"', "''", '"#"', "'\"'", '"\\""', '"a = [1"', "'[t]'", '"\\\\"', '"é]"', '"\\u0041"'),
        *('"""\n["""', '""""a"""', '"""a""""', '"""a"""""', '""""""', '"""\\\n  b = 1"""'),
        *("'''\n\n}'''", "'''a''''", "''''''", "'''\n[[t]]\nb = 2\n'''"),
        *("1.5", "1e5", "+inf", "nan", "true", "0x1F", "1_0", "2026-12-31", "07:32:00"),
        *("2026-12-31 07:32:00", "2026-12-31T07:32:00.5-07:00"),
    ]
)
COMMENTS = st.sampled_from(["", "", " # c", "# ]} = [t]", '# """', "#'"])


@st.composite
def _values(draw: st.DrawFn, numbers: "count[int]", depth: int) -> str:
    kind = draw(st.integers(0, 5 if depth else 3))
    if kind < 3:
        return str(next(numbers))
    if kind == 3:
        return draw(STRINGS)
    below = [draw(_values(numbers, depth - 1)) for _ in range(draw(st.integers(0, 3)))]
    if kind == 4:
        end = draw(COMMENTS) + "\n"
        return "[" + end + "".join(f" {one} ,{end}" for one in below) + "]"
    pairs = (f"{draw(KEYS | DOTTED)}{draw(BLANKS)}= {one}" for one in below)
    return "{" + " , ".join(pairs) + "}"


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A text; often TOML, and where a key stands twice not."""
    numbers, lines = count(FIRST_NUMBER), []
    for _ in range(draw(st.integers(0, 5))):
        name = draw(KEYS | DOTTED)
        header = draw(
            st.sampled_from([f"[{name}]", f"[ {name} ]", f"[[{name}]]", f"[[ {name}]]", ""])
        )
        lines.append(f"{draw(BLANKS)}{header}{draw(COMMENTS)}")
        for _ in range(draw(st.integers(0, 3))):
            value = draw(_values(numbers, 3))
            key = f"{draw(BLANKS)}{draw(KEYS | DOTTED)}{draw(BLANKS)}"
            lines.append(f"{key}={draw(BLANKS)}{value}{draw(BLANKS)}{draw(COMMENTS)}")
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)
