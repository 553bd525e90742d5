"""Values that nobody writes by accident: each is refused in words, with its place."""

from pathlib import Path

import pytest

from mxcheck.config.flags import Flags
from tests.config.configs import load, refusal

LONG = "x" * 300
NO_SELECTOR = "s1._domainkey.example.com:"
WHY_NO_SELECTOR = "is not a DKIM selector: it is what comes before ._domainkey, such as s1"


@pytest.mark.parametrize(
    ("file", "line"),
    [
        (
            f"[policy]\nmin_cert_days = {'9' * 5000}",
            "mxcheck.toml:2: is not TOML: a number is too long",
        ),
        (
            f"[policy]\nmin_cert_days = 0x{'f' * 5000}",
            "mxcheck.toml:2: is not TOML: a number is too long",
        ),
        (
            f"[policy]\nrequire = [\n'dane',\n{2**63}]",
            "mxcheck.toml:4: is not TOML: a number is too long",
        ),
        (
            f"[policy]\nlevels = {{ 'mx-null' = -{2**63} }}",
            f"mxcheck.toml:2: policy.levels.mx-null: -{2**63} is not one of error, warning, off",
        ),
        (
            f"a{'.a' * 19} = {{ " * 40 + "a = 1" + "}" * 40,
            "mxcheck.toml:1: a: unknown key",
        ),
        (
            '[probe]\nca_file = "\\u0000"',
            'mxcheck.toml:2: probe.ca_file: "\\u0000" cannot be read: embedded null byte',
        ),
        (
            '[policy]\nsenders = ["192.0.2.7/32"]',
            'mxcheck.toml:2: policy.senders: "192.0.2.7/32" is not an IP address',
        ),
        (
            f'[[domain]]\nname = "example.com"\ndkim_selectors = ["{NO_SELECTOR}"]',
            f'mxcheck.toml:3: domain.dkim_selectors: "{NO_SELECTOR}" {WHY_NO_SELECTOR}',
        ),
        (
            f'[policy]\ndkim_selectors = ["{"a." * 100}a"]',
            f'mxcheck.toml:2: policy.dkim_selectors: "{"a." * 39}… {WHY_NO_SELECTOR}',
        ),
    ],
    ids=[
        *("too-long", "hexadecimal", "in-a-list", "just-fits", "deep", "no-path"),
        *("network", "no-selector", "long-selector"),
    ],
)
def test_a_value_in_the_file(file: str, line: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, file=file) == (line,)


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (
            {"cert_file": (f"mx.example.com={LONG}",)},
            f'--cert-file: "mx.example.com={"x" * 63}… cannot be read: File name too long',
        ),
        (
            {"zone_file": (f"={LONG}",)},
            f'--zone-file: "={"x" * 77}… cannot be read: File name too long',
        ),
        ({"json": (LONG,)}, f'--json: "{"x" * 78}… cannot be written: File name too long'),
        ({"json": ("a\0b",)}, '--json: "a\\u0000b" is not a path to write to'),
    ],
    ids=["cert-file", "zone-file", "long", "nul"],
)
def test_a_path_in_a_flag(flags: Flags, line: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, flags) == (line,)


def test_the_greatest_numbers_that_fit_are_taken(tmp_path: Path) -> None:
    file = f"[policy]\nmin_cert_days = 3650\n[probe]\ntimeout = {2**53}"
    assert load(tmp_path, file=file).probe.timeout == 2**53
