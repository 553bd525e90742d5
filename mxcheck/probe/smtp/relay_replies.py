"""What the replies of the relay test ask for next: another sender, a control, another time."""

from collections.abc import Sequence

from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply
from mxcheck.probe.smtp.relay_forms import Control
from mxcheck.wire.refusal import Refusal, is_about_sender, parse_refusal
from mxcheck.wire.reply_code import is_permanent, is_refusal

MAX_CONTROLS = 4
"""Controls that are asked in one transaction."""

_TRY_AGAIN = frozenset({450, 451})
_OF_DOMAIN = frozenset({Refusal.RELAY, Refusal.DOMAIN})


def is_accepted(attempt: RelayAttempt) -> bool:
    """Return whether the recipient was accepted."""
    return _kind(attempt) is Refusal.NONE


def is_put_off(attempt: RelayAttempt) -> bool:
    """Return whether the reply was 450 or 451, which greylisting and postscreen use."""
    replies = (attempt.mail, attempt.rcpt)
    return any(isinstance(reply, Reply) and reply.code in _TRY_AGAIN for reply in replies)


def is_decided(attempt: RelayAttempt) -> bool:
    """Return whether the server said yes or no, for good."""
    if is_refusal(attempt.mail):
        return is_permanent(attempt.mail)
    return _kind(attempt) not in {None, Refusal.TEMPORARY}


def is_sender_refused(attempts: Sequence[RelayAttempt]) -> bool:
    """Return whether a transaction shows that the server does not take the sender."""
    first = attempts[0]
    if is_refusal(first.mail):
        return True
    return speaks_of_sender(first) and not any(map(is_accepted, attempts))


def speaks_of_sender(attempt: RelayAttempt) -> bool:
    """Return whether the recipient was refused in words about the sender.

    Then another sender may fare better, also if the server takes mail of this one for its domain.
    """
    return isinstance(attempt.rcpt, Reply) and is_about_sender(attempt.rcpt)


def is_count_refused(attempt: RelayAttempt) -> bool:
    """Return whether the recipient was refused because it was one too many."""
    return _kind(attempt) is Refusal.COUNT


def needs_control(attempt: RelayAttempt) -> bool:
    """Return whether the reply proves nothing without a control beside it."""
    return is_permanent(attempt.rcpt) and _kind(attempt) not in {Refusal.RELAY, Refusal.COUNT}


def next_control(
    transaction: Sequence[RelayAttempt],
    controls: Sequence[Control],
    before: Sequence[RelayAttempt],
) -> Control | None:
    """Return the control to name next in a transaction, given all attempts so far, if any.

    A control is of use if nobody knows yet whether the server takes mail for its domain; or if it
    was accepted before, and the transaction needs one.
    """
    asked = [attempt for attempt in transaction if attempt.form is RelayForm.CONTROL]
    if any(map(is_accepted, asked)) or len(asked) >= MAX_CONTROLS:
        return None
    if asked and _kind(asked[-1]) not in {Refusal.MAILBOX, *_OF_DOMAIN}:
        return None  # another recipient would fare no better
    needed = any(map(needs_control, transaction))
    names = {attempt.recipient for attempt in asked}
    refused = {attempt.domain for attempt in asked if _kind(attempt) in _OF_DOMAIN}
    for control in controls:
        useful = is_open(control, before) or (needed and _was_accepted(control, before))
        if useful and control.recipient not in names and control.domain not in refused:
            return control
    return None


def is_open(control: Control, attempts: Sequence[RelayAttempt]) -> bool:
    """Return whether asking for a control may still show if the server takes its domain's mail."""
    kinds = {
        (attempt.recipient, _kind(attempt))
        for attempt in attempts
        if attempt.form is RelayForm.CONTROL and attempt.domain == control.domain
    }
    told = {Refusal.NONE, Refusal.RELAY} & {kind for _, kind in kinds}
    return not told and (control.recipient, Refusal.MAILBOX) not in kinds


def _was_accepted(control: Control, attempts: Sequence[RelayAttempt]) -> bool:
    return any(
        attempt.form is RelayForm.CONTROL
        and attempt.recipient == control.recipient
        and is_accepted(attempt)
        for attempt in attempts
    )


def _kind(attempt: RelayAttempt) -> Refusal | None:
    """Return what the reply to RCPT refuses; None if there is none, or MAIL was refused."""
    if is_refusal(attempt.mail) or not isinstance(attempt.rcpt, Reply):
        return None
    return parse_refusal(attempt.rcpt)
