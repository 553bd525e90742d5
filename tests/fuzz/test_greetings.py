"""Greetings and EHLO: names, versions and extensions, as RFC 5321 4.1.1.1 and 4.3.1 write them."""

from hypothesis import assume, example, given
from hypothesis import strategies as st

from mxcheck.evidence.smtp import Reply
from mxcheck.wire.banner import is_full_host_name, parse_banner_host, parse_version
from mxcheck.wire.ehlo import parse_ehlo
from mxcheck.wire.software import Software

WORDS = st.text("aA1.-_(<[/ ]>)v:é\0", max_size=40) | st.text(max_size=40)
LINES = st.lists(WORDS, min_size=1, max_size=5)
KEYWORDS = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,9}", fullmatch=True)
PARAMETERS = st.lists(st.text("aAzZ09=+/-", min_size=1, max_size=6), max_size=3).map(" ".join)
LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
IN_NAMES = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")
NOT_PUBLIC = {"corp", "home", "internal", "invalid", "lan", "local", "localdomain", "localhost"}


@given(st.dictionaries(KEYWORDS, PARAMETERS, max_size=5), st.data())
def test_extensions_are_read_as_they_were_written(
    extensions: dict[str, str], data: st.DataObject
) -> None:
    lines = ["mx1.example.com greets you"]
    for keyword, parameters in extensions.items():
        spelt = data.draw(st.sampled_from([keyword, keyword.lower(), keyword.title()]))
        between = data.draw(st.sampled_from([" ", "="]))  # "=" as before RFC 2554
        lines.append(f"{spelt}{between if parameters else ''}{parameters}")
    again = [f"{keyword} AGAIN" for keyword in extensions]
    assert parse_ehlo(Reply(code=250, lines=(*lines, *again))) == extensions


@given(LINES)
def test_no_extension_is_offered_that_begins_no_line(lines: list[str]) -> None:
    offered = parse_ehlo(Reply(code=250, lines=tuple(lines)))
    said = [line.strip().upper() for line in lines[1:]]
    assert all(any(line.startswith(keyword) for line in said) for keyword in offered)
    assert "" not in offered


@given(st.lists(LABELS, min_size=1, max_size=5).map(".".join), st.sampled_from(["", ".", " x"]))
def test_the_name_in_a_greeting_is_the_one_that_was_written(name: str, end: str) -> None:
    greeting = Reply(code=220, lines=(f"{name.upper()}{end}", "or so"))
    assert parse_banner_host(greeting) == f"{name}{end}".removesuffix(" x")


@given(LINES)
def test_what_no_name_begins_with_is_no_name(lines: list[str]) -> None:
    name = parse_banner_host(Reply(code=220, lines=tuple(lines)))
    if name is not None:
        assert set(name) <= IN_NAMES
        assert "".join(lines).lower().startswith(name)


def fits_into_public_dns(name: str) -> bool:
    """RFC 1035 2.3.4 and RFC 1123 2.1, label by label."""
    *above, top = name.split(".")
    return (
        bool(above)
        and len(name) <= 253
        and not top.isdigit()
        and top not in NOT_PUBLIC
        and all(
            1 <= len(label) <= 63
            and set(label) <= IN_NAMES - {"_", "."}
            and label[0] != "-"
            and label[-1] != "-"
            for label in [*above, top]
        )
    )


TOPS = st.sampled_from(["com", "lan", "localhost", "1", "c", "-", "xn--p1ai"])


@given(
    st.lists(LABELS | st.text("ab-1_", max_size=4) | st.just("a" * 63), max_size=3),
    st.sampled_from([1, 1, 1, 1, 16]),
    TOPS,
)
@example(["a" * 64], 1, "com")
@example(["a"], 1, "1")
@example(["a" * 63], 4, "com")
def test_a_full_host_name_is_one_that_the_public_dns_can_hold(
    labels: list[str], times: int, top: str
) -> None:
    name = ".".join([*labels * times, top])
    assert is_full_host_name(name) == fits_into_public_dns(name)
    assert is_full_host_name(f"{name}.") == fits_into_public_dns(name)


@given(LINES)
def test_a_version_is_words_of_the_greeting(lines: list[str]) -> None:
    version = parse_version(Reply(code=220, lines=tuple(lines)))
    if version is not None:
        assert any(character.isdigit() for character in version)
        assert version == version.strip()
        said = "".join(lines).translate(str.maketrans("([])", "    ")).split()
        assert set("".join(version.split())) <= set("".join(said))


@given(st.sampled_from(Software), st.integers(0, 40), st.integers(0, 99), st.booleans())
def test_the_version_of_a_known_server_is_found(
    software: str,
    major: int,
    minor: int,
    bracketed: bool,  # noqa: FBT001
) -> None:
    assume(software.replace(" ", "").isalnum())
    number = f"{major}.{minor}"
    shown = f"({number})" if bracketed else number
    version = parse_version(Reply(code=220, lines=(f"mx1.example.com ESMTP {software} {shown}",)))
    assert version is not None
    assert version.endswith(number)
    assert parse_version(Reply(code=220, lines=(f"mx1.example.com ESMTP {software}",))) is None
