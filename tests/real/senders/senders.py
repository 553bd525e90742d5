"""Two senders of today: Postfix with OpenSSL, and Exim with GnuTLS, each with its defaults."""

import re
from pathlib import Path

from tests.real import postfix_programs, users
from tests.real.exim import PROGRAM
from tests.real.namespace import Namespace

# A callout goes as far as RCPT, over TLS or not at all.
_EXIM_SETTINGS = """\
primary_hostname = sender.test
spool_directory = {folder}/spool
log_file_path = {folder}/log/%s
keep_environment =
tls_advertise_hosts =
acl_smtp_rcpt = check
domainlist local_domains =
begin acl
check:
  accept verify = recipient/callout=20s,use_sender,no_cache
  deny
begin routers
there:
  driver = manualroute
  self = send
  transport = smtp
  route_data = {address}::{port}
begin transports
smtp:
  driver = smtp
  hosts_require_tls = *
  tls_tempfail_tryclear = false
"""
_EXIM_TALK = "EHLO a.test\r\nMAIL FROM:<a@sender.test>\r\nRCPT TO:<b@there.test>\r\nQUIT\r\n"


class Postfix:
    """Postfix's own client; with `may` its TLS settings are those of most of its senders."""

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace

    def version(self) -> str:
        number = postfix_programs.run(self._namespace, "postconf", "-d", "-h", "mail_version")
        return f"Postfix {number}, {self._namespace.run('openssl', 'version').stdout.strip()}"

    def says(self, address: str, port: int) -> str:
        """Return what it says of a handshake with a server."""
        options = ("-l", "may", "-o", "inet_protocols=ipv4")
        return postfix_programs.finger(self._namespace, *options, f"[{address}]:{port}")

    @staticmethod
    def gets_through(said: str) -> bool:
        # An alert of TLS 1.3 may come after the handshake.
        lost = "lost connection while sending EHLO" in said
        return "TLS connection established" in said and not lost


class Exim:
    """Debian's Exim as a client, by a callout that insists on TLS."""

    def __init__(self, namespace: Namespace, folder: Path) -> None:
        self._namespace, self._folder = namespace, folder
        for name in ("spool", "log"):
            users.make_folder(folder / name, owner=users.EXIM)

    def version(self) -> str:
        said = self._run("127.0.0.1", 25, "-bV")
        found = re.findall(r"(Exim) version (\S+)|(GnuTLS): Compile: \S+\s+Runtime: (\S+)", said)
        return ", ".join(" ".join(filter(None, words)) for words in found)

    def says(self, address: str, port: int) -> str:
        """Return what it says of a handshake with a server."""
        return self._run(address, port, "-d-all+tls+verify", "-bhc", "192.0.2.1", stdin=_EXIM_TALK)

    def _run(self, address: str, port: int, *arguments: str, stdin: str = "") -> str:
        settings = self._folder / "exim.conf"
        settings.write_text(_EXIM_SETTINGS.format(folder=self._folder, address=address, port=port))
        command = PROGRAM.command("-C", str(settings), *arguments)
        done = self._namespace.run(*command, stdin=stdin)
        return done.stdout + done.stderr

    @staticmethod
    def gets_through(said: str) -> bool:
        return "STARTTLS:220:EHLO:250" in said
