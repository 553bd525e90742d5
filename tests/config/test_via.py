"""The way out: what the user may write, and what is refused."""

from pathlib import Path

import pytest

from mxcheck.config.errors import ConfigError
from mxcheck.config.via import parse_via
from mxcheck.probe.via.addresses import Gate, SocksProxy, SshGate
from tests.config.configs import load, refusal

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n"
SSH, SOCKS = "ssh://check@gate.example.net", "socks5://proxy.example.net"


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("ssh://gate", SshGate(host="gate")),
        ("ssh://Gate.example.net", SshGate(host="Gate.example.net")),
        ("ssh://check@192.0.2.1:2222", SshGate(host="192.0.2.1", user="check", port=2222)),
        ("ssh://[2001:db8::1]:22/", SshGate(host="2001:db8::1", port=22)),
        ("socks5://proxy", SocksProxy(host="proxy")),
        ("socks5://[::1]:1081", SocksProxy(host="::1", port=1081)),
        (
            "socks5://some%40body:p%3Aw%2F@192.0.2.1:9050",
            SocksProxy(host="192.0.2.1", port=9050, user="some@body", password="p:w/"),  # noqa: S106
        ),
    ],
)
def test_a_way_out_is_read(text: str, gate: Gate) -> None:
    assert parse_via(text) == gate


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gate.example.net", "is not a way out such as ssh://"),
        ("http://proxy:3128", "is not a way out such as ssh://"),
        ("socks4://proxy", "is not a way out such as ssh://"),
        ("ssh://", "is not a way out such as ssh://"),
        ("ssh://gate:0", "is not a way out such as ssh://"),
        ("ssh://gate:99999", "is not a way out such as ssh://"),
        ("ssh://gate/path", "is not a way out such as ssh://"),
        ("ssh://gate;id", "is not a way out such as ssh://"),
        ("ssh://ga te", "is not a way out such as ssh://"),
        ("ssh://[::1", "is not a way out such as ssh://"),
        ("ssh://-oProxyCommand=id", "ssh would read it as a flag"),
        ("ssh://-l@gate", "ssh would read it as a flag"),
        ("ssh://%2Dl@gate", "ssh would read it as a flag"),
        ("ssh://a%60id%60@gate", "has a user of other signs"),
        ("ssh://user:hunter2@gate", "SSH logs in with a key"),
        ("ssh://user:@gate", "SSH logs in with a key"),
        ("http://user:hunter2@proxy", '"http://***@proxy" is not a way out'),
        ("user:hunter2@proxy:1080", '"***@proxy:1080" is not a way out'),
        ("socks5://user:hunter2", '"socks5://user:***" is not a way out'),
        ("socks5:user:hunter2", '"socks5:***" is not a way out'),
        ("socks5+tls://user:hunter2", '"socks5+tls://user:***" is not a way out'),
        ("user:hunter2", '"user:***" is not a way out'),
        ("192.0.2.1:1080:user:hunter2", '"192.0.2.1:***" is not a way out'),
        ("socks5://user@proxy:hunter2", '"socks5://***@proxy:***" is not a way out'),
        ("socks5://user:hun\nter2:hunter2@", '"socks5://***@" is not a way out'),
        ("socks5://user%3Ahunter2@proxy", "writes %3A between user and password"),
        (f"socks5://{'u' * 256}:p@proxy", "more than 255 bytes"),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    [message] = refusal(tmp_path, environ={"MXCHECK_VIA": text})
    assert message.startswith("MXCHECK_VIA: ")
    assert reason in message
    assert "hunter2" not in message


def test_a_password_may_stand_anywhere_but_on_the_command_line(tmp_path: Path) -> None:
    proxy = "socks5://user:hunter2@proxy"
    assert load(tmp_path, environ={"MXCHECK_VIA": proxy}).probe.via
    assert load(tmp_path, file=f'[probe]\nvia = "{proxy}"').probe.via
    [message] = refusal(tmp_path, {"via": (proxy,)})
    assert message.startswith("--via: contains a password")
    assert "hunter2" not in message


def test_the_files_of_a_login_are_read(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "known").write_text("gate ssh-ed25519 AAAA\n")
    flags = {"via": (SSH,), "via_key": ("key",), "via_known_hosts": ("known",)}
    gate = load(tmp_path, flags).probe.via
    assert isinstance(gate, SshGate)
    assert (gate.key, gate.known_hosts) == (KEY.encode(), b"gate ssh-ed25519 AAAA\n")
    assert "PRIVATE" not in repr(gate)


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ({"via": (SSH,), "via_key": ("none",)}, '--via-key: "none" cannot be read'),
        ({"via": (SSH,), "via_key": ("known",)}, '--via-key: "known" contains no private key'),
        ({"via": (SSH,), "via_key": ("empty",)}, '--via-key: "empty" contains no private key'),
        (
            {"via": (SSH,), "via_known_hosts": ("empty",)},
            '--via-known-hosts: "empty" contains no host key',
        ),
        ({"via": (SOCKS,), "via_key": ("key",)}, '--via-key: "key" is of use with --via ssh://'),
        ({"via_known_hosts": ("known",)}, '--via-known-hosts: "known" is of use with --via ssh://'),
    ],
)
def test_a_file_that_does_not_fit_is_refused(
    tmp_path: Path, flags: dict[str, tuple[str, ...]], reason: str
) -> None:
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "known").write_text("gate ssh-ed25519 AAAA\n")
    (tmp_path / "empty").write_text("")
    [message] = refusal(tmp_path, flags)
    assert message.startswith(reason)


def test_a_proxy_in_the_environment_takes_the_place_of_a_login_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    file = f'[probe]\nvia = "{SSH}"\nvia_key = "key"'
    environ = {"MXCHECK_VIA": SOCKS}
    assert load(tmp_path, environ=environ, file=file).probe.via == SocksProxy(
        host="proxy.example.net"
    )
    [message] = refusal(tmp_path, environ=environ | {"MXCHECK_VIA_KEY": "key"}, file=file)
    assert message.startswith('MXCHECK_VIA_KEY: "key" is of use with --via ssh://')


def test_a_config_file_names_no_key_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    folder = tmp_path / "checkout"
    folder.mkdir()
    with pytest.raises(ConfigError, match="files below its own folder alone"):
        load(folder, file=f'[probe]\nvia = "{SSH}"\nvia_key = "../key"')
