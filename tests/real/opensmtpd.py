"""The real OpenSMTPD: one daemon that listens once a service, and delivers nothing."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.promise import Watch
from tests.real import certs
from tests.real.aside import AsideProgram
from tests.real.certs import Authorities
from tests.real.logs import SessionLog
from tests.real.mail_host import SMTP_PORT, MailHost
from tests.real.namespace import Namespace, Server
from tests.real.promise import harm_to_opensmtpd

PROGRAM = AsideProgram(package="opensmtpd", name="smtpd")

_FOR_OUR_DOMAIN = 'from any for domain "{domain}" action "mailbox"'
_FOR_ANY_DOMAIN = 'from any for any action "outbound"'


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSmtpdService(MailHost):
    tls: bool = True
    protocols: str = ""
    match: str = _FOR_OUR_DOMAIN


OPENSMTPD_SERVICES = (
    OpenSmtpdService(name="opensmtpd-healthy", addresses=("127.0.3.1",)),
    OpenSmtpdService(name="opensmtpd-open-relay", addresses=("127.0.3.2",), match=_FOR_ANY_DOMAIN),
    OpenSmtpdService(name="opensmtpd-no-tls", addresses=("127.0.3.3",), tls=False),
    OpenSmtpdService(
        name="opensmtpd-wrong-name",
        addresses=("127.0.3.4",),
        certificate=certs.trusted(names=["mail.elsewhere.test"]),
    ),
    OpenSmtpdService(
        name="opensmtpd-backup-without-domain",
        addresses=("127.0.3.5",),
        match='from any for domain "elsewhere.test" action "mailbox"',
    ),
    OpenSmtpdService(name="opensmtpd-tls12", addresses=("127.0.3.6",), protocols="TLSv1.2"),
)

OPENSMTPD_BY_NAME = {service.name: service for service in OPENSMTPD_SERVICES}

_CONNECT = re.compile(r": connected to listener .*tag=([\w-]+)\]")
_DISCONNECT = re.compile(r" smtp disconnected reason=")

# Its folders are built into it. Each command in the namespace sees mounts of its own, so these hide
# the system's folders from this one server alone. Without the /run to which /etc/resolv.conf may
# lead, the resolver is the one on 127.0.0.1, which is the right one.
_START = """\
mount --bind "$1/run" /run && mount --bind "$1/spool" /var/spool && \
mount --bind "$1/lib" /var/lib && shift && exec "$@"
"""


class OpenSmtpd:
    def __init__(self, namespace: Namespace, folder: Path, authorities: Authorities) -> None:
        self._folder = folder
        for path, mode in (
            ("run", 0o755),
            ("spool/smtpd", 0o711),
            ("lib/opensmtpd/empty", 0o755),
            ("pki", 0o700),
        ):
            (folder / path).mkdir(parents=True)
            (folder / path).chmod(mode)
        for service in OPENSMTPD_SERVICES:
            self._write_pki(service, authorities)
        (folder / "smtpd.conf").write_text(self._settings())
        (folder / "smtpd.conf").chmod(0o600)
        daemon = PROGRAM.command("-d", "-T", "smtp", "-f", str(folder / "smtpd.conf"))
        command = ["sh", "-c", _START, "sh", str(folder), *daemon]
        log = folder / "smtpd.log"
        self._server = Server(namespace, command, log)
        self._log = SessionLog(path=log, begin=_CONNECT, end=_DISCONNECT)
        self.watch = Watch(lambda: harm_to_opensmtpd(self.log()))

    def wait_for(self) -> None:
        self._server.wait_for(OPENSMTPD_SERVICES[-1].address, SMTP_PORT)

    def stop(self) -> None:
        self._server.stop()

    def log(self) -> list[str]:
        """Return the lines of the log, once all sessions have ended: all that was said is in it."""
        return self._log.read()

    def connections(self, name: str) -> int:
        """Count the connections that a service has had since the world was started."""
        return [match[1] for line in self.log() if (match := _CONNECT.search(line))].count(name)

    def queued(self) -> list[Path]:
        """Return the messages in the queue; there must never be one."""
        return [path for path in (self._folder / "spool").rglob("*") if path.is_file()]

    def _write_pki(self, service: OpenSmtpdService, authorities: Authorities) -> None:
        issued = service.certificate(authorities, service.host)
        for path, content in (
            (self._pki(service, "crt"), issued.chain_pem),
            (self._pki(service, "key"), issued.key_pem),
        ):
            path.touch(mode=0o600)
            path.write_bytes(content)

    def _pki(self, service: OpenSmtpdService, ending: str) -> Path:
        return self._folder / "pki" / f"{service.name}.{ending}"

    def _settings(self) -> str:
        return "".join(
            (
                'table aliases { "postmaster" = "root" }\n',
                *map(self._pki_lines, OPENSMTPD_SERVICES),
                *map(_listener, OPENSMTPD_SERVICES),
                'action "mailbox" mda "/bin/false" alias <aliases>\n',
                'action "outbound" relay\n',
                *map(_match, OPENSMTPD_SERVICES),
            )
        )

    def _pki_lines(self, service: OpenSmtpdService) -> str:
        return (
            f'pki {service.host} cert "{self._pki(service, "crt")}"\n'
            f'pki {service.host} key "{self._pki(service, "key")}"\n'
        )


def _listener(service: OpenSmtpdService) -> str:
    tls = f"tls pki {service.host} " if service.tls else ""
    tls += f'protocols "{service.protocols}" ' if service.protocols else ""
    return f"listen on {service.address} {tls}hostname {service.host} tag {service.name}\n"


def _match(service: OpenSmtpdService) -> str:
    return f"match tag {service.name} {service.match.format(domain=service.domain)}\n"
