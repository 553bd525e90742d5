"""Where the parts of a configuration come from, and where the outcome goes."""

import datetime as dt
from pathlib import Path

import pytest

from mxcheck.config.flags import Flags
from mxcheck.config.output import ReportRequest, load_screen
from mxcheck.demo.certificates import Authority
from mxcheck.model.policy import Policy, TlsVersion
from tests.config.configs import domains, load, refusal


def test_domains_come_from_everywhere_in_order_and_once(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_bytes(
        b"\xef\xbb\xbf# more\r\nb.example.com # b\r\n\r\nc.example.com"
    )
    config = load(
        tmp_path,
        {"domains": ("B.example.com.", "a.example.com"), "domains_file": ("more.txt",)},
        {"MXCHECK_DOMAINS": "ignored.example.com"},
        '[[domain]]\nname = "d.example.com"\n[[domain]]\nname = "a.example.com"',
    )
    assert domains(config) == [f"{name}.example.com" for name in "bacd"]


def test_domains_from_the_environment_and_stdin(tmp_path: Path) -> None:
    flags = {"domains": (), "domains_file": ("-",)}
    environ = {"MXCHECK_DOMAINS": "a.example.com\nb.example.com\n"}
    config = load(tmp_path, flags, environ, stdin="c.example.com\n#d.example.com\n")
    assert domains(config) == [f"{name}.example.com" for name in "abc"]


SEPARATED = "a.example.com,b.example.com, c.example.com\td.example.com\ne.example.com,\n"


def test_domains_are_separated_by_commas_spaces_or_lines_everywhere(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text(SEPARATED)
    everywhere: list[tuple[Flags, dict[str, str], str]] = [
        ({"domains": (SEPARATED,)}, {}, ""),
        (
            {
                "domains": (
                    "a.example.com",
                    "b.example.com,c.example.com",
                    "d.example.com,e.example.com",
                )
            },
            {},
            "",
        ),
        ({"domains": ()}, {"MXCHECK_DOMAINS": SEPARATED}, ""),
        ({"domains": (), "domains_file": ("more.txt",)}, {}, ""),
        ({"domains": (), "domains_file": ("-",)}, {}, SEPARATED),
    ]
    for flags, environ, stdin in everywhere:
        config = load(tmp_path, flags, environ, stdin=stdin)
        assert domains(config) == [f"{name}.example.com" for name in "abcde"]


def test_a_bad_domain_in_a_list_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("a.example.com\nb.example.com, c.example.com:25 # d\n")
    flags: Flags = {
        "domains": ("x.example.com,*.example.com", " , "),
        "domains_file": ("more.txt",),
    }
    assert refusal(tmp_path, flags) == (
        "DOMAIN: '*.example.com' is a wildcard: give each domain by its name, such as example.com",
        "more.txt:2: has a port (--port is the flag for one): give the domain alone",
    )
    assert refusal(tmp_path, {"domains": (",",)}) == ("DOMAIN: names no domain",)


def test_a_url_is_not_taken_apart(tmp_path: Path) -> None:
    for text in ("https://user:s3,cret x@example.com", "user:s3 cret,s3cret@example.com"):
        [line] = refusal(tmp_path, {"domains": (text,)})
        assert "***@example.com" in line
        assert "cret" not in line


def test_a_name_beyond_ascii_is_the_same_in_both_forms(tmp_path: Path) -> None:
    file = '[[domain]]\nname = "bücher.example"\nmin_cert_days = 3'
    config = load(tmp_path, {"domains": ("xn--bcher-kva.example",)}, file=file)
    assert domains(config) == ["xn--bcher-kva.example"]
    assert config.targets[0].policy.min_cert_days == 3


def test_nothing_to_check(tmp_path: Path) -> None:
    [line] = refusal(tmp_path, {"domains": ()}, file="[policy]\nmin_cert_days = 3")
    assert line.startswith("nothing to check: name a domain")


class TestDiscovery:
    PYPROJECT = '[project]\nname = "x"\n[tool.mxcheck.policy]\nmin_tls = "1.3"\n'

    def test_pyproject(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text(self.PYPROJECT)
        assert load(tmp_path).policy.min_tls is TlsVersion.TLS13

    def test_a_fault_in_pyproject_has_its_line(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text(self.PYPROJECT.replace("1.3", "13"))
        [line] = refusal(tmp_path)
        assert line.startswith('pyproject.toml:4: policy.min_tls: "13" is not one of')

    def test_mxcheck_toml_comes_first(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text(self.PYPROJECT)
        assert load(tmp_path, file="\ufeff[policy]").policy.min_tls is TlsVersion.TLS12

    def test_a_link_that_leads_nowhere_is_no_missing_file(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text(self.PYPROJECT)
        (tmp_path / "mxcheck.toml").symlink_to("gone.toml")
        [line] = refusal(tmp_path)
        assert line.startswith("mxcheck.toml: ")

    def test_a_pyproject_of_others_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text("{{ a template }}")
        assert load(tmp_path).policy == Policy()

    def test_a_pyproject_that_is_named_must_speak(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text("[tool]\n")
        assert load(tmp_path).policy == Policy()
        flags = {"config": ("pyproject.toml",)}
        assert refusal(tmp_path, flags) == ("pyproject.toml:1: has no table [tool.mxcheck]",)

    def test_a_named_file_wins(self, tmp_path: Path) -> None:
        (tmp_path / "other.toml").write_text('[policy]\nmin_tls = "1.1"\n')
        flags, environ = {"config": ("other.toml",)}, {"MXCHECK_CONFIG": "no.toml"}
        assert load(tmp_path, flags, environ, "[polcy]").policy.min_tls is TlsVersion.TLS11


def test_waivers(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        file="""
        [[waiver]]
        rule = "cert-expiring"
        domain = "Bücher.example."
        mx = "MX1.example.com."
        address = "2001:DB8:0::1"
        until = 2026-12-31
        reason = " OPS-123 "
        [[waiver]]
        rule = "open-relay"
        mx = "localhost."
        until = 2027-01-01
        reason = "x"
        """,
    )
    first, second = config.waivers
    assert first.domain == "xn--bcher-kva.example"
    assert (first.mx, first.address) == ("mx1.example.com", "2001:db8::1")
    assert (first.until, first.reason) == (dt.date(2026, 12, 31), "OPS-123")
    assert (first.location, second.location) == ("mxcheck.toml:2", "mxcheck.toml:9")
    assert (second.domain, second.mx, second.address) == ("", "localhost", "")


class TestRoots:
    @pytest.fixture
    def pem(self) -> bytes:
        return Authority.root(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)).certificate_pem

    def test_relative_to_the_file_that_names_it(self, pem: bytes, tmp_path: Path) -> None:
        (tmp_path / "ci").mkdir()
        (tmp_path / "ci" / "roots.pem").write_bytes(b"two roots\n" + pem + b"and\n" + pem)
        (tmp_path / "ci" / "x.toml").write_text('[probe]\nca_file = "roots.pem"')
        assert load(tmp_path, {"config": ("ci/x.toml",)}).ca_pem == pem + pem
        assert load(tmp_path, {"ca_file": ("ci/roots.pem",)}).ca_pem == pem + pem

    def test_a_root_that_does_not_parse(self, pem: bytes, tmp_path: Path) -> None:
        (tmp_path / "bad.pem").write_bytes(pem.replace(pem[100:104], b"AAAA"))
        assert refusal(tmp_path, environ={"MXCHECK_CA_FILE": "bad.pem"}) == (
            'MXCHECK_CA_FILE: "bad.pem" contains no PEM certificate that can be read',
        )


def test_two_names_of_one_file_are_one_place(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert refusal(tmp_path, {"json": ("a",), "junit_xml": ("b",)}) == (
        '--json: "a" is where --junit-xml goes',
    )


def test_reports_in_the_order_of_the_flags(tmp_path: Path) -> None:
    config = load(tmp_path, {"json": ("-",)}, {"MXCHECK_JUNIT_XML": "out/j.xml"})
    assert config.reports == (
        ReportRequest(format="junit-xml", path="out/j.xml"),
        ReportRequest(format="json", path="-"),
    )


@pytest.mark.parametrize(
    ("flags", "environ", "expected"),
    [
        ({}, {}, "auto"),
        ({}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, "never"),
        ({}, {"FORCE_COLOR": "1"}, "always"),
        ({}, {"NO_COLOR": ""}, "auto"),
        ({"color": ("always",)}, {"NO_COLOR": "1"}, "always"),
        ({}, {"MXCHECK_COLOR": "never", "FORCE_COLOR": "1"}, "never"),
    ],
)
def test_colours(flags: Flags, environ: dict[str, str], expected: str) -> None:
    assert str(load_screen(flags, environ).color) == expected


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"GITHUB_ACTIONS": "true"}, True),
        ({"GITLAB_CI": "true"}, True),
        ({"GITHUB_ACTIONS": "true", "NO_COLOR": "1"}, False),
        ({"GITHUB_ACTIONS": "", "CI": "true"}, False),
    ],
)
def test_the_logs_of_github_and_gitlab_have_colours(
    environ: dict[str, str], *, expected: bool
) -> None:
    assert load_screen({}, environ).log_has_colors is expected
    assert not load_screen({"color": ("never",)}, environ).log_has_colors


def test_a_flag_for_the_screen_wins_over_its_opposite_in_the_environment() -> None:
    screen = load_screen({"verbose": ("true",)}, {"MXCHECK_QUIET": "1", "MXCHECK_MIN_TLS": "9"})
    assert (screen.quiet, screen.verbose) == (False, True)
