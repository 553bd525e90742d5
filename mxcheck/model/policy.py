"""What the user asks for: the thresholds and choices by which evidence is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How much a rule's failure weighs."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


class FailOn(StrEnum):
    """From which level on a failure fails the run."""

    ERROR = "error"
    WARNING = "warning"


class OnUnknown(StrEnum):
    """What becomes of a run in which an error-level rule could not be judged."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105 - not a password


class Expect(StrEnum):
    """Whether the domain is meant to receive mail."""

    MAIL = "mail"
    NO_MAIL = "no-mail"


class RelayMode(StrEnum):
    """How far the relay test goes."""

    BASIC = "basic"
    THOROUGH = "thorough"
    OFF = "off"


class TlsVersion(StrEnum):
    """A TLS version as users write it; later versions compare greater."""

    TLS10 = "1.0"
    TLS11 = "1.1"
    TLS12 = "1.2"
    TLS13 = "1.3"


DEFAULT_CERT_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The policy for one domain.

    `require` names what may not be absent, by the `absence_of` of rules. `min_cert_days` is None if
    the user set no number, and `min_cert_lifetime` (per cent) if they set no share: without both it
    is DEFAULT_CERT_DAYS, capped as `cert-expiring` says. `select` empty means every rule; `ignore`
    contains ids and families; `no_smtp` leaves out each rule that needs a connection to an MX host.
    `senders` are addresses that send mail of the domain, `dkim_selectors` the selectors that sign
    it, `blocklists` the zones of the lists that are asked about its names and addresses.
    """

    min_tls: TlsVersion = TlsVersion.TLS12
    min_cert_days: int | None = None
    min_cert_lifetime: int | None = None
    relay: RelayMode = RelayMode.BASIC
    relay_sender: str = ""
    relay_recipient: str = "postmaster@iana.org"
    relay_control: str = ""
    max_greeting_seconds: float = 10
    extensions: tuple[str, ...] = ("SIZE", "8BITMIME", "PIPELINING")
    expect: Expect = Expect.MAIL
    senders: tuple[str, ...] = ()
    dkim_selectors: tuple[str, ...] = ()
    blocklists: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    levels: Mapping[str, Level] = field(default_factory=dict)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    no_smtp: bool = False
    fail_on: FailOn = FailOn.ERROR
    on_unknown: OnUnknown = OnUnknown.FAIL
    allow_private: bool = False
