"""The real Exim servers: a daemon a service, with the access control of Debian's configuration."""

import re
from pathlib import Path

from tests.promise import Watch
from tests.real import users
from tests.real.aside import AsideProgram
from tests.real.certs import Authorities
from tests.real.exim_services import EXIM_SERVICES, EximService
from tests.real.logs import SessionLog, count
from tests.real.mail_host import SMTP_PORT
from tests.real.namespace import Namespace, Server
from tests.real.promise import harm_to_exim

PROGRAM = AsideProgram(package="exim4-daemon-light", name="exim4")

_CONNECT = re.compile(r" SMTP connection from \[.*\(TCP/IP connection count = ")
_DISCONNECT = re.compile(r" SMTP connection from .*(?: closed| lost)| rejected connection in ")

# After exim4-config's acl_check_rcpt, without the comments and what is off unless asked for.
_REST = r"""
begin acl

acl_check_rcpt:
@RCPT_ACL@
  deny
    message = restricted characters in address
    domains = +local_domains
    local_parts = ^[.] : ^.*[@%!/|`#&?]
  deny
    message = restricted characters in address
    domains = !+local_domains
    local_parts = ^[./|] : ^.*[@%!`#&?] : ^.*/\\.\\./
  accept
    local_parts = postmaster
    domains = +local_domains : +relay_to_domains
  accept
    hosts = +relay_from_hosts
  accept
    authenticated = *
  require
    message = relay not permitted
    domains = +local_domains : +relay_to_domains
  require
    verify = recipient
  accept

begin routers

postmaster:
  driver = redirect
  domains = +local_domains
  local_parts = postmaster
  data = :blackhole:

begin authenticators

plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = false
"""


class Exim:
    def __init__(self, namespace: Namespace, folder: Path, authorities: Authorities) -> None:
        folder.mkdir()
        folder.chmod(0o755)
        self._daemons = {
            service.name: EximDaemon(namespace, folder / service.name, service, authorities)
            for service in EXIM_SERVICES
        }

    def __getitem__(self, name: str) -> "EximDaemon":
        return self._daemons[name]

    def wait_for(self) -> None:
        for daemon in self._daemons.values():
            daemon.wait_for()

    def stop(self) -> None:
        for daemon in self._daemons.values():
            daemon.stop()

    def look(self) -> list[str]:
        """Return what the daemons were sent since the last time that breaks the promise."""
        return [line for daemon in self._daemons.values() for line in daemon.watch.look()]

    def queued(self) -> list[Path]:
        """Return the messages in the queues; there must never be one."""
        return [path for daemon in self._daemons.values() for path in daemon.queued()]


class EximDaemon:
    def __init__(
        self, namespace: Namespace, folder: Path, service: EximService, authorities: Authorities
    ) -> None:
        self._service = service
        self._folder = folder
        folder.mkdir()
        folder.chmod(0o755)
        for name in ("spool", "log"):
            users.make_folder(folder / name, owner=users.EXIM)
        self._log = SessionLog(path=folder / "log" / "main", begin=_CONNECT, end=_DISCONNECT)
        self.watch = Watch(lambda: harm_to_exim(self.debug_output()))
        self._write_chain(authorities)
        settings = folder / "exim.conf"
        settings.write_text(self._settings())
        command = PROGRAM.command("-C", str(settings), "-bdf", "-d-all+receive")
        self._debug_output = folder / "daemon.log"
        self._server = Server(namespace, command, self._debug_output)

    def wait_for(self) -> None:
        self._server.wait_for(self._service.address, SMTP_PORT)

    def stop(self) -> None:
        self._server.stop()

    def log(self) -> list[str]:
        """Return the lines of the log, once all sessions have ended."""
        return self._log.read()

    def debug_output(self) -> list[str]:
        """Return what it printed, once all sessions have ended: each command is in it."""
        self.log()
        return self._debug_output.read_text(errors="replace").splitlines()

    def connections(self) -> int:
        """Count the connections since the world was started."""
        return count(_CONNECT, self.log())

    def queued(self) -> list[Path]:
        folders = (self._folder / "spool" / name for name in ("input", "msglog"))
        return [path for folder in folders for path in folder.rglob("*") if path.is_file()]

    def _write_chain(self, authorities: Authorities) -> None:
        issued = self._service.certificate(authorities, self._service.host)
        for name, content in (("chain.pem", issued.chain_pem), ("key.pem", issued.key_pem)):
            (self._folder / name).write_bytes(content)
            (self._folder / name).chmod(0o644)  # Exim gives up root before it reads them

    def _settings(self) -> str:
        service = self._service
        options = "".join(
            f"{option} = {value}\n" for option, value in {**self._main(), **service.options}.items()
        )
        return (
            f"{options}"
            f"domainlist local_domains = {service.local_domains or service.domain}\n"
            f"domainlist relay_to_domains =\n"
            f"hostlist relay_from_hosts = {service.relay_from_hosts}\n"
            f"{_REST.replace('@RCPT_ACL@', service.rcpt_acl)}"
        )

    def _main(self) -> dict[str, str]:
        return {
            "primary_hostname": self._service.host,
            "local_interfaces": self._service.address,
            "daemon_smtp_ports": str(SMTP_PORT),
            "spool_directory": f"{self._folder}/spool",
            "log_file_path": f"{self._folder}/log/%s",
            "log_selector": "+smtp_connection +smtp_protocol_error +smtp_syntax_error",
            "pid_file_path": f"{self._folder}/spool/exim.pid",
            "notifier_socket": "",
            "keep_environment": "",
            "smtp_banner": "$smtp_active_hostname ESMTP",
            "tls_advertise_hosts": "*",
            "tls_require_ciphers": "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
            "tls_certificate": f"{self._folder}/chain.pem",
            "tls_privatekey": f"{self._folder}/key.pem",
            "auth_advertise_hosts": "${if eq{$tls_in_cipher}{}{}{*}}",
            "acl_smtp_rcpt": "acl_check_rcpt",
        }
