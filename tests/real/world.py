"""The real world, started and ended as one, with the tool run inside it."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from tests.real import nameservers, nginx, postfix_programs
from tests.real.certs import Authorities
from tests.real.checked import Checked, Report
from tests.real.domains import NAMESERVER, Zone
from tests.real.logs import count
from tests.real.mail_host import SMTP_PORT, MailHost
from tests.real.namespace import Namespace, Server
from tests.real.population import MAIN, Population
from tests.real.postfix import CONNECT, Postfix
from tests.real.services import HEALTHY_IPV6

# Runs the check over one domain, at the first asking.
CheckOnce = Callable[[str], Checked]

# The Debian packages that have to be installed, by a program of each.
PACKAGES = {"ip": "iproute2", "openssl": "openssl", "swaks": "swaks"}
_SERVERS = (postfix_programs.MASTER, nameservers.NSD, nameservers.UNBOUND, nginx.PROGRAM)

_POLL_SECONDS = 0.02
_POLL_TRIES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RealWorld:
    folder: Path
    namespace: Namespace
    postfix: Postfix
    authorities: Authorities
    ca_file: Path
    nsd: nameservers.Nsd
    unbound: Server

    def run(
        self, *arguments: str, env: Mapping[str, str] | None = None, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the `mxcheck` command inside, in an empty folder and without settings from here."""
        with tempfile.TemporaryDirectory(dir=self.folder) as cwd:
            return self.namespace.mxcheck(*arguments, env=env, stdin=stdin, cwd=Path(cwd))

    def check(self, *arguments: str, private: bool = True, stdin: str | None = None) -> Checked:
        """Run `mxcheck check` with flags that suit this world; a flag given here wins."""
        file = self.folder / "report.json"
        file.unlink(missing_ok=True)
        flags = ["--json", str(file)]
        defaults = {
            "--ca-file": str(self.ca_file),
            "--retries": "0",
            "--connect-timeout": "2",
            "--canary": "none",
        }
        for flag, value in defaults.items():
            flags += [] if flag in arguments else [flag, value]
        flags += ["--allow-private"] if private else []
        done = self.run("check", *flags, *arguments, stdin=stdin)
        if not file.exists():
            raise AssertionError(f"no report, exit code {done.returncode}: {done.stderr}")
        report: Report = json.loads(file.read_text())
        return Checked(done.returncode, report, done.stdout, done.stderr)

    def publish(self, zone: Zone) -> None:
        """Serve a zone with other records, and have the resolver forget those from before."""
        before = self.nsd.zones[zone.name]
        # Once it is in the cache, what the resolver says next tells that the cache is empty.
        self._await_serial(nameservers.RESOLVER, before)
        after = replace(zone, serial=before.serial + 1)
        self.nsd.publish(after)
        self._await_serial(NAMESERVER, after)
        self.unbound.reload()
        self._await_serial(nameservers.RESOLVER, after)

    def _await_serial(self, server: str, zone: Zone) -> None:
        query = dns.message.make_query(f"{zone.name}.", "SOA")
        for _ in range(_POLL_TRIES):
            # While it reloads, a server may hang up.
            with self.namespace.inside(), suppress(OSError, EOFError, dns.exception.Timeout):
                answer = dns.query.tcp(query, server, timeout=5).answer
                if any(record.serial == zone.serial for rrset in answer for record in rrset):
                    return
            time.sleep(_POLL_SECONDS)
        raise TimeoutError(f"{server} does not serve {zone.name} with serial {zone.serial}")

    def rcpt(self, host: MailHost, recipient: str) -> str:
        """Return what the server says to swaks up to RCPT; nothing is ever sent."""
        arguments = ("--server", host.address, "--from", "<>", "--to", recipient)
        return self.namespace.run("swaks", *arguments, "--quit-after", "RCPT").stdout

    def sender(self, host: MailHost) -> str:
        """Return what Postfix's client meets where it insists on a trusted certificate."""
        insists = ("-l", "secure", "-F", str(self.ca_file))
        server = (f"[{host.address}]:{SMTP_PORT}", host.host)
        return postfix_programs.finger(self.namespace, *insists, *server)

    def postfix_log(self, service: str = "") -> list[str]:
        """Return the lines of Postfix's log that are about a service, or all of them."""
        return [line for line in self.postfix.log() if f" postfix/{service}" in line]

    def connections(self, service: str) -> int:
        """Count the connections that a service has had since the world was started."""
        return count(CONNECT, self.postfix_log(f"{service}/"))


def obstacle() -> str:
    """Say why the world cannot be started here; nothing where it can."""
    missing = [package for program, package in PACKAGES.items() if shutil.which(program) is None]
    if missing:
        return f"the Debian packages {', '.join(missing)} are not installed"
    if os.geteuid() != 0:
        return "making a network namespace takes root"
    if not Path("/etc/resolv.conf").exists():
        return "there is no /etc/resolv.conf over which that of a namespace could be mounted"
    return next(filter(None, (server.obstacle() for server in _SERVERS)), "")


@contextmanager
def running(
    name: str, populate: Callable[[Authorities], Population] = lambda _: MAIN
) -> Iterator[RealWorld]:
    """Start a world in a namespace of that name; end it with the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"{name}-")))
        folder.chmod(0o711)  # Postfix gives up root, and still has to find its own folders
        namespace = Namespace(name, nameservers.RESOLVER)
        stack.callback(namespace.delete)
        namespace.create((f"{HEALTHY_IPV6}/128",))
        authorities = Authorities.make()
        population = populate(authorities)
        ca_file = folder / "ca.pem"
        ca_file.write_bytes(authorities.root.certificate_pem)
        nsd = nameservers.start_nsd(namespace, folder / "nsd", population.zones)
        stack.callback(nsd.server.stop)
        unbound = nameservers.start_unbound(
            namespace, folder / "unbound", nsd.anchor, authorities.issuing
        )
        stack.callback(unbound.stop)
        careless = nameservers.start_unbound_without_validation(namespace, folder / "careless")
        stack.callback(careless.stop)
        postfix = Postfix(namespace, folder / "postfix", authorities, population)
        stack.callback(postfix.stop)
        nsd.server.wait_for(NAMESERVER, nameservers.DNS_PORT)
        unbound.wait_for(nameservers.RESOLVER, nameservers.DNS_PORT)
        careless.wait_for(nameservers.CARELESS_RESOLVER, nameservers.DNS_PORT)
        postfix.wait_for()
        yield RealWorld(
            folder=folder,
            namespace=namespace,
            postfix=postfix,
            authorities=authorities,
            ca_file=ca_file,
            nsd=nsd,
            unbound=unbound,
        )
