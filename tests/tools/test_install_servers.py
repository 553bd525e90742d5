"""What tools/install-servers does to a machine, with stand-ins for what changes one."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "install-servers"

# A machine on which nothing is installed but Exim, which is removed for anything else.
COMMANDS = {
    "dpkg-query": "exit 1",
    "dpkg-deb": """\
case "$1" in
--field) echo "Depends: libc6 (>= 2.36), libfirst1 | libsecond1" ;;
--extract) mkdir -p usr/sbin usr/lib && touch usr/sbin/server usr/lib/libfirst.so.1 ;;
esac
""",
    "apt-get": """\
echo "$*" >>"$ASKED"
case "$*" in
*Dir::State::status=*) echo "Inst libfirst1 (1.0 Debian [amd64])"; echo "Inst adduser (3.1)" ;;
*--simulate*) echo "Remv exim4 [4.96]"; echo "Inst swaks (1.0)"; echo "Remv exim4-base [4.96]" ;;
*download*) for last; do :; done; touch "$last.deb" ;;
esac
""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    folder: Path

    def run(self, *packages: str, ci: str = "", user: int = 0) -> subprocess.CompletedProcess[str]:
        """Run the script as that user."""
        tools, commands = self.folder / "tools", self.folder / "commands"
        for made in (tools, commands):
            made.mkdir()
        shutil.copy(SCRIPT, tools)
        for name, text in (COMMANDS | {"id": f"echo {user}"}).items():
            (commands / name).write_text(f"#!/bin/sh\n{text}\n")
            (commands / name).chmod(0o755)
        path = f"{commands}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [tools / SCRIPT.name, *packages],
            check=False,
            capture_output=True,
            text=True,
            env={"PATH": path, "ASKED": str(self.folder / "asked"), "CI": ci},
        )

    def asked(self) -> list[str]:
        """Return what apt-get was asked for."""
        file = self.folder / "asked"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(folder=tmp_path)


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_no_package_of_the_machine_is_removed(machine: Machine, ci: str, code: int) -> None:
    done = machine.run("swaks", "--", ci=ci)
    assert done.returncode == code
    assert "apt-get would remove exim4 exim4-base from this machine: swaks" in done.stderr
    assert [one for one in machine.asked() if "install" in one and "--simulate" not in one] == []


def test_servers_are_unpacked_with_what_the_machine_lacks(machine: Machine) -> None:
    done = machine.run("--", "postfix", ci="true")
    assert (done.returncode, done.stderr) == (0, "")
    tree = machine.folder / ".cache/servers/postfix"
    assert (tree / "usr/sbin/server").exists()
    assert (tree / "libraries/libfirst.so.1").exists()
    update, server, resolved, library = machine.asked()
    assert update.startswith("update")
    assert server.startswith("download")
    assert server.endswith(" postfix")
    assert "--simulate" in resolved
    assert library.startswith("download")
    assert library.endswith(" libfirst1")


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_whoever_is_not_root_fetches_nothing(machine: Machine, ci: str, code: int) -> None:
    done = machine.run("swaks", "--", "postfix", ci=ci, user=1000)
    assert done.returncode == code
    assert "only root on Debian can fetch these, and their tests need them: swaks" in done.stderr
    assert machine.asked() == []
