"""What one attempt of the relay test proves: one refusal is not like another.

A server must not pass on mail from outside to outside (RFC 2505 2.1; RFC 5321 3.6.2, 7.9). That it
refuses a recipient proves that it does not only if the refusal is about relaying: by its words, or
because the same server takes mail for its own domain from the same client and the same sender, so
that only the recipient differs. A refusal of the client, or of the sender, proves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import THROUGH_DOMAIN, RelayAttempt, RelayForm, Reply, Visit
from mxcheck.wire.refusal import Refusal, is_about_sender, is_access_denied, parse_refusal
from mxcheck.wire.reply_code import is_permanent, is_refusal

_OF_NO_USE = frozenset({Refusal.CLIENT, Refusal.COUNT})


class Proof(Enum):
    """What an attempt shows.

    ANSWERED: the server does not take the sender at all, which proves nothing about other senders
    and leaves nothing open. UNCOUNTED: a recipient at the domain was accepted, and so was a mailbox
    that does not exist.
    """

    ACCEPTED = "accepted"
    PROVEN = "refused, proven"
    ANSWERED = "the sender is not taken"
    UNCOUNTED = "accepted, as with catch-all delivery"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """The attempts of one visit that tell what a refusal is about.

    `controls` are the recipients that the server should take, at any of the tested domains;
    `randoms` are mailboxes that do not exist. `denies_alike` says that the server is Exchange
    Online, which says "5.4.1 Access denied" of outside recipients and unknown mailboxes alike, and
    of nothing else.
    """

    controls: tuple[RelayAttempt, ...]
    randoms: tuple[RelayAttempt, ...] = ()
    denies_alike: bool = False

    @classmethod
    def of(cls, visit: Visit, *, denies_alike: bool) -> "Proofs":
        """Return what the relay test of a visit showed."""
        return cls(
            controls=_of_form(visit.relay, RelayForm.CONTROL),
            randoms=_of_form(visit.relay, RelayForm.RANDOM_CONTROL),
            denies_alike=denies_alike,
        )

    def proof_of(self, attempt: RelayAttempt) -> Proof:
        """Return what an attempt proves."""
        mail, rcpt = attempt.mail, attempt.rcpt
        if isinstance(mail, Reply) and is_refusal(mail):
            return self._of_refused_sender(attempt, mail)
        if isinstance(mail, Unseen) or isinstance(rcpt, Unseen):
            return Proof.OPEN
        match parse_refusal(rcpt):
            case Refusal.NONE:
                return self._of_acceptance(attempt)
            case Refusal.RELAY:
                return Proof.PROVEN
            case Refusal.TEMPORARY | Refusal.COUNT:
                return Proof.OPEN
            case _:
                return self._of_refused_recipient(attempt, rcpt)

    def _of_refused_recipient(self, attempt: RelayAttempt, rcpt: Reply) -> Proof:
        """Return what it proves that the recipient was refused in words that do not tell."""
        beside = [control for control in self._here(attempt) if _same_sender(control, attempt)]
        if any(map(is_accepted, beside)) or (self.denies_alike and is_access_denied(rcpt)):
            return Proof.PROVEN
        if any(is_permanent(control.rcpt) for control in beside):
            return self._of_refused_sender(attempt, rcpt)
        return Proof.OPEN

    def _of_refused_sender(self, attempt: RelayAttempt, reply: Reply) -> Proof:
        """Return what it proves that the sender, or both recipients, were refused."""
        others = [control for control in self._here(attempt) if not _same_sender(control, attempt)]
        if not is_permanent(reply) or parse_refusal(reply) in _OF_NO_USE:
            return Proof.OPEN
        return Proof.ANSWERED if any(map(is_accepted, others)) else Proof.OPEN

    def _of_acceptance(self, attempt: RelayAttempt) -> Proof:
        """Return what an acceptance proves: at the domain itself it may be catch-all delivery."""
        if attempt.form not in THROUGH_DOMAIN:
            return Proof.ACCEPTED
        randoms = [one for one in self.randoms if one.connection == attempt.connection]
        if any(map(_is_refused_for_good, randoms)):
            return Proof.ACCEPTED
        return Proof.UNCOUNTED if any(map(is_accepted, randoms)) else Proof.OPEN

    def _here(self, attempt: RelayAttempt) -> Iterable[RelayAttempt]:
        """Yield the controls on the connection of an attempt."""
        return (one for one in self.controls if one.connection == attempt.connection)


def is_accepted(attempt: RelayAttempt) -> bool:
    """Return whether the recipient was accepted."""
    return isinstance(attempt.rcpt, Reply) and parse_refusal(attempt.rcpt) is Refusal.NONE


def is_sender_refused(attempt: RelayAttempt) -> bool:
    """Return whether the server does not take the sender: by MAIL, for good, or by its words."""
    if isinstance(attempt.mail, Unseen):
        return False
    if is_refusal(attempt.mail):
        return is_permanent(attempt.mail) or is_about_sender(attempt.mail)
    return isinstance(attempt.rcpt, Reply) and is_about_sender(attempt.rcpt)


def is_about_relaying(attempt: RelayAttempt) -> bool:
    """Return whether the recipient was refused in words of relaying."""
    reply = attempt.rcpt
    taken = not isinstance(attempt.mail, Unseen) and not is_refusal(attempt.mail)
    return taken and isinstance(reply, Reply) and parse_refusal(reply) is Refusal.RELAY


def _is_refused_for_good(attempt: RelayAttempt) -> bool:
    return is_permanent(attempt.rcpt) and _kind(attempt.rcpt) is not Refusal.COUNT


def _kind(reply: Reply | Unseen) -> Refusal | None:
    return parse_refusal(reply) if isinstance(reply, Reply) else None


def _same_sender(control: RelayAttempt, attempt: RelayAttempt) -> bool:
    return control.sender == attempt.sender


def _of_form(attempts: Iterable[RelayAttempt], form: RelayForm) -> tuple[RelayAttempt, ...]:
    return tuple(attempt for attempt in attempts if attempt.form is form)
