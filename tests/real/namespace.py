"""A network namespace of the test run's own, with an interface that swallows what is sent to it."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

from tests.program import run_program
from tests.real import users

# On the quiet interface: whatever else is in these networks answers nothing, not even "no".
QUIET_ADDRESSES = ("10.77.0.1/24", "fd77::1/64")

# What programs inside are told, whatever is set outside.
ENVIRONMENT = {
    "PATH": f"{os.environ['PATH']}:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
}
_POLL_SECONDS = 0.02
_POLL_TRIES = 500
_CLONE_NEWNET, _CLONE_NEWNS = 0x40000000, 0x00020000
_MS_BIND, _MS_REC, _MS_SLAVE = 0x1000, 0x4000, 0x80000
_SETTINGS = Path("/etc/netns")
_IPV6_OFF = "/proc/sys/net/ipv6/conf/{}/disable_ipv6"
_LIBC = ctypes.CDLL(None, use_errno=True)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


def _ensure(returned: int) -> None:
    if returned != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _enter(namespace: BinaryIO) -> None:
    _ensure(_LIBC.setns(namespace.fileno(), _CLONE_NEWNET))


def leave_network() -> None:
    """Move this process into a namespace of its own, without an interface."""
    _ensure(_LIBC.unshare(_CLONE_NEWNET))


def move_into(name: str) -> None:
    """Move this process into a namespace, and its settings over those in /etc (ip-netns(8))."""
    with (Path("/run/netns") / name).open("rb") as namespace:
        _enter(namespace)
    mount_over_etc(_SETTINGS / name)


def mount_over_etc(folder: Path) -> None:
    """Let this thread, and what it starts, see the files of a folder in place of those in /etc."""
    _ensure(_LIBC.unshare(_CLONE_NEWNS))
    _ensure(_LIBC.mount(b"", b"/", None, _MS_SLAVE | _MS_REC, None))
    for file in folder.iterdir():
        over = Path("/etc") / file.name
        _ensure(_LIBC.mount(bytes(file), bytes(over), None, _MS_BIND, None))


class Namespace:
    """Made by `create`, ended by `delete`; commands run in it, and this thread may step into it."""

    def __init__(self, name: str, nameserver: str) -> None:
        self.name = name
        self._settings = _SETTINGS / name
        self._nameserver = nameserver

    def create(self, addresses: tuple[str, ...]) -> None:
        self._write_settings()
        _ip("netns", "add", self.name)
        self.turn_ipv6_on()
        _ip("-n", self.name, "link", "set", "lo", "up")
        # Frames on an interface without ARP go out at once, to an address that the other end does
        # not have: the other end drops them, and whoever connects hears nothing.
        _ip("-n", self.name, "link", "add", "quiet", "type", "veth", "peer", "name", "quiet-end")
        for interface in ("quiet", "quiet-end"):
            _ip("-n", self.name, "link", "set", interface, "arp", "off", "up")
        for address in QUIET_ADDRESSES:
            self.add_address(address, "quiet")
        for address in addresses:
            self.add_address(address)

    def _write_settings(self) -> None:
        """Write what takes the place of the machine's own settings for all that runs inside."""
        self._settings.mkdir(parents=True)
        for file, text in (
            ("resolv.conf", f"nameserver {self._nameserver}\noptions trust-ad\n"),
            ("hosts", "127.0.0.1 localhost\n::1 localhost\n"),
            ("nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n"),
        ):
            # A file that /etc lacks has nothing to be mounted over, and no setting to replace.
            if (Path("/etc") / file).exists():
                (self._settings / file).write_text(text)
        users.write_users(self._settings)

    def turn_ipv6_on(self) -> None:
        """Undo what a namespace takes over from a machine that has IPv6 turned off."""
        with self.inside():
            for interface in ("all", "default", "lo"):
                setting = Path(_IPV6_OFF.format(interface))
                if setting.exists() and setting.read_text() != "0\n":
                    setting.write_text("0")

    def add_address(self, address: str, interface: str = "lo") -> None:
        """Give the namespace an address, with the length of its network."""
        ipv6_only = ("nodad",) if ":" in address else ()
        _ip("-n", self.name, "address", "add", address, "dev", interface, *ipv6_only)

    def delete(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            _ip("netns", "delete", self.name)
        shutil.rmtree(self._settings, ignore_errors=True)
        with contextlib.suppress(OSError):  # it is not empty while another run has a namespace
            self._settings.parent.rmdir()

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """Until the block ends, the sockets that this thread opens belong to the namespace."""
        with (
            Path("/proc/thread-self/ns/net").open("rb") as outside,
            (Path("/run/netns") / self.name).open("rb") as inside,
        ):
            _enter(inside)
            try:
                yield
            finally:
                _enter(outside)

    def command(self, *arguments: str) -> list[str]:
        return ["ip", "netns", "exec", self.name, *arguments]

    def run(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            check=False,
            capture_output=True,
            text=True,
            env=ENVIRONMENT | dict(env or {}),
            input="" if stdin is None else stdin,
            cwd=cwd,
            timeout=120,
        )

    def mxcheck(
        self,
        *arguments: str,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the `mxcheck` command, without settings from outside."""
        return run_program(
            *arguments,
            cwd=cwd,
            env=ENVIRONMENT | dict(env or {}),
            stdin=(stdin or "").encode(),
            before=partial(move_into, self.name),
        )

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        """Connect from inside; raises the `OSError` that connect() met."""
        with self.inside():
            return socket.create_connection((address, port), timeout)


class Server:
    """One server process in the foreground of the namespace, ended by its own process id."""

    def __init__(self, namespace: Namespace, command: list[str], log: Path) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                namespace.command(*command),
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._namespace = namespace

    def wait_for(self, address: str, port: int) -> None:
        """Return once the server accepts connections there; a dead or a deaf server is an error."""
        for _ in range(_POLL_TRIES):
            if self._process.poll() is not None:
                break
            try:
                self._namespace.connect(address, port, timeout=1).close()
            except OSError:
                time.sleep(_POLL_SECONDS)
            else:
                return
        raise RuntimeError(
            f"{self._process.args!r} does not answer on {address} port {port}:\n"
            f"{self._log.read_text(errors='replace')}"
        )

    def reload(self) -> None:
        """Have it read its files again, and forget what it held in a cache."""
        self._process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(timeout=10)
