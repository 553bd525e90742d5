"""What the relay dialogue of a visit proves: one refusal is not like another.

RFC 2505 2.1 and RFC 5321 3.6.2, 7.9: a server must not pass on strangers' mail to strangers. But a
refusal proves that it does not only where it is about relaying, or where the same server, asked on
the same connection, takes mail for its own domain.
"""

from dataclasses import dataclass
from enum import Enum

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply
from mxcheck.policy import RelayMode
from mxcheck.rules.base import EndpointCase, NotApplicable
from mxcheck.rules.subjects import the_greeting
from mxcheck.wire.refusal import Refusal, parse_refusal


class Proof(Enum):
    """What one form shows."""

    ACCEPTED = "accepted"
    REFUSED = "refused, proven"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayDialogue:
    """The forms that were tried for one domain, and its control recipient's reply."""

    outside: tuple[RelayAttempt, ...]
    control: RelayAttempt | None

    def proof_of(self, attempt: RelayAttempt) -> Proof:
        """What an attempt for an outside recipient proves."""
        if isinstance(attempt.mail, Unseen) or attempt.mail.code >= 400:  # noqa: PLR2004
            return Proof.OPEN
        if isinstance(attempt.rcpt, Unseen):
            return Proof.OPEN
        match parse_refusal(attempt.rcpt):
            case Refusal.NONE:
                return Proof.ACCEPTED
            case Refusal.RELAY:
                return Proof.REFUSED
            case Refusal.CLIENT | Refusal.OTHER if self.control_accepted:
                return Proof.REFUSED
            case _:
                return Proof.OPEN

    @property
    def control_accepted(self) -> bool:
        """Whether the server took the control recipient at the tested domain."""
        reply = self.control.rcpt if self.control else None
        return isinstance(reply, Reply) and parse_refusal(reply) is Refusal.NONE


def the_relay_dialogue(case: EndpointCase) -> RelayDialogue | NotApplicable:
    """The relay attempts of a visit that speak of the tested domain, or of none in particular."""
    if case.policy.relay is RelayMode.OFF:
        return NotApplicable(message="the relay test is off")
    greeting = the_greeting(case)
    if isinstance(greeting, NotApplicable):
        return greeting
    attempts = [a for a in case.visit.relay if a.domain in {"", case.domain.name}]
    outside = [
        attempt
        for attempt in attempts
        if attempt.form is not RelayForm.CONTROL
        and attempt.recipient == case.policy.relay_recipient
        and (
            attempt.form is not RelayForm.GIVEN_SENDER or attempt.sender == case.policy.relay_sender
        )
    ]
    controls = [attempt for attempt in attempts if attempt.form is RelayForm.CONTROL]
    return RelayDialogue(outside=tuple(outside), control=controls[0] if controls else None)


def describe(attempt: RelayAttempt) -> str:
    """An attempt and its answer, for a message."""
    mail = attempt.mail
    said = f"MAIL FROM:<{attempt.sender}> RCPT TO:<{attempt.recipient}>"
    if isinstance(mail, Unseen):
        return f"{said}: {mail.detail}"
    if mail.code >= 400:  # noqa: PLR2004 - MAIL itself was refused
        return f"MAIL FROM:<{attempt.sender}>: {mail}"
    return f"{said}: {attempt.rcpt.detail if isinstance(attempt.rcpt, Unseen) else attempt.rcpt}"
