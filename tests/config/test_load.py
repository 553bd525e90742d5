"""The configuration: what wins over what, and what every fault is called."""

from pathlib import Path

import pytest

from mxcheck.config.flag_texts import unknown_variables
from mxcheck.config.flags import FLAGS, Flags
from mxcheck.model.policy import Expect, FailOn, Level, OnUnknown, Policy, RelayMode, TlsVersion
from mxcheck.probe.settings import PlainResolver, ProbeSettings
from tests.config.configs import domains, load


def test_without_a_word_the_defaults_hold(tmp_path: Path) -> None:
    config = load(tmp_path)
    assert config.policy == Policy()
    assert config.probe == ProbeSettings()
    assert (config.waivers, config.reports, config.ca_pem) == ((), (), b"")


def test_the_whole_file(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        file="""
        [policy]
        min_tls = "1.3"
        min_cert_days = 0
        relay = "off"
        relay_sender = "postmaster@EXAMPLE.org"
        relay_recipient = "a.b+c@iana.net"
        require = []
        levels = { "mx-implicit" = "error" }
        select = ["dns", "open-relay"]
        ignore = ["smtp-slow"]
        fail_on = "warning"
        on_unknown = "pass"
        max_greeting_seconds = 5
        extensions = ["size", "X-Own"]
        expect = "no-mail"
        senders = ["192.0.2.7", "10.0.0.1", "2001:DB8::7", "192.0.2.7"]
        dkim_selectors = ["S1", "mail.2026"]
        blocklists = ["BL.example.net."]
        [probe]
        port = 2525
        connect_timeout = 1
        greeting_timeout = 2.5
        timeout = 3
        deadline = 4
        retries = 0
        concurrency = 5
        max_connections = 6
        max_addresses = 7
        ipv6 = true
        ehlo_name = "[IPv6:2001:db8::1]"
        resolver = ["192.0.2.53", "192.0.2.53:5353", "2001:DB8::53", "[2001:db8::53]:5353"]
        canaries = ["mx.example.net", "192.0.2.1:26", "[::1]:25", "::1"]
        allow_private = true
        [[domain]]
        name = "example.net"
        extensions = []
        """,
    )
    assert config.policy == Policy(
        min_tls=TlsVersion.TLS13,
        min_cert_days=0,
        relay=RelayMode.OFF,
        relay_sender="postmaster@example.org",
        relay_recipient="a.b+c@iana.net",
        levels={"mx-implicit": Level.ERROR},
        select=("dns", "open-relay"),
        ignore=("smtp-slow",),
        fail_on=FailOn.WARNING,
        on_unknown=OnUnknown.PASS,
        max_greeting_seconds=5,
        extensions=("SIZE", "X-OWN"),
        expect=Expect.NO_MAIL,
        senders=("192.0.2.7", "10.0.0.1", "2001:db8::7"),
        dkim_selectors=("s1", "mail.2026"),
        blocklists=("bl.example.net",),
        allow_private=True,
    )
    alternative = 5353
    assert config.probe == ProbeSettings(
        port=2525,
        connect_timeout=1,
        greeting_timeout=2.5,
        timeout=3,
        deadline=4,
        retries=0,
        concurrency=5,
        max_connections=6,
        max_addresses=7,
        families=(6,),
        ehlo_name="[IPv6:2001:db8::1]",
        resolvers=(
            PlainResolver(address="192.0.2.53"),
            PlainResolver(address="192.0.2.53", port=alternative),
            PlainResolver(address="2001:db8::53"),
            PlainResolver(address="2001:db8::53", port=alternative),
        ),
        canaries=(("mx.example.net", 25), ("192.0.2.1", 26), ("::1", 25), ("::1", 25)),
        allow_private=True,
    )
    assert domains(config) == ["example.com", "example.net"]
    assert config.targets[1].policy.extensions == ()


@pytest.mark.parametrize(
    ("flags", "environ", "file", "expected"),
    [
        ({}, {}, "", TlsVersion.TLS12),
        ({}, {}, '[policy]\nmin_tls = "1.0"', TlsVersion.TLS10),
        ({}, {"MXCHECK_MIN_TLS": "1.1"}, '[policy]\nmin_tls = "1.0"', TlsVersion.TLS11),
        ({}, {"MXCHECK_MIN_TLS": " "}, '[policy]\nmin_tls = "1.0"', TlsVersion.TLS10),
        (
            {"min_tls": ("1.3",)},
            {"MXCHECK_MIN_TLS": "1.1"},
            '[policy]\nmin_tls = "1.0"',
            TlsVersion.TLS13,
        ),
    ],
)
def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    flags: Flags, environ: dict[str, str], file: str, expected: TlsVersion, tmp_path: Path
) -> None:
    assert load(tmp_path, flags, environ, file).policy.min_tls is expected


@pytest.mark.parametrize(
    ("flags", "environ", "file", "expected"),
    [
        ({}, {}, "", False),
        ({"no_smtp": ("true",)}, {}, "", True),
        ({}, {"MXCHECK_NO_SMTP": "true"}, "", True),
        ({}, {}, "[policy]\nno_smtp = true", True),
        ({}, {"MXCHECK_NO_SMTP": "false"}, "[policy]\nno_smtp = true", False),
    ],
)
def test_smtp_is_left_out_if_anybody_says_so(
    flags: Flags,
    environ: dict[str, str],
    file: str,
    expected: bool,  # noqa: FBT001 - a table
    tmp_path: Path,
) -> None:
    assert load(tmp_path, flags, environ, file).policy.no_smtp is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (URL := "https://github.com/acme/mxcheck/blob/v1/", URL),
        ("", ""),
        ("javascript:alert(1)//", ""),
        ("https://github.com/a/b/blob/x)![](https://evil.example/", ""),
        ("https://github.com/acme/mxcheck/blob/v1/\n::error::", ""),
    ],
)
def test_where_the_documentation_is(url: str, expected: str, tmp_path: Path) -> None:
    assert load(tmp_path, environ={"DOCS_OF_MXCHECK": url}).docs == expected


DOMAIN_FILE = """
[policy]
min_cert_days = 20
levels = { "smtp-slow" = "off", "mx-implicit" = "error" }
[[domain]]
name = "example.com"
min_cert_days = 30
levels = { "smtp-slow" = "error" }
[[domain]]
name = "example.net"
"""


def test_a_domain_of_the_file_has_its_own_policy(tmp_path: Path) -> None:
    first, second = load(tmp_path, file=DOMAIN_FILE).targets
    assert (first.domain, first.policy.min_cert_days) == ("example.com", 30)
    assert first.policy.levels == {"smtp-slow": Level.ERROR, "mx-implicit": Level.ERROR}
    assert (second.domain, second.policy.min_cert_days) == ("example.net", 20)
    assert second.policy.levels == {"smtp-slow": Level.OFF, "mx-implicit": Level.ERROR}


@pytest.mark.parametrize(
    ("flags", "environ"),
    [({"min_cert_days": ("7",)}, {}), ({}, {"MXCHECK_MIN_CERT_DAYS": "7"})],
)
def test_flag_and_environment_win_over_the_policy_of_a_domain(
    flags: Flags, environ: dict[str, str], tmp_path: Path
) -> None:
    config = load(tmp_path, flags, environ, DOMAIN_FILE)
    assert config.policy.min_cert_days == 7
    assert [target.policy.min_cert_days for target in config.targets] == [7, 7]


@pytest.mark.parametrize(
    ("flags", "environ", "file"),
    [
        ({"min_cert_lifetime": ("25%",)}, {}, ""),
        ({}, {"MXCHECK_MIN_CERT_LIFETIME": "25%"}, ""),
        ({"min_cert_lifetime": ("25%",)}, {}, '[policy]\nmin_cert_lifetime = "50%"'),
        ({}, {}, '[policy]\nmin_cert_lifetime = "25%"'),
    ],
)
def test_a_share_of_the_lifetime(
    flags: Flags, environ: dict[str, str], file: str, tmp_path: Path
) -> None:
    config = load(tmp_path, {**flags, "domains": ("example.com",)}, environ, file)
    assert config.policy.min_cert_lifetime == 25
    assert config.policy.min_cert_days is None


def test_levels_are_merged_rule_by_rule(tmp_path: Path) -> None:
    flags = {"levels": ("open-relay=off", "mx-implicit=off")}
    environ = {"MXCHECK_LEVEL": "open-relay=warning\n\nmx-null=off\n"}
    config = load(tmp_path, flags, environ, DOMAIN_FILE)
    assert config.targets[0].policy.levels == {
        "smtp-slow": Level.ERROR,
        "mx-implicit": Level.OFF,
        "open-relay": Level.OFF,
        "mx-null": Level.OFF,
    }


def test_lists_are_split_at_commas_and_lines(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        {"select": ("dns, open-relay", "smtp")},
        {"MXCHECK_SELECT": "tls", "MXCHECK_IGNORE": "mx-null,mx-implicit\nsmtp-slow"},
    )
    assert config.policy.select == ("dns", "open-relay", "smtp")
    assert config.policy.ignore == ("mx-null", "mx-implicit", "smtp-slow")


def test_an_empty_variable_and_an_empty_list_in_the_file_select_everything(tmp_path: Path) -> None:
    environ = {"MXCHECK_SELECT": " \n", "MXCHECK_IGNORE": ""}
    assert load(tmp_path, environ=environ, file="[policy]\nselect = []").policy == Policy()


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        (
            "MXCHECK_MIN_TSL",
            'MXCHECK_MIN_TSL is not the variable of any flag; did you mean "MXCHECK_MIN_TLS"?',
        ),
        (
            "MXCHECK_\x1b~~~~~~~~~~~~",
            '"MXCHECK_\\u001b~~~~~~~~~~~~" is not the variable of any flag',
        ),
    ],
)
def test_a_variable_that_stands_for_no_flag_is_named(name: str, warning: str) -> None:
    environ = {"MXCHECK_DOMAINS": "", "MXCHECKED": "1", name: "1", "PATH": ""}
    assert unknown_variables(environ) == (warning,)


def test_every_flag_has_a_variable_of_its_own() -> None:
    assert len({flag.variable for flag in FLAGS}) == len(FLAGS)
    assert {flag.variable for flag in FLAGS} >= {"MXCHECK_IPV4", "MXCHECK_CANARY", "MXCHECK_LEVEL"}


class TestProbe:
    def test_the_last_to_speak_chooses_the_ip_version(self, tmp_path: Path) -> None:
        config = load(tmp_path, {"ipv4": ("true",)}, {"MXCHECK_IPV6": "1"}, "[probe]\nipv6 = true")
        assert config.probe.families == (4,)

    @pytest.mark.parametrize("text", ["none", " none "])
    def test_no_canaries(self, text: str, tmp_path: Path) -> None:
        assert load(tmp_path, {"canaries": (text,)}).probe.canaries == ()
        assert load(tmp_path, environ={"MXCHECK_CANARY": text}).probe.canaries == ()

    def test_an_empty_list_of_canaries_turns_them_off_too(self, tmp_path: Path) -> None:
        assert load(tmp_path, file="[probe]\ncanaries = []").probe.canaries == ()

    def test_allow_private_reaches_probe_and_policy(self, tmp_path: Path) -> None:
        config = load(tmp_path, {"allow_private": ("false",)}, file="[probe]\nallow_private = true")
        assert not config.probe.allow_private
        config = load(tmp_path, {"allow_private": ("true",)})
        assert config.probe.allow_private
        assert config.policy.allow_private
        assert config.targets[0].policy.allow_private


@pytest.mark.parametrize("mode", RelayMode)
def test_how_far_the_relay_test_goes(tmp_path: Path, mode: RelayMode) -> None:
    for config in (
        load(tmp_path, {"relay": (mode.value,)}),
        load(tmp_path, environ={"MXCHECK_RELAY": mode.value}),
        load(tmp_path, file=f'[policy]\nrelay = "{mode.value}"\n'),
    ):
        assert config.policy.relay is mode
