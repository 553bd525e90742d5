import pytest

from mxcheck.report.layout import EMPTY, Block, Paragraph, Row, Span, lay_out, plain


def lines(block: Block, width: int) -> list[str]:
    return "".join(plain(lay_out([block], width))).splitlines()


def test_a_paragraph_is_wrapped_behind_its_lead() -> None:
    assert lines(Paragraph("one two three four", "→ "), 12) == ["→ one two", "  three four"]
    assert lines(Paragraph("one two three four", "", hang="    "), 12) == [
        "one two",
        "    three",
        "    four",
    ]


def test_a_word_is_never_cut() -> None:
    name = "mx1.a-long-name.example.com"
    assert lines(Paragraph(f"at {name} now", "  "), 10) == ["  at", f"  {name}", "  now"]


def row(*parts: str) -> Row:
    return Row(lead=(Span("MX 10  "),), parts=tuple(map(Span, parts)), hang="       ")


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (40, ["MX 10  one · two · three"]),
        (24, ["MX 10  one · two · three"]),
        (23, ["MX 10  one · two", "       three"]),
        (15, ["MX 10  one", "       two", "       three"]),
        (1, ["MX 10  one", "       two", "       three"]),
    ],
)
def test_a_row_is_broken_between_its_parts(width: int, shown: list[str]) -> None:
    assert lines(row("one", "two", "three"), width) == shown


def test_a_part_that_is_too_long_for_any_line_is_wrapped() -> None:
    assert lines(row("one", "two two two two", "x"), 18) == [
        *("MX 10  one", "       two two two", "       two · x"),
    ]
    assert lines(Row(parts=(Span("one two"), Span("three"))), 5) == ["one", "two", "three"]


def test_the_first_part_goes_below_a_lead_that_is_too_long() -> None:
    titled = Row(lead=(Span("FAIL  example.com  "),), parts=(Span("DNSSEC"),), hang="      ")
    assert lines(titled, 20) == ["FAIL  example.com", "      DNSSEC"]


def test_a_row_without_parts_is_its_lead() -> None:
    assert lines(row(), 80) == ["MX 10"]
    assert lines(EMPTY, 80) == [""]
