"""No message shows what is in front of the host of a URL: it may be a password."""

from pathlib import Path

import pytest

from mxcheck.config.resolver import parse_resolver
from mxcheck.model.quoting import mask_environment, mask_userinfo, quote
from tests.config.configs import refusal

HIDDEN = "s3cret"
URL = f"https://user:{HIDDEN}@dns.example.com/dns-query"
LONG = f"https://user:{HIDDEN * 40}@dns.example.com/dns-query"
ODD = f'https://user:{HIDDEN}/@"{HIDDEN}\\@dns.example.com/dns-query'


@pytest.mark.parametrize("url", [URL, LONG, ODD])
@pytest.mark.parametrize(
    "key",
    [
        "resolver",
        "domains",
        "config",
        "domains_file",
        "ca_file",
        "canaries",
        "connect_to",
        "mx",
        "zone_file",
        "cert_file",
        "mta_sts_policy",
        "ehlo_name",
        "relay_sender",
        "select",
        "min_tls",
        "port",
    ],
)
def test_a_flag_that_is_refused(key: str, url: str, tmp_path: Path) -> None:
    lines = refusal(tmp_path, {key: (url,)})
    assert lines
    assert "***@" in " ".join(lines)
    assert HIDDEN not in " ".join(lines)


def test_a_variable_and_a_file_that_are_refused(tmp_path: Path) -> None:
    file = f'[probe]\nresolver = ["{URL}"]\n[[domain]]\nname = "{URL}"\n'
    (tmp_path / "names").write_text(f"{URL}\n")
    lines = refusal(tmp_path, {"domains_file": ("names",)}, {"MXCHECK_RESOLVER": URL}, file)
    locations = [line.partition(": ")[0] for line in lines]
    assert sorted(locations) == ["MXCHECK_RESOLVER", "mxcheck.toml:2", "mxcheck.toml:4", "names:1"]
    assert HIDDEN not in " ".join(lines)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (URL, "https://***@dns.example.com/dns-query"),
        ("see tls://a:b@h and c@d", "see tls://***@h and c@d"),
        ("user:s3cret@192.0.2.53", "***@192.0.2.53"),
        ("mxcheck.toml:2: 'user:s3cret@192.0.2.53' is", "mxcheck.toml:2: '***@192.0.2.53' is"),
        ('see "http://h/dns-query?key=s3cret", then', 'see "http://h/dns-query?…", then'),
        ("tls://h?s3cret", "tls://h?…"),
        ("192.0.2.53?token=s3cret", "192.0.2.53?…"),
        ("https://a:b@h/x?key=a?b=c", "https://***@h/x?…"),
        ("do you mean it? https://h/? yes", "do you mean it? https://h/? yes"),
        ("a?b", "a?b"),
        ("postmaster@example.com", "postmaster@example.com"),
        ("https://example.com/", "https://example.com/"),
    ],
)
def test_what_is_masked_and_what_is_not(text: str, masked: str) -> None:
    assert mask_userinfo(text) == masked


@pytest.mark.parametrize(
    "name", ["GITHUB_TOKEN", "CI_JOB_JWT", "SMTP_PASSWORD", "AWS_SECRET_ACCESS_KEY", "npm_auth"]
)
def test_the_values_of_secret_variables_are_masked(name: str) -> None:
    environ = {name: HIDDEN, "CI_TOKEN": f"{HIDDEN}-and-more", "GIT_AUTHOR_NAME": "Somebody"}
    said = f"{HIDDEN}, by Somebody: {HIDDEN}-and-more"
    assert mask_environment(said, environ) == "***, by Somebody: ***"
    assert mask_environment("true", {name: "true"}) == "true"


@pytest.mark.timeout(10)
def test_a_long_text_is_masked_in_no_time() -> None:
    assert mask_userinfo("://" * 300_000) == "://" * 300_000
    assert len(quote("://" * 300_000)) == 80


def test_what_is_quoted_is_masked_before_it_is_cut() -> None:
    assert quote(LONG) == '"https://***@dns.example.com/dns-query"'


def test_the_query_of_a_resolver_is_asked_and_not_shown() -> None:
    resolver = parse_resolver(f"https://dns.example.com/dns-query?key={HIDDEN}")
    assert str(resolver) == "https://dns.example.com/dns-query?…"
