"""What is refused, and what every fault is called."""

import shutil
from pathlib import Path

import pytest

from mxcheck.config.flags import DOMAINS, FLAGS, Flag, Flags
from mxcheck.rules import REQUIREMENTS
from tests.config.configs import domains, load, refusal

BAD_FILES = sorted((Path(__file__).parent / "testdata").glob("*.toml"))
EXPECT = "# expect: "


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.stem)
def test_a_bad_file_is_refused_with_its_lines(path: Path, tmp_path: Path) -> None:
    shutil.copy(path, tmp_path / "mxcheck.toml")
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix(EXPECT) for line in lines if line.startswith(EXPECT)]
    assert expected
    assert list(refusal(tmp_path, {"domains": ()})) == expected


@pytest.mark.parametrize(
    ("flags", "environ", "line"),
    [
        (
            {"min_tls": ("1.25",)},
            {},
            '--min-tls: "1.25" is not one of 1.0, 1.1, 1.2, 1.3; did you mean "1.2"?',
        ),
        (
            {"min_cert_lifetime": ("25",)},
            {},
            '--min-cert-lifetime: "25" is not a share from 0% to 100%, like "25%"',
        ),
        ({}, {"MXCHECK_RETRIES": "many"}, 'MXCHECK_RETRIES: "many" is not a whole number'),
        ({"timeout": ("nan",)}, {}, "--timeout: nan is not a finite number"),
        ({"port": ("25.5",)}, {}, "--port: 25.5 is not a whole number"),
        (
            {"levels": ("mx-null",)},
            {},
            '--level: "mx-null" is not ID=LEVEL: the id of a rule, then error, warning or off',
        ),
        (
            {"levels": ("mx-nul=off",)},
            {},
            '--level: "mx-nul" is not a rule; did you mean "mx-null"?',
        ),
        ({"select": (" , ",)}, {"MXCHECK_SELECT": "dns"}, "--select: names no rule or family"),
        ({}, {"MXCHECK_SELECT": ","}, "MXCHECK_SELECT: names no rule or family"),
        (
            {"require": ("spam",)},
            {},
            f'--require: "spam" is not one of {", ".join(REQUIREMENTS)}',
        ),
        (
            {"resolver": ("tls://dns.example.com",)},
            {},
            (
                '--resolver: "tls://dns.example.com" is not a resolver such as tls://192.0.2.53 or '
                "tls://192.0.2.53:853#dns.example.com"
            ),
        ),
        (
            {"ipv4": ("true",), "ipv6": ("true",)},
            {},
            "-6: excludes ipv4 (-4): each means that IP version alone",
        ),
        ({}, {"MXCHECK_IPV4": "maybe"}, 'MXCHECK_IPV4: "maybe" is not true or false'),
        ({"color": ("red",)}, {}, '--color: "red" is not one of auto, always, never'),
        ({"quiet": ("true",), "verbose": ("true",)}, {}, "--quiet: excludes --verbose"),
        ({"domains": ("x",)}, {}, "DOMAIN: 'x' is not a full domain name, such as example.com"),
        (
            {"domains": ("iana.org",)},
            {},
            (
                'policy.relay_recipient: "postmaster@iana.org" is at the tested domain iana.org; '
                "it must be outside it"
            ),
        ),
        ({"json": ("-",), "junit_xml": ("-",)}, {}, '--json: "-" is where --junit-xml goes'),
        ({"json": ("x",)}, {"MXCHECK_JUNIT_XML": "./x"}, '--json: "x" is where --junit-xml goes'),
        ({}, {"MXCHECK_JSON": "/"}, 'MXCHECK_JSON: "/" is a folder'),
        ({"config": ("no.toml",)}, {}, "no.toml: cannot be read: No such file or directory"),
        ({}, {"MXCHECK_CONFIG": "no.toml"}, "no.toml: cannot be read: No such file or directory"),
        ({"domains_file": ("no",)}, {}, "no: cannot be read: No such file or directory"),
        ({"ca_file": ("no",)}, {}, '--ca-file: "no" cannot be read: No such file or directory'),
    ],
)
def test_a_bad_flag_or_variable_is_named(
    flags: Flags, environ: dict[str, str], line: str, tmp_path: Path
) -> None:
    assert refusal(tmp_path, flags, environ) == (line,)


REPEATABLE = [flag for flag in (DOMAINS, *FLAGS) if flag.kind.repeatable]


@pytest.mark.parametrize("value", ["", "   "])
@pytest.mark.parametrize("flag", REPEATABLE, ids=lambda flag: flag.key)
def test_an_empty_value_on_the_command_line_is_a_variable_that_was_not_set(
    flag: Flag, value: str, tmp_path: Path
) -> None:
    """Passed over, it would let the live domain be judged, or empty a list of the file."""
    wanted = f"{flag.shown}: is empty: is the variable set? Leave it out where nothing is meant"
    assert refusal(tmp_path, {flag.key: (value,)}) == (wanted,)
    assert refusal(tmp_path, {flag.key: ("a.example", value)}) == (wanted,)


@pytest.mark.parametrize("flag", REPEATABLE, ids=lambda flag: flag.key)
def test_an_empty_variable_gives_nothing(flag: Flag, tmp_path: Path) -> None:
    """The Action and the GitLab component hand over every input, also one that was left empty."""
    for value in ("", "  ", "\n \n"):
        assert load(tmp_path, environ={flag.variable: value}) == load(tmp_path)


def test_an_empty_line_of_a_variable_is_passed_over(tmp_path: Path) -> None:
    given = {"MXCHECK_MX": "\n a.example=10 mx \n  \n\nb.example=10 mx\n"}
    named = load(tmp_path, environ=given).probe.overrides.named
    assert [one.given for one in named] == ["a.example=10 mx", "b.example=10 mx"]
    names = load(tmp_path, {"domains": ()}, {"MXCHECK_DOMAINS": "a.example\n\n \nb.example"})
    assert domains(names) == ["a.example", "b.example"]


def test_an_empty_part_of_a_list_is_passed_over(tmp_path: Path) -> None:
    assert load(tmp_path, {"ignore": ("dane,, dns,",)}).policy.ignore == ("dane", "dns")


def test_all_faults_of_all_sources_are_reported_at_once(tmp_path: Path) -> None:
    lines = refusal(
        tmp_path,
        {"min_tls": ("2",), "domains": ("x",), "domains_file": ("-",)},
        {"MXCHECK_PORT": "0"},
        "[probe]\nport = 0\nports = 1\n",
        "example.net # fine\n\nbad~name\n",
    )
    locations = [line.partition(": ")[0] for line in lines]
    assert sorted(locations) == sorted(
        ["mxcheck.toml:2", "mxcheck.toml:3", "MXCHECK_PORT", "--min-tls", "DOMAIN", "stdin:3"]
    )


def test_text_that_is_not_utf_8_is_refused_by_line(tmp_path: Path) -> None:
    (tmp_path / "names").write_bytes(b"a.example.com\n\xff\n")
    assert refusal(tmp_path, {"domains_file": ("names",)}) == ("names:2: is not UTF-8 text",)
    (tmp_path / "mxcheck.toml").write_bytes(b"# \xff")
    assert refusal(tmp_path) == ("mxcheck.toml:1: is not UTF-8 text",)


def test_a_file_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    lines = refusal(tmp_path, file=f"a = {'[' * 9000}{']' * 9000}")
    assert [line.partition(" ")[0] for line in lines] == ["mxcheck.toml:1:"]
