"""Configurations for tests."""

import io
from pathlib import Path

import pytest

from mxcheck.config.errors import ConfigError
from mxcheck.config.flags import Flags
from mxcheck.config.load import Config, load_config


def load(
    folder: Path,
    flags: Flags | None = None,
    environ: dict[str, str] | None = None,
    file: str = "",
    stdin: str = "",
) -> Config:
    """A configuration for example.com, unless the flags name other domains."""
    if file:
        (folder / "mxcheck.toml").write_text(file, encoding="utf-8")
    given = {"domains": ("example.com",)} | dict(flags or {})
    return load_config(given, environ or {}, folder, io.StringIO(stdin))


def refusal(
    folder: Path,
    flags: Flags | None = None,
    environ: dict[str, str] | None = None,
    file: str = "",
    stdin: str = "",
) -> tuple[str, ...]:
    """The lines with which a configuration is refused."""
    with pytest.raises(ConfigError) as caught:
        load(folder, flags, environ, file, stdin)
    return caught.value.lines


def domains(config: Config) -> list[str]:
    return [target.domain for target in config.targets]
