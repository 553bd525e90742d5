"""A way out over SSH: one login by the system's OpenSSH client, one stream for each connection."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.shares import in_time
from mxcheck.probe.tcp import Channel, Opened
from mxcheck.probe.time_budget import describe_limit, time_budget
from mxcheck.probe.via.ssh_files import SOCKET, exit_command, stream_command, without_own_variables
from mxcheck.wire.address import ip_version
from mxcheck.wire.ssh_log import SshLog, Stream, parse_open_failure

MOST_WAITING = 200
"""Streams that the other machine has not answered, at most.

It goes on with a connect() that we no longer wait for, for about two minutes each.
"""
ALIVE_SECONDS = 10.0
"""How long the other machine may take to refuse a connection to itself: it answers at once."""
_REFUSED_AT_ONCE = ("127.0.0.1", 1)
_WITHOUT_HOST = {4: ("192.0.2.1", 25), 6: ("2001:db8::1", 25)}
"""Addresses that a machine with a route to the family begins to connect to (RFC 5737, RFC 3849).

The port is one that a login which may do nothing else is allowed to forward to.
"""
_NO_WORDS = "connect failed: open failed"
"""What sshd says if connect() fails at once: above all if it lacks the address family."""
_REASON_SECONDS = 2.0
_UNKNOWN_ADDRESS = "127.0.0.1"
_OPENED = "master session id:"
_BY_PEER = "refused by peer"
_PROHIBITED = "administratively prohibited"
_WORDS = {
    Trouble.REFUSED: "connection refused",
    Trouble.RESET: "connection reset by the other side",
    Trouble.TIMEOUT: "connection timed out",
    Trouble.HOST_UNREACHABLE: "no route to host",
}


@dataclass(slots=True, kw_only=True)
class SshWay:
    """A shared connection to another machine, which is open; `folder` contains its socket.

    `process` is the client that holds the connection, `log` what it has said.
    """

    folder: Path
    process: asyncio.subprocess.Process
    log: SshLog
    ended: Unseen | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _targets: dict[tuple[str, int], asyncio.Lock] = field(default_factory=dict)
    _clients: set[asyncio.Task[None]] = field(default_factory=set)
    _asking: asyncio.Task[bool] | None = None
    _usable: dict[int, bool] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Return the machine's name."""
        return self.log.host

    @property
    def address(self) -> str:
        """Return the machine's address, "" if another machine leads to it."""
        return self.log.address

    async def follow(self) -> None:
        """Read the log until the connection ends."""
        async for line in _lines(self.process.stderr):
            self.log.feed(line)
            async with self._changed:
                self._changed.notify_all()
        await self.process.wait()
        async with self._changed:
            self._end(self.log.complaint or "the SSH client ended")
            self._changed.notify_all()

    async def ready(self) -> None:
        """Wait until the login is complete, or has failed."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.log.is_ready or bool(self.ended))

    def _end(self, words: str) -> Unseen:
        detail = f"the way out over SSH broke during the run: {words}"
        self.ended = self.ended or Unseen(trouble=Trouble.WAY_BROKEN, detail=detail)
        return self.ended

    async def connect(self, address: str, port: int, seconds: float) -> Opened | Unseen:
        """Return a connection from the other machine, or why there is none."""
        # Of two streams to one target the log does not tell which one is meant.
        async with self._targets.setdefault((address, port), asyncio.Lock()):
            async with self._changed:
                await self._changed.wait_for(lambda: self.ended or self.log.waiting < MOST_WAITING)
            begun = time.monotonic()
            opened = await self._open(address, port, seconds)
        if isinstance(opened, Unseen):
            return opened
        return opened, (time.monotonic() - begun) * 1000

    async def _open(self, address: str, port: int, seconds: float) -> Channel | Unseen:
        async with self._client(address, port) as client:
            try:
                async with time_budget(seconds):
                    answer = await client.answer()
            except TimeoutError:
                limit = describe_limit(seconds, "--connect-timeout")
                late = Unseen(trouble=Trouble.TIMEOUT, detail=f"no answer within {limit}")
                return await self.why_broken() or late
            if answer == _OPENED:
                client.stream.settled = True
                self._usable[ip_version(address)] = True
                return await client.take_over(self.address)
            return self.ended or await self._why_not(client.stream, answer)

    async def _why_not(self, stream: Stream, answer: str) -> Unseen:
        """Return why a stream was not opened; the log may come a moment later than the answer."""
        if answer != _BY_PEER:
            return await self.why_broken() or _unexplained(answer)
        await self._wait_for(lambda: bool(stream.failure or self.ended))
        family = ip_version(stream.target.rpartition(":")[0])
        trouble = parse_open_failure(stream.failure)
        if trouble in _WORDS:
            self._usable[family] = True
            return Unseen(trouble=trouble, detail=_WORDS[trouble])
        if trouble is Trouble.NO_ROUTE or (
            stream.failure == _NO_WORDS and not await self._is_usable(family)
        ):
            detail = f"the machine of --via has no route to IPv{family}"
            return Unseen(trouble=Trouble.NO_ROUTE, detail=detail)
        return self.ended or _unexplained(stream.failure or answer)

    async def _is_usable(self, family: int) -> bool:
        """Return whether the other machine has a route to an address family.

        Without one it fails at once also for an address that nobody has.
        """
        if family not in self._usable:
            self._usable[family] = await in_time(_REASON_SECONDS, self._begins(family), late=True)
        return self._usable[family]

    async def _begins(self, family: int) -> bool:
        async with self._client(*_WITHOUT_HOST[family]) as client:
            await client.answer()
            await self._wait_for(lambda: bool(client.stream.failure or self.ended))
            return client.stream.failure != _NO_WORDS

    async def _wait_for(self, condition: Callable[[], bool]) -> None:
        async def changed() -> None:
            async with self._changed:
                await self._changed.wait_for(condition)

        await in_time(_REASON_SECONDS, changed(), None)

    async def why_broken(self) -> Unseen | None:
        """Return why the way no longer works, or None if the other machine answers."""
        if self.ended is None:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._answers())
            if await asyncio.shield(self._asking):
                return None
            self._end("the other machine no longer answers")
        return self.ended

    async def _answers(self) -> bool:
        """Return whether the other machine answers for a port of its own, whatever it says."""

        async def ask() -> bool:
            async with self._client(*_REFUSED_AT_ONCE) as client:
                return await client.answer() in {_OPENED, _BY_PEER}

        return await in_time(ALIVE_SECONDS, ask(), late=False)

    @contextlib.asynccontextmanager
    async def _client(self, address: str, port: int) -> AsyncIterator["_Client"]:
        stream = self.log.expect(address, port)
        client = await _start_client(self.folder, stream, address, port)
        try:
            yield client
        finally:
            task = asyncio.create_task(client.leave())
            self._clients.add(task)
            task.add_done_callback(self._clients.discard)

    async def close(self) -> None:
        """End the shared connection, and all that goes through it."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        await asyncio.gather(self.process.wait(), *self._clients)
        if (self.folder / SOCKET).exists():  # a client in the background holds the connection
            ending = await start(exit_command(self.folder), asyncio.subprocess.DEVNULL)
            await ending.communicate()


@dataclass(slots=True, kw_only=True)
class _Client:
    """A client that asks for one stream; `socket` is our end of what it reads and writes.

    `ends` says that it is done, and ends by itself.
    """

    stream: Stream
    socket: socket.socket
    process: asyncio.subprocess.Process
    taken: bool = False
    ends: bool = False

    async def answer(self) -> str:
        """Return how the request ended: _OPENED, _BY_PEER, or other last words."""
        last = "the SSH client ended without a word"
        async for line in _lines(self.process.stderr):
            if _OPENED in line:
                return _OPENED
            last = line
            if _BY_PEER in line:
                last = _BY_PEER
                break
        self.ends = True
        return last

    async def take_over(self, address: str) -> Channel:
        """Return the stream as a channel, which closes it."""
        self.taken = True
        reader, writer = await asyncio.open_connection(sock=self.socket)
        return Channel(reader, writer, far_address=address or _UNKNOWN_ADDRESS)

    async def leave(self) -> None:
        """Let the client go: at once, or once its stream is closed."""
        if not self.taken:
            self.socket.close()
        # A signal to a process that is ending makes asyncio print that it does not know it.
        if not (self.taken or self.ends):
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        async for _ in _lines(self.process.stderr):
            pass
        await self.process.wait()


async def _start_client(folder: Path, stream: Stream, address: str, port: int) -> _Client:
    ours, theirs = socket.socketpair()
    try:
        process = await start(stream_command(folder, address, port), theirs.fileno())
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return _Client(stream=stream, socket=ours, process=process)


async def start(command: list[str], stream: int) -> asyncio.subprocess.Process:
    """Start OpenSSH, beyond the reach of the terminal's interrupt; `stream` is a descriptor."""
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=stream,
        stdout=stream,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        env=without_own_variables(os.environ),
    )


async def _lines(stream: asyncio.StreamReader | None) -> AsyncIterator[str]:
    while stream:
        try:
            line = await stream.readline()
        except ValueError:  # a line beyond the reader's limit
            continue
        if not line:
            return
        yield line.decode("utf-8", "backslashreplace").rstrip("\r\n")


def _unexplained(words: str) -> Unseen:
    detail = f"the way out over SSH opened no connection: {words}"
    if words.startswith(_PROHIBITED):
        detail += (
            " (let the key forward to that port: permitopen in authorized_keys, and"
            " AllowTcpForwarding in sshd_config)"
        )
    return Unseen(trouble=Trouble.WAY_OUT, detail=detail)
