"""What is said of a login that fails, with a client that the test writes."""

from pathlib import Path

import pytest

from mxcheck.probe.via.addresses import SshGate
from mxcheck.probe.via.errors import WayOutError
from mxcheck.probe.via.open import open_way

GATE = SshGate(host="gate.example", key=b"\r\n  KEY\r\n ")


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let `ssh` be found in the test's folder alone; the file has its calls."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "calls"


def write_client(calls: Path, script: str) -> None:
    client = calls.parent / "ssh"
    client.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n{script}\n')
    client.chmod(0o755)


def said(calls: Path) -> list[str]:
    return calls.read_text().splitlines()


async def complaint() -> str:
    with pytest.raises(WayOutError) as caught:
        async with open_way(GATE, 5):
            raise AssertionError
    return str(caught.value)


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (
            'Load key "/tmp/x/key": error in libcrypto\ngate: Permission denied (publickey).',
            "(the file of --via-key is not a whole private key: store it with its line ends",
        ),
        ("gate: Permission denied (publickey).", "which has to be without a passphrase"),
        ("", "gate.example: the SSH client ended without a word"),
    ],
)
async def test_a_login_that_fails_says_what_to_do(calls: Path, words: str, advice: str) -> None:
    write_client(calls, f"echo '{words}' >&2; exit 255")
    assert advice in await complaint()


async def test_a_client_in_the_background_is_ended_and_named(calls: Path) -> None:
    """As with ForkAfterAuthentication in the user's configuration."""
    write_client(
        calls,
        'for word; do case "$word" in ControlPath=*) touch "${word#*=}";; esac; done; exit 0',
    )
    assert "set ForkAfterAuthentication to no" in await complaint()
    login, ending = said(calls)
    assert "-O exit" in ending
    assert "-O exit" not in login


async def test_a_key_is_handed_on_without_the_space_around_it(calls: Path) -> None:
    write_client(
        calls,
        f'for word; do case "$word" in */key) cat "$word" >> {calls};; esac; done; exit 255',
    )
    await complaint()
    assert said(calls)[1:] == ["KEY"]
