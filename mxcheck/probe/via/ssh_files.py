"""The command lines of the OpenSSH client, and the private folder that they refer to."""

from collections.abc import Mapping
from pathlib import Path

from mxcheck.probe.via.addresses import SshGate

LOG = ("-o", "LogLevel=DEBUG1", "-o", "BatchMode=yes")
_SHARED = (
    *LOG,
    *("-N", "-T"),
    *("-o", "ControlMaster=yes", "-o", "ControlPersist=no"),
    *("-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=2"),
    *("-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no", "-o", "RemoteCommand=none"),
    *("-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "UpdateHostKeys=no"),
)
_OWN_VARIABLES = "MXCHECK_"
SOCKET = "shared"
"""The name of the shared connection's socket."""


def write_secrets(folder: Path, gate: SshGate) -> None:
    """Write the key and the known hosts, as far as they are given, for the client to read."""
    for name, content in (("key", gate.key), ("known_hosts", gate.known_hosts)):
        if content:
            file = folder / name
            file.touch(mode=0o600)
            # OpenSSH refuses a key without its last line end, as secrets of CI lose it, and one
            # that begins with an empty line.
            file.write_bytes(content.replace(b"\r\n", b"\n").strip() + b"\n")


def login_command(folder: Path, gate: SshGate, seconds: float) -> list[str]:
    """Return the command that logs in, once, and shares its connection."""
    command = ["ssh", *_SHARED, "-o", f"ControlPath={folder / SOCKET}"]
    command += ["-o", f"ConnectTimeout={max(1, round(seconds))}"]
    if gate.key:
        command += ["-o", "IdentitiesOnly=yes", "-i", str(folder / "key")]
    if gate.known_hosts:
        known = folder / "known_hosts"
        command += ["-o", "StrictHostKeyChecking=yes", "-o", f"UserKnownHostsFile={known}"]
    if gate.user:
        command += ["-l", gate.user]
    if gate.port:
        command += ["-p", str(gate.port)]
    return [*command, "--", gate.host]


def stream_command(folder: Path, address: str, port: int) -> list[str]:
    """Return the command that opens one stream through the shared connection, and never another.

    Without the shared connection OpenSSH would log in anew: a proxy command that fails keeps it
    from that.
    """
    target = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return [*_through(folder), *LOG, "-W", target, "--", "shared"]


def exit_command(folder: Path) -> list[str]:
    """Return the command that ends the shared connection, whichever process holds it."""
    return [*_through(folder), "-O", "exit", "--", "shared"]


def _through(folder: Path) -> list[str]:
    return ["ssh", "-F", "none", "-S", str(folder / SOCKET), "-o", "ProxyCommand=false"]


def without_own_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for other programs: some of mxcheck's variables hold secrets."""
    return {name: value for name, value in environ.items() if not name.startswith(_OWN_VARIABLES)}
