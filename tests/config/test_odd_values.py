"""Values that nobody writes by accident: each is refused in words, with its place."""

from pathlib import Path

import pytest

from mxcheck.config.flags import Flags
from tests.config.configs import load, refusal

LONG = "x" * 300


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
    ],
    ids=["too-long", "hexadecimal", "in-a-list", "just-fits", "deep", "no-path"],
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
