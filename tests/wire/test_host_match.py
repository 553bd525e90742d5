from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.host_match import matches_host, why_no_match
from tests import openssl
from tests.odd_certificates import certified

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


@pytest.mark.parametrize("pattern", ["m\N{KELVIN SIGN}1.example.com", "*.example.\N{KELVIN SIGN}e"])
def test_a_letter_that_is_not_ascii_is_no_letter_of_a_host(pattern: str) -> None:
    for host in ("mk1.example.com", "mx1.example.ke"):
        assert not matches_host(pattern, host)
        assert not openssl.is_for_host(certified(pattern.encode()), host)


@pytest.mark.parametrize(
    ("pattern", "host"),
    [("*.example.com", "a.b.example.com"), ("*.example.com", "example.com"), ("*.com", "a.com")],
)
def test_a_wildcard_matches_exactly_one_label(pattern: str, host: str) -> None:
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


PATTERNS = (
    *("example.com", "www.example.com", "*.example.com", "*www.example.com", "www*.example.com"),
    *("w*w.example.com", "**.example.com", "*.*.com", "www.*.com", "*.com", "*", "*.", ".*", "*.a"),
    *("*.www.example.com", "*.*.example.com", "*example.com", "*.example.com.", "example.com."),
    *("xn--rger-koa.example.com", "*.xn--rger-koa.example.com", "xn--*.example.com"),
    *("*xn--rger-koa.example.com", "xn--rger-koa*.example.com", "*.xn--*.com", "*-.example.com"),
    *("*.-example.com", "*.example-.com", "*.exa_mple.com", "*._tcp.example.com", "*..com"),
    *("*.example..com", "_mx.example.com", "mx_1.example.com", "-mx.example.com", "*.ex ample.com"),
    *("MX1.EXAMPLE.COM", "*.EXAMPLE.COM", "mx1.example.com\0.b", "*.example.com\0", "*.192.0.2"),
    *("", ".", "a.b", "*.b.c", "*.127.0.0.1", "localhost", "*.localhost", "*.example.com:25"),
)
HOSTS = (
    *("example.com", "www.example.com", "mx1.example.com", "a.www.example.com", "test.www.com"),
    *("mx_1.example.com", "_mx.example.com", "_.example.com", "-mx.example.com", "mx-.example.com"),
    *("xn--rger-koa.example.com", "a.xn--rger-koa.example.com", "www.xn--rger-koa.com", "b", "a.b"),
    *("a.b.c", "com", "*.example.com", "*.com", "*", "MX1.Example.COM", "a.exa_mple.com"),
    *(
        "_25._tcp.example.com",
        "1.192.0.2",
        "localhost",
        "a.localhost",
        "www.example.com.b",
        "a..com",
    ),
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_name_is_for_the_hosts_that_openssl_says(pattern: str) -> None:
    certificate = certified(pattern.encode())
    for host in HOSTS:
        assert matches_host(pattern, host) is openssl.is_for_host(certificate, host), host


LETTERS = st.text("*aA1-_.xn", min_size=1, max_size=9)


@given(LETTERS, LETTERS)
def test_any_name_is_for_the_hosts_that_openssl_says(pattern: str, host: str) -> None:
    if host.startswith(".") or host.endswith("."):  # no MX host, and a suffix to OpenSSL
        return
    for one in (pattern, f"*.{host.partition('.')[2]}", pattern.upper()):
        theirs = openssl.is_for_host(certified(one.encode()), host)
        assert matches_host(one, host) is theirs


@pytest.mark.parametrize(
    ("pattern", "host", "why"),
    [
        ("*.example.com", "mx_1.example.com", "letters, digits and hyphens alone"),
        ("mx*.example.com", "mx1.example.com", "the whole leftmost label"),
        ("*x1.example.com", "mx1.example.com.", "the whole leftmost label"),
        ("*.com", "example.com", "two labels behind it"),
        ("*.example.com", "mx1.example.com", ""),
        ("*.example.com", "mx1.example.net", ""),
        ("*.example.com", "a.mx1.example.com", ""),
        ("mx2.example.com", "mx1.example.com", ""),
    ],
)
def test_why_a_wildcard_that_looks_right_does_not_match(pattern: str, host: str, why: str) -> None:
    answer = why_no_match(pattern, host)
    assert why in answer
    assert bool(answer) is bool(why)


def test_every_wildcard_that_looks_right_and_does_not_match_is_explained() -> None:
    for pattern, host in product(PATTERNS, HOSTS):
        assert not (matches_host(pattern, host) and why_no_match(pattern, host))
