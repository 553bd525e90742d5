"""What one SMTP server said during one visit."""

from dataclasses import dataclass
from enum import StrEnum

from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.evidence.tls import OwnHello, ShownTls, TlsSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An SMTP reply (RFC 5321 4.2): its code, and the text of each of its lines.

    Bytes that are not UTF-8 stand as backslash escapes; nothing else is made inert here.
    """

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text on one line."""
        return " ".join(self.lines)

    def __str__(self) -> str:
        """Code and text, as people quote it."""
        return f"{self.code} {self.text}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A TCP connection that was made; time in milliseconds."""

    connect_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """The first reply, and the milliseconds from the TCP connection to its last line."""

    reply: Reply
    greeting_ms: float


class RelayForm(StrEnum):
    """The forms in which relaying is asked for.

    CONTROL is mail that the server should take; RANDOM_CONTROL is mail for a mailbox that does not
    exist. OUTSIDE_SENDER has a sender at a name of this machine, GIVEN_SENDER one that the user
    named in its place. The forms after RANDOM_CONTROL have recipients at the tested domain that
    name an outside mailbox.
    """

    CONTROL = "control"
    OUTSIDE_SENDER = "outside-sender"
    GIVEN_SENDER = "given-sender"
    NULL_SENDER = "null-sender"
    DOMAIN_SENDER = "domain-sender"
    RANDOM_CONTROL = "random-control"
    PERCENT_HACK = "percent-hack"
    QUOTED_ADDRESS = "quoted-address"
    BANG_PATH = "bang-path"
    SOURCE_ROUTE = "source-route"


TO_OUTSIDE = frozenset(
    {
        RelayForm.OUTSIDE_SENDER,
        RelayForm.GIVEN_SENDER,
        RelayForm.NULL_SENDER,
        RelayForm.DOMAIN_SENDER,
    }
)
"""The forms with an outside recipient."""
THROUGH_DOMAIN = frozenset(
    {
        RelayForm.PERCENT_HACK,
        RelayForm.QUOTED_ADDRESS,
        RelayForm.BANG_PATH,
        RelayForm.SOURCE_ROUTE,
    }
)
"""The forms that address the tested domain itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayAttempt:
    """One sender and one recipient, with the replies to MAIL and RCPT; never a step further.

    Addresses are without angle brackets, the null sender is "". Attempts of one transaction share
    the reply to MAIL. `domain` is the tested domain that the form speaks of, "" if it speaks of
    none. `connection` numbers the connections of one visit that the relay test used, from 1.
    """

    domain: str
    form: RelayForm
    sender: str
    recipient: str
    mail: Reply | Unseen
    rcpt: Reply | Unseen
    connection: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """NOOP sent in clear behind STARTTLS in one segment, and QUIT, the only command inside TLS.

    `starttls` is the answer to the former; `replies` is what came inside TLS: the answer to QUIT,
    and whatever was before it.
    """

    starttls: Reply | Unseen
    tls: TlsSession | Unseen = NOT_ASKED
    replies: tuple[Reply | Unseen, ...] = ()


class Direction(StrEnum):
    """Who spoke."""

    CLIENT = "C"
    SERVER = "S"
    NOTE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the transcript; time in milliseconds since the visit began."""

    at_ms: float
    direction: Direction
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """All that one visit to one address of one MX host showed, stage by stage.

    A stage that an earlier one kept from happening is Unseen with NOT_ASKED. `tries` counts the
    connections that were opened or attempted. `relay_left_out` says why relay forms that were to be
    tried are not in `relay`; it is NOT_ASKED if none is missing, or the visit ended before them.

    The rest comes from further connections, each asking one question: `hellos` about old versions
    or a failed handshake, `chain_hellos` about a certificate of another kind, `base_hellos` about
    the certificates of a TLSA base domain other than the MX host, `large_hellos` about a long
    ClientHello (last the short one that followed, if the long ones were not answered). `shown` is
    what they, and other tries of the visit, showed of TLS that the visit itself did not.
    """

    host: str
    address: str
    port: int
    tries: int = 0
    connection: Connection | Unseen = NOT_ASKED
    greeting: Greeting | Unseen = NOT_ASKED
    ehlo: Reply | Unseen = NOT_ASKED
    helo: Reply | Unseen = NOT_ASKED
    starttls: Reply | Unseen = NOT_ASKED
    tls: TlsSession | Unseen = NOT_ASKED
    ehlo_after_tls: Reply | Unseen = NOT_ASKED
    hellos: tuple[OwnHello, ...] = ()
    chain_hellos: tuple[OwnHello, ...] = ()
    base_hellos: tuple[OwnHello, ...] = ()
    large_hellos: tuple[OwnHello, ...] = ()
    shown: tuple[ShownTls, ...] = ()
    injection: Injection | Unseen = NOT_ASKED
    relay: tuple[RelayAttempt, ...] = ()
    relay_left_out: Unseen = NOT_ASKED
    transcript: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryCall:
    """What a control host said, which tells whether the way out on port 25 is open.

    `family` is 4 or 6; `address` is "" if the host has none in that family. EHLO is sent only if a
    firewall seems to rewrite what servers say.
    """

    host: str
    family: int
    address: str
    greeting: Reply | Unseen
    ehlo: Reply | Unseen = NOT_ASKED
