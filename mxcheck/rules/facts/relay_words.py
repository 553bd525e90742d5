"""How messages speak of the attempts of the relay test."""

from collections.abc import Iterable

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import RelayAttempt, Reply
from mxcheck.rules.base import EndpointCase, Unknown
from mxcheck.rules.facts.relay_dialogue import RelayDialogue, TriedForm
from mxcheck.rules.facts.relay_proof import Proof
from mxcheck.wire.refusal import is_about_sender
from mxcheck.wire.reply_code import is_refusal, is_transient

MORE_CONNECTIONS = (
    "Allow more connections (--max-connections), or check fewer domains of one server in a run."
)
_ANOTHER_SENDER = (
    "Name a sender outside the tested domain that the server takes (--relay-sender), or a public"
    " name of this machine (--ehlo-name)."
)
_LATER = (
    "Run the check again later: the server puts this client off for now. If it does so each time"
    " (greylisting), exempt the address of this machine there."
)
_ELSEWHERE = (
    "Run the check from an address that the server does not turn away, or name a mailbox that it"
    " takes (--relay-control)."
)


def describe(attempt: RelayAttempt) -> str:
    """Return an attempt and its answer, for a message."""
    mail, rcpt = attempt.mail, attempt.rcpt
    said = f"MAIL FROM:<{attempt.sender}> RCPT TO:<{attempt.recipient}>"
    if isinstance(mail, Unseen):
        no_sender = mail.trouble is Trouble.NOT_PUBLIC
        return f"no outside sender ({mail.detail})" if no_sender else f"{said}: {mail.detail}"
    if is_refusal(mail):
        return f"MAIL FROM:<{attempt.sender}>: {mail}"
    return f"{said}: {rcpt.detail if isinstance(rcpt, Unseen) else rcpt}"


def why_unknown(case: EndpointCase, dialogue: RelayDialogue) -> Unknown:
    """Return what to say if the dialogue does not show whether the server relays."""
    open_forms = [form for form in dialogue.forms if form.proof is Proof.OPEN]
    seen = [*_said_of(open_forms or dialogue.forms, dialogue.left_out)]
    return Unknown(
        message=(
            f"whether {case.where} relays could not be told: {'; '.join(seen)}{remarks(dialogue)}"
        ),
        remedy=_remedy(dialogue, open_forms),
    )


def looks_open(case: EndpointCase, dialogue: RelayDialogue) -> str:
    """Return what was seen of a server that relays, and what else looks the same from here."""
    return (
        f"{case.where} looks like an open relay: without authentication it accepts"
        f" {'; '.join(map(describe, dialogue.accepted))}. It is one unless it trusts the address of"
        " this machine, or refuses such mail only after DATA, which this test never sends"
    )


def refuses(case: EndpointCase, dialogue: RelayDialogue) -> str:
    """Return what shows that a server does not relay."""
    proven = dialogue.outside.with_proof(Proof.PROVEN)
    if proven:
        return f"{case.where} refuses to relay: {describe(proven[0])}{remarks(dialogue)}"
    outside = "; ".join(map(describe, dialogue.outside.attempts))
    others = (one for form in dialogue.others for one in form.with_proof(Proof.PROVEN))
    return (
        f"{case.where} refuses to relay in words of relaying, as far as it was asked:"
        f" {'; '.join(map(describe, others))}. No sender outside the tested domain could be tried:"
        f" {outside}{remarks(dialogue)} (--relay-sender names one)"
    )


def remarks(dialogue: RelayDialogue) -> str:
    """Return what a message must say of forms that do not count, "" if all do."""
    if not dialogue.uncounted:
        return ""
    forms = "; ".join(map(describe, dialogue.uncounted))
    return (
        f". Accepted but not counted: {forms}, because a mailbox that does not exist was accepted"
        " too, as with catch-all delivery"
    )


def _said_of(forms: Iterable[TriedForm], left_out: Unseen) -> Iterable[str]:
    for form in forms:
        if form.attempts:
            yield from dict.fromkeys(map(describe, form.attempts))
        else:
            yield f"the form {form.form} was not tried ({left_out.detail})"


def _remedy(dialogue: RelayDialogue, open_forms: Iterable[TriedForm]) -> str:
    missing = any(not form.attempts for form in open_forms)
    if missing and dialogue.left_out.trouble is Trouble.BUDGET:
        return MORE_CONNECTIONS
    if dialogue.takes_no_outside_sender:
        return _ANOTHER_SENDER
    if any(_is_put_off(attempt) for form in open_forms for attempt in form.attempts):
        return _LATER
    return _ELSEWHERE


def _is_put_off(attempt: RelayAttempt) -> bool:
    return any(
        isinstance(reply, Reply) and is_transient(reply) and not is_about_sender(reply)
        for reply in (attempt.mail, attempt.rcpt)
    )
