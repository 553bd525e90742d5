import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.host_match import matches_host

HOST = "mx1.example.com"
NAMES = st.lists(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True), min_size=2)


@pytest.mark.parametrize(
    "pattern",
    ["mx1.example.com", "MX1.EXAMPLE.COM", "*.example.com", "*.Example.com"],
)
def test_patterns_that_match(pattern: str) -> None:
    assert matches_host(pattern, HOST)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        ".",
        "mx1.example.com.",
        "*.example.com.",
        "*",
        "*.",
        "*.com",
        "*.*.com",
        "example.com",
        "*.mx1.example.com",
        "mx*.example.com",
        "*1.example.com",
        "**.example.com",
        "mx1.*.com",
        "mx1.example.*",
        "mx2.example.com",
        "mx1.example.com.evil.example",
        "mx1.example.com\x00.evil.example",
        "xmx1.example.com",
    ],
)
def test_patterns_that_do_not(pattern: str) -> None:
    assert not matches_host(pattern, HOST)


@pytest.mark.parametrize(
    ("pattern", "host"),
    [("*.example.com", "a.b.example.com"), ("*.example.com", "example.com"), ("*.com", "a.com")],
)
def test_a_wildcard_stands_for_exactly_one_label(pattern: str, host: str) -> None:
    assert not matches_host(pattern, host)


def test_the_host_may_have_a_trailing_dot() -> None:
    assert matches_host("mx1.example.com", "MX1.example.com.")
    assert matches_host("*.example.com", "MX1.example.com.")
    assert not matches_host("mx1.example.com.", "mx1.example.com.")


@given(NAMES)
def test_a_name_matches_itself_alone(labels: list[str]) -> None:
    name = ".".join(labels)
    assert matches_host(name, name)
    assert matches_host(name.upper(), name)
    assert not matches_host(f"x.{name}", name)
    assert not matches_host(name, f"x.{name}")
    assert matches_host(f"*.{name}", f"x.{name}")
    assert not matches_host(f"*.{name}", f"x.y.{name}")
