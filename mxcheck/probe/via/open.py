"""Open the way out before anything is probed, and close it in the end."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from mxcheck.probe.shares import in_time
from mxcheck.probe.tcp import Way
from mxcheck.probe.via.addresses import Gate, SocksProxy, SshGate
from mxcheck.probe.via.errors import WayOutError
from mxcheck.probe.via.ssh import SshWay, start
from mxcheck.probe.via.ssh_files import login_command, write_secrets
from mxcheck.wire.ssh_log import SshLog

LOGIN_SECONDS = 20.0
"""How long a login may take after the connection."""
_DEVNULL = asyncio.subprocess.DEVNULL
_ADVICE = {
    "Load key": (
        "(the file of --via-key is not a whole private key: store it with its line ends, as"
        " ssh-keygen wrote it)"
    ),
    "Host key verification failed": (
        "(compare the machine's host key, and put it into known_hosts or the file of"
        " --via-known-hosts)"
    ),
    "Permission denied": (
        "(let the machine accept the key of --via-key, which has to be without a passphrase, or of"
        " the agent)"
    ),
    "Could not resolve hostname": "(correct the name in --via)",
    "Connection refused": "(start sshd there, or name its port in --via)",
    "Connection timed out": "(see that this network and the machine let the port through)",
}


@asynccontextmanager
async def open_way(gate: Gate | None, connect_seconds: float) -> AsyncIterator[Way | None]:
    """Open the way for the block; WayOutError if that fails. Without a gate there is no way."""
    match gate:
        case None:
            yield None
        case SocksProxy():
            from mxcheck.probe.via.socks5 import open_proxy  # noqa: PLC0415 - seldom needed

            yield await open_proxy(gate, connect_seconds)
        case SshGate():
            with tempfile.TemporaryDirectory(prefix="mx") as folder:
                async with _logged_in(Path(folder), gate, connect_seconds) as way:
                    yield way


@asynccontextmanager
async def _logged_in(folder: Path, gate: SshGate, seconds: float) -> AsyncIterator[SshWay]:
    write_secrets(folder, gate)
    try:
        process = await start(login_command(folder, gate, seconds), _DEVNULL)
    except OSError as error:
        why = f"the program ssh cannot be started ({error.strerror})"
        raise WayOutError(f"{gate}: {why}: install OpenSSH's client") from None
    way = SshWay(folder=folder, process=process, log=SshLog())
    following = asyncio.create_task(way.follow())
    try:
        await in_time(seconds + LOGIN_SECONDS, way.ready(), None)
        if not way.log.is_ready or way.ended:
            raise WayOutError(f"{gate}: {_why(way, seconds)}")
        yield way
    finally:
        await way.close()
        await following


def _why(way: SshWay, seconds: float) -> str:
    if way.process.returncode == 0:
        return (
            "the SSH client went to the background (set ForkAfterAuthentication to no for this"
            " machine in the configuration of ssh)"
        )
    silence = f"no login within {seconds + LOGIN_SECONDS:g} s (--connect-timeout)"
    words = way.log.complaint or ("the SSH client ended without a word" if way.ended else silence)
    for fault, advice in _ADVICE.items():
        if fault in words:
            return f"{words} {advice}"
    return words
