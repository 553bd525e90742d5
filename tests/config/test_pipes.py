"""Named pipes in place of files: a checkout may contain one, and nobody ever writes to it."""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from mxcheck.config.errors import ConfigError
from mxcheck.config.load import load_config
from mxcheck.saved.reading import read_evidence

ZONE = b"example.com. MX 10 mx1.example.com.\n"


def complaint(folder: Path, **flags: Any) -> str:  # noqa: ANN401 - values of flags
    with pytest.raises(ConfigError) as refused:
        load_config({"domains": ("example.com",)} | flags, {}, folder, None)
    return "\n".join(refused.value.lines)


@pytest.mark.parametrize("key", ["zone_file", "cert_file", "mta_sts_policy", "domains_file"])
def test_a_named_pipe_is_refused(key: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "cannot be read: it is not a file" in complaint(tmp_path, **{key: ("pipe",)})


@pytest.mark.parametrize("key", ["ca_file", "config"])
def test_so_is_one_for_a_flag_that_is_given_once(key: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "cannot be read: it is not a file" in complaint(tmp_path, **{key: ("pipe",)})


def test_so_is_one_behind_a_link_and_one_named_in_a_config_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link.zone").symlink_to("pipe")
    (tmp_path / "mxcheck.toml").write_text('[probe]\nzone_file = ["link.zone"]\n')
    assert (
        'mxcheck.toml:2: probe.zone_file: "link.zone" cannot be read: it is not a file'
        in complaint(tmp_path)
    )


def test_so_is_one_in_a_folder_below_dev(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        os.mkfifo(Path(folder, "mxcheck.toml"))
        assert complaint(Path(folder)) == "mxcheck.toml: cannot be read: it is not a file"
        name = str(Path(folder, "mxcheck.toml"))
        assert "it is not a file" in complaint(tmp_path, zone_file=(name,))


def test_so_is_one_in_place_of_evidence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match=r"^pipe: cannot be read: it is not a file$"):
        read_evidence("pipe", tmp_path, None)


def test_what_a_shell_passes_for_the_output_of_a_command_is_read(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(ZONE)
    name = f"/dev/fd/{reading}"
    config = load_config({"domains": ("example.com",), "zone_file": (name,)}, {}, tmp_path, None)
    os.close(reading)
    assert [one.zone.record_sets[0].name for one in config.probe.overrides.zones] == ["example.com"]
