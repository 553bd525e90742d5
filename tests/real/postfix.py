"""The real mail servers: one Postfix instance with many services, which delivers nothing."""

import itertools
import re
import stat
import time
from pathlib import Path

from mxcheck.demo.certificates import Issued
from tests.promise import Watch
from tests.real import postfix_programs
from tests.real.certs import Authorities
from tests.real.logs import count
from tests.real.namespace import Namespace
from tests.real.population import Population
from tests.real.promise import harm_to_postfix
from tests.real.services import Daemon, Service

CONNECT = re.compile(r"/(?:smtpd|postscreen)\[\d+\]: connect from ", re.IGNORECASE)

# Not those of postscreen: it does not log the end of every session that it hands on.
_BEGUN = re.compile(r"/smtpd\[\d+\]: connect from ")
_ENDED = re.compile(r"/smtpd\[\d+\]: disconnect from ")
ONE_CLIENT_EACH = "max_use=1"
"""The option of a service with which each connection meets the files as they are."""

_POLL_SECONDS = 0.02
_POLL_TRIES = 250
_QUEUES = ("maildrop", "incoming", "active", "deferred", "hold")

# Without pickup, qmgr and delivery agents not even an accepted message would go anywhere.
_BACKSTAGE = """\
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
rewrite-for-nobody unix - - n - - trivial-rewrite -o mydestination=
rewrite-not unix - - n - - trivial-rewrite -o allow_percent_hack=no -o swap_bangpath=no
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
"""


class Postfix:
    def __init__(
        self,
        namespace: Namespace,
        folder: Path,
        authorities: Authorities,
        population: Population,
    ) -> None:
        self._namespace = namespace
        self._population = population
        self._folder = folder
        self._settings = folder / "etc"
        self._queue = folder / "queue"
        self._log = folder / "mail.log"
        self.watch = Watch(lambda: harm_to_postfix(self.log()))
        self._marks = itertools.count()
        self._write(authorities)
        self._server = postfix_programs.start(namespace, folder)

    def wait_for(self) -> None:
        # It opens its ports in the order of master.cf, so once the last one is open, all are.
        last = self._population.services[-1]
        self._server.wait_for(last.addresses[-1], last.port)

    def stop(self) -> None:
        self._server.stop()

    def deploy(self, service: Service, issued: Issued) -> None:
        """Replace the certificate of a service whose processes serve one client each."""
        assert ONE_CLIENT_EACH in service.options
        self._chain(service).write_bytes(issued.key_pem + issued.chain_pem)

    def log(self) -> list[str]:
        """Return the lines of the log, once all sessions have ended and all of it is written."""
        mark = f"mark {next(self._marks)}"
        postfix_programs.run(self._namespace, "postlog", "-c", str(self._settings), mark)
        for _ in range(_POLL_TRIES):
            lines = self._log.read_text(errors="replace").splitlines()
            # Lines are written in the order in which they came: whatever connected before the
            # mark stands above it.
            written = any(line.endswith(mark) for line in lines)
            if written and count(_BEGUN, lines) <= count(_ENDED, lines):
                return lines
            time.sleep(_POLL_SECONDS)
        raise TimeoutError(f"Postfix still has open sessions:\n{self._log.read_text()}")

    def queued(self) -> list[Path]:
        """Return the messages in the queue; there must never be one.

        The file of a transaction that was given up may remain for a moment after the session.
        """
        folders = (self._queue / name for name in _QUEUES)
        return [path for folder in folders for path in folder.rglob("*") if _is_message(path)]

    def _write(self, authorities: Authorities) -> None:
        for folder in (self._settings, self._queue, self._folder / "chains"):
            folder.mkdir(parents=True)
        for service in self._population.services:
            issued = service.certificate(authorities, service.host)
            self._chain(service).write_bytes(issued.key_pem + issued.chain_pem)
            if service.named:
                name, recipe = service.named
                named = recipe(authorities, name)
                self._named_chain(service).write_bytes(named.key_pem + named.chain_pem)
        services = "".join(map(self._master_lines, self._population.services))
        (self._settings / "master.cf").write_text(_BACKSTAGE + services)
        (self._settings / "main.cf").write_text(self._main())

    def _main(self) -> str:
        return f"""\
{postfix_programs.settings()}\
queue_directory = {self._queue}
data_directory = {self._folder}/data
maillog_file = {self._log}
maillog_file_prefixes = {self._folder}
myhostname = mx.test
mydestination = {" ".join(self._population.mail_domains)}
mynetworks = 192.0.2.1
inet_protocols = ipv4, ipv6
alias_maps =
alias_database =
local_recipient_maps = inline:{{ {{ postmaster = postmaster }} }}
in_flow_delay = 0
notify_classes =
smtpd_banner = $myhostname ESMTP
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_tls_security_level = may
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_loglevel = 1
postscreen_cache_map =
"""

    def _master_lines(self, service: Service) -> str:
        options = (
            f"myhostname={service.host}",
            f"smtpd_tls_chain_files={self._chain(service)}",
            *self._choice_by_name(service),
            *service.options,
        )
        log = f"syslog_name=postfix/{service.name}"
        if service.daemon is Daemon.SMTPD:
            flags = _flags(log, *options)
            return "".join(
                f"{_endpoint(address, service.port)} inet n - n - - smtpd\n{flags}"
                for address in service.addresses
            )
        behind = f"{service.name}-behind"
        screen = _flags(log, *options, f"smtpd_service_name={behind}")
        return (
            f"{_endpoint(service.address, service.port)} inet n - n - 1 postscreen\n{screen}"
            f"{behind} pass - - n - - smtpd\n{_flags(f'{log}-behind', *options)}"
        )

    def _chain(self, service: Service) -> Path:
        return self._folder / "chains" / f"{service.name}.pem"

    def _named_chain(self, service: Service) -> Path:
        return self._folder / "chains" / f"{service.name}-named.pem"

    def _choice_by_name(self, service: Service) -> tuple[str, ...]:
        if not service.named:
            return ()
        name, _ = service.named
        return (f"tls_server_sni_maps=inline:{{{{ {name} = {self._named_chain(service)} }}}}",)


def _endpoint(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _flags(*options: str) -> str:
    return "".join(f"  -o {{ {option} }}\n" for option in options)


def _is_message(path: Path) -> bool:
    """Say whether it is the file of a whole message, which Postfix marks as executable."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:  # deleted meanwhile
        return False
    return stat.S_ISREG(mode) and bool(mode & stat.S_IXUSR)
