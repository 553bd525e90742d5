"""A real sender: a Postfix instance that obeys DANE, and never sends more than RCPT."""

import re
import time
from collections.abc import Collection
from pathlib import Path

from tests.real import postfix_programs
from tests.real.dane.case import Delivery
from tests.real.dane.posttls_finger import IMPATIENT
from tests.real.namespace import Namespace

_POLL_SECONDS = 0.05
_POLL_TRIES = 600
_END = re.compile(r" to=<postmaster@(?P<domain>[^>]+)>, relay=(?P<relay>[^,]+), .* status=.*")

# Nothing but bounce makes mail here, a report on the tries; it is thrown away.
_SERVICES = """\
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
scache unix - - n - 1 scache
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - 40 smtp
discard unix - - n - - discard
"""


class Sender:
    def __init__(self, namespace: Namespace, folder: Path) -> None:
        self._namespace = namespace
        self._settings = folder / "etc"
        self._log = folder / "mail.log"
        for path in (self._settings, folder / "queue"):
            path.mkdir(parents=True)
        folder.chmod(0o755)
        (self._settings / "master.cf").write_text(_SERVICES)
        (self._settings / "main.cf").write_text(_main(folder, self._log))
        self._server = postfix_programs.start(namespace, folder)

    def stop(self) -> None:
        self._server.stop()

    def try_all(self, domains: Collection[str]) -> dict[str, str]:
        """Go as far as RCPT with each domain, and return what the log says of it."""
        recipients = (f"postmaster@{domain}" for domain in domains)
        verify = ("-C", str(self._settings), "-bv", "-f", "sender@localhost")
        postfix_programs.run(self._namespace, "sendmail", *verify, *recipients)
        for _ in range(_POLL_TRIES):
            log = self._log.read_text(errors="replace") if self._log.exists() else ""
            ends = {end["domain"]: end for end in _END.finditer(log)}
            if ends.keys() >= set(domains):
                return {domain: f"{_tls(log, ends[domain])}{ends[domain][0]}" for domain in domains}
            time.sleep(_POLL_SECONDS)
        raise TimeoutError(f"there still are domains to be tried:\n{log}")


def deliveries_by(said: str) -> set[Delivery]:
    """Read what the log says of a domain; it leaves open whether DANE asked for TLS."""
    if "status=deliverable" in said:
        # It says no more than "trusted" where anybody could have led it to the host.
        if re.match("(Verified|Trusted) TLS", said):
            return {Delivery.AUTHENTICATED}
        return {Delivery.ENCRYPTED, Delivery.AS_EVER}
    return {Delivery.DEFERRED if "TLSA lookup error" in said else Delivery.REFUSED}


def _tls(log: str, end: re.Match[str]) -> str:
    """Return the line that says how far the server is trusted, if there is one."""
    line = re.search(rf"\w+ TLS connection established to {re.escape(end['relay'])}.*\n", log)
    return line[0] if line else ""


def _main(folder: Path, log: Path) -> str:
    return f"""\
{postfix_programs.settings(f"RES_OPTIONS={IMPATIENT}")}\
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {log}
maillog_file_prefixes = {folder}
myhostname = sender.test
mydestination = localhost
local_transport = discard
inet_protocols = ipv4
alias_maps =
smtp_dns_support_level = dnssec
smtp_tls_security_level = dane
smtp_tls_loglevel = 1
smtp_tls_CAfile =
"""
