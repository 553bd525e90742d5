"""Files that a config file or a flag names: none but those of the right form end up in a report."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guard.checkout import Checkout, Done
from tests.seen import complaints

KEYS = ("ca_file", "zone_file", "cert_file", "mta_sts_policy")
PEM = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAAc3cret\n-----END OPENSSH-----\n"
ACCOUNTS = "root:x:0:0:s3cret:/root:/bin/bash\n"
NETRC = "machine example.com login me password s3cret\n"
ENVIRON = "TOKEN=s3cret\0HOME=/root\0"
RECORDS = "s3cret.example. TXT here\ns3cret.example. s3cret here\n"
POLICY = "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 604800\n"


def absolute(_checkout: Checkout, mine: Path) -> str:
    return str(mine)


def above(_checkout: Checkout, mine: Path) -> str:
    return f"../{mine.parent.name}/{mine.name}"


def by_a_link(checkout: Checkout, mine: Path) -> str:
    (checkout.folder / "innocent").symlink_to(mine)
    return "innocent"


def through_a_folder(checkout: Checkout, mine: Path) -> str:
    (checkout.folder / "zones").symlink_to(mine.parent)
    return f"zones/{mine.name}"


def by_a_chain_of_links(checkout: Checkout, mine: Path) -> str:
    (checkout.folder / "a").symlink_to(checkout.folder / "b")
    (checkout.folder / "b").symlink_to(mine)
    return "./a"


WAYS = (absolute, above, by_a_link, through_a_folder, by_a_chain_of_links)


def check(checkout: Checkout, *arguments: str) -> Done:
    """Run a check with every report, in a folder of their own."""
    flags = ("json", "junit-xml", "markdown", "sarif", "save-evidence", "github-summary")
    return checkout.check(*(f"--{flag}=reports/{flag}" for flag in flags), "-v", *arguments)


def shown(checkout: Checkout, done: Done) -> str:
    """Return everything that a reader of the run gets to see."""
    reports = (checkout.folder / "reports").glob("*")
    return "\n".join([done.out, done.err, *(path.read_text() for path in reports)])


def toml(name: str, *keys: str) -> str:
    values = (f'"{name}"' if key == "ca_file" else f'["{name}"]' for key in keys)
    lines = (f"{key} = {value}" for key, value in zip(keys, values, strict=True))
    return "\n".join(("[probe]", *lines))


@pytest.mark.parametrize("way", WAYS)
def test_a_config_file_names_no_file_outside_its_folder(
    checkout: Checkout, way: Callable[[Checkout, Path], str]
) -> None:
    mine = checkout.outside / "mine"
    mine.write_text(PEM)
    (checkout.folder / "mxcheck.toml").write_text(toml(way(checkout, mine), *KEYS))
    done = check(checkout)
    assert done.code == 2
    for number, key in enumerate(KEYS, 2):
        assert f"mxcheck.toml:{number}: probe.{key}: " in done.err
    assert done.err.count("may name files below its own folder alone") == len(KEYS)
    assert "s3cret" not in shown(checkout, done)


@pytest.mark.parametrize("name", ["../pyproject.toml", "sub/pyproject.toml", "sub/mail.toml"])
def test_so_it_is_for_every_config_file(checkout: Checkout, name: str) -> None:
    (checkout.folder / "sub").mkdir()
    (checkout.folder / "mine").write_text(POLICY)
    text = toml("../mine" if "sub" in name else "checkout/../outside/mine", "mta_sts_policy")
    file = checkout.folder / name
    file.write_text(text.replace("[probe]", "[tool.mxcheck.probe]" if "py" in name else "[probe]"))
    done = check(checkout, "--config", name)
    inside = "sub" not in name  # its folder is the one above
    assert done.code == 2
    assert ("is not an MTA-STS policy" in done.err) is inside
    assert ("below its own folder alone" in done.err) is not inside


def test_what_is_below_the_folder_is_read_also_by_a_link(checkout: Checkout) -> None:
    (checkout.folder / "deep/down").mkdir(parents=True)
    (checkout.folder / "deep/down/policy").write_text(POLICY)
    (checkout.folder / "policy").symlink_to("deep/down/policy")
    (checkout.folder / "mxcheck.toml").write_text(toml("./deep/../policy", "mta_sts_policy"))
    done = check(checkout, "--select", "mta-sts")
    assert "cannot be read" not in done.err


def flags(name: str, *keys: str) -> list[str]:
    return [f"--{key.replace('_', '-')}={name}" for key in keys]


@pytest.mark.parametrize("content", [PEM, ACCOUNTS, NETRC, ENVIRON, RECORDS])
def test_a_flag_may_name_any_file_and_shows_none_of_another_form(
    checkout: Checkout, content: str
) -> None:
    mine = checkout.outside / "mine"
    mine.write_text(content)
    (checkout.folder / "link").symlink_to(mine)
    done = check(checkout, *flags("link", *KEYS, "domains_file"))
    assert done.code == 2
    for key in KEYS:
        assert f"--{key.replace('_', '-')}: " in done.err
    assert "link:1: is not a" in done.err
    assert "s3cret" not in shown(checkout, done)


def test_a_policy_elsewhere_may_be_named_by_a_flag(checkout: Checkout) -> None:
    (checkout.outside / "policy").write_text(POLICY)
    done = check(checkout, f"--mta-sts-policy={checkout.outside}/policy")
    assert "cannot be read" not in done.err
    assert "is not an MTA-STS policy" not in done.err


def device(folder: Path) -> None:
    (folder / "it").symlink_to("/dev/zero")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "it")


def folder(folder: Path) -> None:
    (folder / "it").mkdir()


def huge(folder: Path) -> None:
    with (folder / "it").open("wb") as file:
        file.truncate(2**40)


@pytest.mark.parametrize("make", [device, pipe, folder, huge])
@pytest.mark.parametrize("keys", [(*KEYS, "domains_file"), ("config",)])
def test_what_is_not_a_file_is_a_plain_error(
    checkout: Checkout, keys: tuple[str, ...], make: Callable[[Path], None]
) -> None:
    make(checkout.folder)
    done = checkout.check(*flags("it", *keys))
    assert done.code == 2
    lines = done.err.splitlines()
    assert len(lines) == len(keys)
    assert all("cannot be read: " in line or "is larger than " in line for line in lines)


@pytest.mark.parametrize("make", [pipe, folder, huge])
@pytest.mark.parametrize("name", ["mxcheck.toml", "pyproject.toml"])
def test_so_it_is_for_the_config_file_of_the_folder(
    checkout: Checkout, name: str, make: Callable[[Path], None]
) -> None:
    make(checkout.folder)
    (checkout.folder / "it").rename(checkout.folder / name)
    done = checkout.check()
    assert done.code == (0 if name == "pyproject.toml" else 2), done.err
    assert len(complaints(done.err)) == (done.code != 0)
