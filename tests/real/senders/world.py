"""The odd servers while they run, in a namespace of their own, with DNS for mxcheck."""

import asyncio
import json
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_script import Script, Tls
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.model.endpoint import HostPort
from tests.real import certs
from tests.real.certs import Authorities
from tests.real.checked import Report
from tests.real.exim import EximDaemon
from tests.real.exim_services import EximService
from tests.real.namespace import Namespace
from tests.real.senders.cases import GNUTLS_CASES, handmade_cases, odd_openssl_cases, openssl_cases

_ADDRESS = "127.0.6.{}"


@dataclass(slots=True, kw_only=True)
class OddWorld:
    """Where each odd server listens, by the name of its case."""

    namespace: Namespace
    folder: Path
    ends: dict[str, HostPort] = field(default_factory=dict)
    resolver: str = ""

    def check(self, *rules: str) -> Report:
        """Run the check over all of them, and return its report."""
        file = self.folder / "report.json"
        flags = ["--select", ",".join(rules), "--allow-private", "--retries", "0", "--timeout", "9"]
        flags += ["--resolver", self.resolver, "--canary", "none", "--json", str(file)]
        for name, (address, port) in self.ends.items():
            flags += ["--connect-to", f"mx.{name}.test:25:{address}:{port}"]
        domains = map("{}.test".format, self.ends)
        done = self.namespace.mxcheck("check", *flags, *domains, cwd=self.folder)
        assert file.exists(), done.stderr
        report: Report = json.loads(file.read_text())
        return report


@contextmanager
def running() -> Iterator[OddWorld]:
    """Start the servers; end them with the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mxcheck-odd-")))
        folder.chmod(0o711)  # Exim gives up root, and still has to find its own folders
        namespace = Namespace(f"mxcheck-odd-{os.getpid()}", "127.0.0.1")
        stack.callback(namespace.delete)
        namespace.create(())
        world = OddWorld(namespace=namespace, folder=folder)
        authorities = Authorities.make()
        for number, (name, priority) in enumerate(GNUTLS_CASES.items(), 1):
            service = EximService(
                name=name,
                addresses=(_ADDRESS.format(number),),
                certificate=certs.with_rsa_key,
                options={"tls_require_ciphers": priority},
            )
            daemon = EximDaemon(namespace, folder / name, service, authorities)
            stack.callback(daemon.stop)
            daemon.wait_for()
            world.ends[name] = (service.address, service.port)
        made = [*openssl_cases(), *odd_openssl_cases(), *handmade_cases()]
        stack.enter_context(_in_thread(world, dict(made)))
        yield world


@contextmanager
def _in_thread(world: OddWorld, cases: Mapping[str, Tls]) -> Iterator[None]:
    """Run the scripted servers in a thread whose sockets belong to the namespace."""
    started, stop = threading.Event(), threading.Event()

    def run() -> None:
        with world.namespace.inside():
            asyncio.run(_serve(world, cases, started, stop))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert started.wait(60)
        yield
    finally:
        stop.set()
        thread.join()


async def _serve(
    world: OddWorld, cases: Mapping[str, Tls], started: threading.Event, stop: threading.Event
) -> None:
    async with AsyncExitStack() as servers:
        for name, tls in cases.items():
            script = Script(hostname=f"mx.{name}.test", tls=tls)
            server = await servers.enter_async_context(ScriptedSmtp(script))
            world.ends[name] = server.address
        zone = "".join(
            f"{name}.test. MX 10 mx.{name}.test.\nmx.{name}.test. A {address}\n"
            for name, (address, _) in world.ends.items()
        )
        dns = await servers.enter_async_context(ScriptedDns(zone))
        world.resolver = "{}:{}".format(*dns.address)
        started.set()
        await asyncio.to_thread(stop.wait)
