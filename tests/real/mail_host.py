"""What the mail servers of the real world have in common, whichever program they are."""

from dataclasses import dataclass

from tests.real import certs

SMTP_PORT = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHost:
    """The only MX host, `mx.NAME.test`, of a domain `NAME.test`."""

    name: str
    addresses: tuple[str, ...]
    certificate: certs.Recipe = certs.TRUSTED
    port: int = SMTP_PORT

    @property
    def domain(self) -> str:
        return f"{self.name}.test"

    @property
    def host(self) -> str:
        return f"mx.{self.domain}"

    @property
    def address(self) -> str:
        return self.addresses[0]
