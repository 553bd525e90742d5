"""The gate: sshd and two SOCKS5 proxies between the machine that checks and the mail servers."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mxcheck.demo.smtp_script import Script
from tests.real import users
from tests.real.aside import AsideProgram
from tests.real.checked import Checked, Report
from tests.real.namespace import Namespace, Server
from tests.real.serving import MailServers, resolving

NEAR, GATE = "10.79.0.1", "10.79.0.2"
SSH_PORT, CLOSED_SSH_PORT, DANTE_PORT, MICROSOCKS_PORT = 22, 2222, 1080, 1081
USER = users.GATE
OPTIONS = 'restrict,port-forwarding,permitopen="*:25"'
"""What docs/ci.md recommends for the key."""
LOGIN = ("-u", "somebody", "-P", "topsecret")
"""What microsocks wants."""
SERVING = [f"10.81.0.{number}" for number in range(1, 201)]
"""Where the mail servers listen."""
REFUSING = [f"10.81.1.{number}" for number in range(1, 11)]
SILENT = [f"10.77.0.{number}" for number in range(11, 21)]
UNREACHABLE = [f"10.81.9.{number}" for number in range(1, 11)]
"""Behind a router that says so."""
_SETTINGS = Path("/proc/sys/net/ipv4")
_UNREACHABLE_NETWORK = "10.81.9.0/24"
DUAL_STACK = "dual-stack.example"

SSHD = AsideProgram(package="openssh-server", name="sshd")
DANTE = AsideProgram(package="dante-server", name="danted")
MICROSOCKS = AsideProgram(package="microsocks", name="microsocks", folder="bin")
PROGRAMS = (SSHD, DANTE, MICROSOCKS)

_SSHD = """
Port {ssh_port}
ListenAddress {gate}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
UseDNS no
LogLevel VERBOSE
AllowTcpForwarding {forwarding}
"""
_DANTE = """
logoutput: stderr
internal: {gate} port = {port}
external: 10.81.0.1
socksmethod: username none
clientmethod: none
user.privileged: root
user.unprivileged: nobody
client pass {{ from: 0.0.0.0/0 to: 0.0.0.0/0 }}
socks pass {{ from: 0.0.0.0/0 to: 0.0.0.0/0 }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateWorld:
    """The near end, where mxcheck runs, and the gate, beyond which the mail servers are."""

    near: Namespace
    gate: Namespace
    folder: Path
    mail: MailServers
    resolver: str
    sshd_log: Path

    @property
    def login(self) -> list[str]:
        """Return the flags of a login that works."""
        known_hosts = str(self.folder / "known_hosts")
        return ["--via-key", str(self.folder / "key"), "--via-known-hosts", known_hosts]

    def ssh(self, *, port: int = SSH_PORT) -> list[str]:
        """Return the flags of a way out over SSH that works."""
        return ["--via", f"ssh://{USER}@{GATE}:{port}", *self.login]

    def check(
        self, *arguments: str, env: Mapping[str, str] | None = None, canary: str = SERVING[0]
    ) -> Checked:
        """Run the check with flags that suit this world; a flag given here wins."""
        self.mail.addresses.clear()
        with tempfile.TemporaryDirectory(dir=self.folder) as cwd:
            file = Path(cwd) / "report.json"
            flags = ["--allow-private", "--resolver", self.resolver, "--canary", canary]
            defaults = {"--retries": "0", "--connect-timeout": "2", "--select": "smtp-unreachable"}
            for flag, value in defaults.items():
                flags += [] if flag in arguments else [flag, value]
            done = self.near.mxcheck(
                *("check", *flags, "--json", str(file), *arguments), env=env, cwd=Path(cwd)
            )
            report: Report | None = json.loads(file.read_text()) if file.exists() else None
        if report is None:
            report = Report(verdict="", exit_code=done.returncode, notes=[], counts={}, domains=[])
        return Checked(done.returncode, report, done.stdout, done.stderr)

    def logins(self) -> int:
        """Count the logins that sshd has accepted."""
        return self.sshd_log.read_text().count("Accepted publickey")

    def break_ssh(self) -> None:
        """End every SSH connection, as a machine does that goes away."""
        for process in self._sessions():
            os.kill(process, signal.SIGKILL)

    def processes_near(self, program: str) -> list[str]:
        """Return command line and environment of the program's processes where mxcheck runs."""
        pids = [pid for pid in _processes(self.near) if _of(pid, "comm").strip() == program]
        return [f"{_of(pid, 'cmdline')} {_of(pid, 'environ')}" for pid in pids]

    def _sessions(self) -> list[int]:
        return [pid for pid in _processes(self.gate) if f"sshd: {USER}" in _of(pid, "cmdline")]


def domain_at(address: str) -> str:
    """Return the domain whose only MX host has this address."""
    return f"at-{address.replace('.', '-')}.example"


def _processes(namespace: Namespace) -> list[int]:
    command = ["ip", "netns", "pids", namespace.name]
    inside = subprocess.run(command, check=True, capture_output=True, text=True)
    return [int(pid) for pid in inside.stdout.split()]


def _of(pid: int, file: str) -> str:
    try:
        return Path(f"/proc/{pid}/{file}").read_text().replace("\0", " ")
    except OSError:  # it has ended
        return ""


def _zone() -> str:
    addresses = (*SERVING, *REFUSING, *SILENT, *UNREACHABLE)
    lines = "".join(
        f"{domain_at(one)}. MX 10 mx.{domain_at(one)}.\nmx.{domain_at(one)}. A {one}\n"
        for one in addresses
    )
    dual = f"{DUAL_STACK}. MX 10 mx.{DUAL_STACK}.\nmx.{DUAL_STACK}. A {SERVING[0]}\n"
    dual += f"mx.{DUAL_STACK}. AAAA 2001:500::25\n"
    return lines + dual + f"gate.example. A {GATE}\n"


@contextmanager
def running() -> Iterator[GateWorld]:
    """Start both ends; end them with the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mxcheck-gate-")))
        folder.chmod(0o711)  # sshd gives up root, and still has to find the keys
        near, gate = (
            Namespace(f"mxcheck-{name}-{os.getpid()}", NEAR) for name in ("runner", "gate")
        )
        for namespace in (near, gate):
            stack.callback(namespace.delete)
            namespace.create(())
        _join(near, gate)
        _make_keys(folder)
        sshd_log = folder / "sshd.log"
        servers = [
            _start_sshd(gate, folder, SSH_PORT, sshd_log, forwarding="yes"),
            _start_sshd(gate, folder, CLOSED_SSH_PORT, folder / "closed.log", forwarding="no"),
            _start_dante(gate, folder),
            Server(
                gate,
                MICROSOCKS.command("-i", GATE, "-p", str(MICROSOCKS_PORT), *LOGIN),
                folder / "microsocks.log",
            ),
        ]
        for server in servers:
            stack.callback(server.stop)
        for server, port in zip(
            servers, (SSH_PORT, CLOSED_SSH_PORT, DANTE_PORT, MICROSOCKS_PORT), strict=True
        ):
            server.wait_for(GATE, port)
        mail = MailServers(script=Script())
        stack.enter_context(mail.at(gate, SERVING))
        resolver = stack.enter_context(resolving(near, _zone()))
        yield GateWorld(
            near=near, gate=gate, folder=folder, mail=mail, resolver=resolver, sshd_log=sshd_log
        )


def _join(near: Namespace, gate: Namespace) -> None:
    line = ("link", "add", "line", "type", "veth", "peer", "name", "line", "netns", gate.name)
    _ip("-n", near.name, *line)
    for namespace, address in ((near, NEAR), (gate, GATE)):
        _ip("-n", namespace.name, "link", "set", "line", "up")
        namespace.add_address(f"{address}/24", "line")
    for address in (*SERVING, *REFUSING):
        gate.add_address(f"{address}/32")
    _ip("-n", gate.name, "route", "add", _UNREACHABLE_NETWORK, "via", NEAR)
    _ip("-n", near.name, "route", "add", "unreachable", _UNREACHABLE_NETWORK)
    with near.inside():
        for setting, value in (("ip_forward", "1"), ("icmp_ratelimit", "0")):
            (_SETTINGS / setting).write_text(value)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


def _make_keys(folder: Path) -> None:
    for name in ("host_key", "other_host_key", "key", "other_key"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, capture_output=True)
    public = (folder / "key.pub").read_text()
    (folder / "authorized_keys").write_text(f"{OPTIONS} {public}")
    (folder / "authorized_keys").chmod(0o644)
    for name, key in (("known_hosts", "host_key"), ("other_known_hosts", "other_host_key")):
        public = " ".join((folder / f"{key}.pub").read_text().split()[:2])
        hosts = f"{GATE},[{GATE}]:{CLOSED_SSH_PORT}"
        (folder / name).write_text(f"{hosts} {public}\n")


def _start_sshd(gate: Namespace, folder: Path, port: int, log: Path, *, forwarding: str) -> Server:
    config = folder / f"sshd-{port}.conf"
    config.write_text(_SSHD.format(ssh_port=port, gate=GATE, folder=folder, forwarding=forwarding))
    # Debian's sshd wants an empty folder at a fixed place, which the machine may not have.
    start = 'mount -t tmpfs none /run && mkdir /run/sshd && exec "$@"'
    return Server(
        gate, ["sh", "-c", start, "sh", *SSHD.command("-D", "-e", "-f", str(config))], log
    )


def _start_dante(gate: Namespace, folder: Path) -> Server:
    config = folder / "danted.conf"
    config.write_text(_DANTE.format(gate=GATE, port=DANTE_PORT))
    return Server(gate, DANTE.command("-f", str(config)), folder / "danted.log")
