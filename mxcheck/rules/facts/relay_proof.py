"""What the relay dialogue of a visit proves: one refusal is not like another.

RFC 2505 2.1 and RFC 5321 3.6.2, 7.9: a server must not pass on strangers' mail to strangers. But a
refusal proves that it does not only where it is about relaying, or where the same server, asked on
the same connection, takes mail for its own domain. And what it accepts at the tested domain proves
that it does relay only where it refuses mail for a mailbox that is not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from mxcheck.evidence.outcome import OUR_OWN, Trouble, Unseen
from mxcheck.evidence.smtp import THROUGH_DOMAIN, RelayAttempt, RelayForm, Reply, Visit
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.rules.base import EndpointCase, Missing, NotApplicable, Unknown
from mxcheck.rules.facts.stages import the_greeting
from mxcheck.wire.refusal import Refusal, parse_refusal
from mxcheck.wire.relay_address import addresses_through
from mxcheck.wire.reply_code import is_positive, is_refusal


class Proof(Enum):
    """What one form shows."""

    ACCEPTED = "accepted"
    REFUSED = "refused, proven"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayDialogue:
    """The forms that were tried for one domain, and the replies to its control recipients.

    `outside` are those for an outside recipient, `through` those that address the domain itself;
    `strangers` are those for a mailbox at the domain that is not there. `untried` says which
    forms that the policy asks for are not among them, "" where all are.
    """

    outside: tuple[RelayAttempt, ...]
    controls: tuple[RelayAttempt, ...]
    through: tuple[RelayAttempt, ...] = ()
    strangers: tuple[RelayAttempt, ...] = ()
    untried: str = ""

    def proof_of(self, attempt: RelayAttempt) -> Proof:
        """What an attempt proves."""
        if _is_refused(attempt.mail) or isinstance(attempt.rcpt, Unseen):
            return Proof.OPEN
        match parse_refusal(attempt.rcpt):
            case Refusal.NONE if attempt.form in THROUGH_DOMAIN and not self._stranger_refused(
                attempt
            ):
                return Proof.OPEN
            case Refusal.NONE:
                return Proof.ACCEPTED
            case Refusal.RELAY:
                return Proof.REFUSED
            case Refusal.CLIENT | Refusal.OTHER if self._control_accepted(attempt):
                return Proof.REFUSED
            case _:
                return Proof.OPEN

    @property
    def control(self) -> RelayAttempt | None:
        """The control recipient at the tested domain, as it was asked first."""
        return self.controls[0] if self.controls else None

    @property
    def stranger(self) -> RelayAttempt | None:
        """The mailbox at the domain that is not there, as it was asked first."""
        return self.strangers[0] if self.strangers else None

    def _control_accepted(self, attempt: RelayAttempt) -> bool:
        """Whether the server took the control recipient on the connection of an attempt."""
        return any(map(_is_taken, _on_same_connection(self.controls, attempt)))

    def _stranger_refused(self, attempt: RelayAttempt) -> bool:
        """Whether it refused there, for good, the mailbox at the domain that is not there."""
        return any(map(_is_refused_for_good, _on_same_connection(self.strangers, attempt)))

    @property
    def accepted(self) -> tuple[RelayAttempt, ...]:
        """The attempts, of all kinds, that prove relaying."""
        attempts = (*self.outside, *self.through)
        return tuple(a for a in attempts if self.proof_of(a) is Proof.ACCEPTED)

    @property
    def refused(self) -> tuple[RelayAttempt, ...]:
        """The attempts that prove that an outside recipient is refused.

        Those through the domain are none of them: there the server may but have told that its own
        domain has no such mailbox. Where forms were not tried at all, nothing is proven.
        """
        if self.untried:
            return ()
        return tuple(a for a in self.outside if self.proof_of(a) is Proof.REFUSED)

    @property
    def uncounted(self) -> tuple[RelayAttempt, ...]:
        """Those through the domain that were accepted, without being told from catch-all."""
        return tuple(
            a for a in self.through if _is_taken(a) and self.proof_of(a) is not Proof.ACCEPTED
        )

    @property
    def unanswered(self) -> tuple[Unseen, ...]:
        """Why attempts, of both kinds, have no answer: lost, or left out by a light hand."""
        seen = (why_unanswered(attempt) for attempt in (*self.outside, *self.through))
        return tuple(why for why in seen if why)


def why_unanswered(attempt: RelayAttempt) -> Unseen | None:
    """Why the server did not decide on an attempt, if it did not."""
    for answer in (attempt.mail, attempt.rcpt):
        if isinstance(answer, Unseen):
            return answer
        if is_refusal(answer):  # after a refused MAIL nothing more is due
            return None
    return None


def is_left_out(attempt: RelayAttempt) -> bool:
    """Whether the limits that keep the visit light did not allow this attempt."""
    why = why_unanswered(attempt)
    return why is not None and why.trouble is Trouble.BUDGET


def _is_refused(mail: Reply | Unseen) -> bool:
    """Whether MAIL was refused, or not answered: then RCPT tells nothing."""
    return isinstance(mail, Unseen) or is_refusal(mail)


def _on_same_connection(
    controls: tuple[RelayAttempt, ...], attempt: RelayAttempt
) -> list[RelayAttempt]:
    return [control for control in controls if control.connection == attempt.connection]


def _is_refused_for_good(attempt: RelayAttempt) -> bool:
    if _is_refused(attempt.mail) or isinstance(attempt.rcpt, Unseen):
        return False
    return parse_refusal(attempt.rcpt) not in {Refusal.NONE, Refusal.TEMPORARY}


def _is_taken(attempt: RelayAttempt) -> bool:
    reply = attempt.rcpt
    return isinstance(reply, Reply) and parse_refusal(reply) is Refusal.NONE


def the_relay_dialogue(case: EndpointCase) -> RelayDialogue | NotApplicable:
    """The relay attempts of a visit that speak of the tested domain, or of none in particular."""
    if case.policy.relay is RelayMode.OFF:
        return NotApplicable(message="the relay test is off")
    greeting = the_greeting(case)
    if isinstance(greeting, NotApplicable):
        return greeting
    if not case.visit.relay and not _is_introduced(case.visit):
        return Missing(message="EHLO was not accepted")
    attempts = [a for a in case.visit.relay if a.domain in {"", case.domain.name}]
    addresses = addresses_through(case.domain.name, case.policy.relay_recipient)
    through = tuple(a for a in attempts if addresses.get(a.form) == a.recipient)
    outside = tuple(a for a in attempts if _is_outside(a, case.policy))
    return RelayDialogue(
        outside=outside,
        controls=_of_form(attempts, RelayForm.CONTROL),
        through=through,
        strangers=_of_form(attempts, RelayForm.RANDOM_CONTROL),
        untried=_untried(outside, through, case.policy),
    )


def _untried(
    outside: tuple[RelayAttempt, ...], through: tuple[RelayAttempt, ...], policy: Policy
) -> str:
    """What is asked for and was not tried, as where the evidence is of a run before."""
    if policy.relay is RelayMode.THOROUGH and not through:
        return "the forms of a thorough test were not tried"
    if policy.relay_sender and not _of_form(outside, RelayForm.GIVEN_SENDER):
        return f"the sender {policy.relay_sender} was not tried"
    return ""


def _is_introduced(visit: Visit) -> bool:
    """Whether the server took EHLO or HELO, or the probe never came to ask."""
    if is_positive(visit.ehlo) or is_positive(visit.helo):
        return True
    return isinstance(visit.ehlo, Unseen) and visit.ehlo.trouble in OUR_OWN


def _is_outside(attempt: RelayAttempt, policy: Policy) -> bool:
    if attempt.form is RelayForm.CONTROL or attempt.recipient != policy.relay_recipient:
        return False
    given = attempt.form is RelayForm.GIVEN_SENDER
    return not given or attempt.sender == policy.relay_sender


def _of_form(attempts: Iterable[RelayAttempt], form: RelayForm) -> tuple[RelayAttempt, ...]:
    return tuple(attempt for attempt in attempts if attempt.form is form)


def describe(attempt: RelayAttempt) -> str:
    """An attempt and its answer, for a message."""
    mail = attempt.mail
    said = f"MAIL FROM:<{attempt.sender}> RCPT TO:<{attempt.recipient}>"
    if isinstance(mail, Unseen):
        return f"{said}: {mail.detail}"
    if is_refusal(mail):
        return f"MAIL FROM:<{attempt.sender}>: {mail}"
    return f"{said}: {attempt.rcpt.detail if isinstance(attempt.rcpt, Unseen) else attempt.rcpt}"


def why_untold(case: EndpointCase, dialogue: RelayDialogue) -> Unknown | NotApplicable:
    """What to say where the dialogue proves nothing, one way or the other."""
    if dialogue.outside and all(map(is_left_out, dialogue.outside)):
        return NotApplicable(message=describe(dialogue.outside[0]))
    seen = "; ".join(map(describe, dialogue.outside)) or "the relay test was not reached"
    missing = f"; {dialogue.untried}" if dialogue.untried else ""
    return Unknown(
        message=(
            f"whether {case.where} relays could not be told: {seen}{missing}{remarks(dialogue)}"
        ),
        remedy=(
            "Run the check from an address that the server does not turn away, or name a mailbox"
            " that it takes (--relay-control)."
        ),
    )


def remarks(dialogue: RelayDialogue) -> str:
    """What a message must not keep quiet about beside a proof: "" where there is nothing."""
    said = ""
    if dialogue.uncounted:
        forms = "; ".join(map(describe, dialogue.uncounted))
        stranger = describe(dialogue.stranger) if dialogue.stranger else "it was not asked"
        said += (
            f". Accepted but not counted: {forms}, because a mailbox that is not there was not"
            f" refused either ({stranger}), as with catch-all delivery"
        )
    if dialogue.unanswered:
        number, why = len(dialogue.unanswered), dialogue.unanswered[0].detail
        said += f". Without an answer: {number} more of the forms ({why})"
    return said
