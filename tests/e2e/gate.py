"""A real sshd on loopback, through which a workflow reaches mail servers."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real.aside import AsideProgram
from tests.real.users import write_users

SSHD = AsideProgram(package="openssh-server", name="sshd")
_TRIES, _POLL_SECONDS = 500, 0.02
_CONFIG = """
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile none
StrictModes no
UsePAM no
UseDNS no
"""
# Debian's sshd wants a user and an empty folder, which the machine may not have; and the machine's
# own root may be locked.
_START = """
set -e
for file in passwd group shadow; do
    mount --bind "$1/$file" "/etc/$file"
done
mount -t tmpfs none /run
mkdir /run/sshd
shift
exec "$@"
"""


def obstacle() -> str:
    """What keeps sshd from running here; empty where nothing does."""
    return SSHD.obstacle() or ("" if os.geteuid() == 0 else "starting sshd takes root")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Where sshd is, and the files of a login there."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        """The way out."""
        return f"ssh://root@127.0.0.1:{self.port}"

    @property
    def key(self) -> Path:
        """The private key."""
        return self.folder / "key"

    @property
    def known_hosts(self) -> Path:
        """The host key, as in known_hosts."""
        return self.folder / "known_hosts"


@contextmanager
def gate(folder: Path) -> Iterator[Gate]:
    """Run sshd until the block ends."""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name in ("host_key", "key"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, capture_output=True)
    public = " ".join((folder / "host_key.pub").read_text().split()[:2])
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}\n")
    (folder / "sshd.conf").write_text(_CONFIG.format(port=port, folder=folder))
    write_users(folder)
    daemon = SSHD.command("-D", "-e", "-f", str(folder / "sshd.conf"))
    with (folder / "sshd.log").open("wb") as log:
        process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", _START, "sh", str(folder), *daemon],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_for(port, folder / "sshd.log")
        yield Gate(port=port, folder=folder)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, log: Path) -> None:
    for _ in range(_TRIES):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(_POLL_SECONDS)
        else:
            return
    raise RuntimeError(f"sshd does not answer:\n{log.read_text(errors='replace')}")
