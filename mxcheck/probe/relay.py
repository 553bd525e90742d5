"""The relay test: MAIL and RCPT, never a step further (RFC 5321 3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply
from mxcheck.probe.session import CLOSING, Session, is_refusal
from mxcheck.targets import Target

_TRY_AGAIN = frozenset({450, 451})


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One MAIL and RCPT to be tried; `domain` as in RelayAttempt."""

    domain: str
    form: RelayForm
    sender: str
    recipient: str

    @classmethod
    def of(cls, attempt: RelayAttempt) -> Self:
        """The form that an attempt tried."""
        return cls(
            domain=attempt.domain,
            form=attempt.form,
            sender=attempt.sender,
            recipient=attempt.recipient,
        )

    def attempt(self, mail: Reply | Unseen, rcpt: Reply | Unseen) -> RelayAttempt:
        """What came of trying it."""
        return RelayAttempt(
            domain=self.domain,
            form=self.form,
            sender=self.sender,
            recipient=self.recipient,
            mail=mail,
            rcpt=rcpt,
        )


def plan_forms(targets: Sequence[Target]) -> tuple[Form, ...]:
    """The forms for all the domains that one visit serves, the most telling first.

    The first control recipient and the null sender come first: a server that hangs up on the
    strangers' forms after them has then shown both.
    """
    asked = [target for target in targets if target.relay]
    controls = [_control(target) for target in asked]
    shared = [form for target in asked for form in _shared_forms(target)]
    own = [_domain_sender(target) for target in asked]
    return tuple(dict.fromkeys([*controls[:1], *shared, *controls[1:], *own]))


def _control(target: Target) -> Form:
    recipient = target.policy.relay_control or f"postmaster@{target.domain}"
    return Form(domain=target.domain, form=RelayForm.CONTROL, sender="", recipient=recipient)


def _shared_forms(target: Target) -> list[Form]:
    policy = target.policy
    null_sender = Form(
        domain="", form=RelayForm.NULL_SENDER, sender="", recipient=policy.relay_recipient
    )
    if not policy.relay_sender:
        return [null_sender]
    given = replace(null_sender, form=RelayForm.GIVEN_SENDER, sender=policy.relay_sender)
    return [null_sender, given]


def _domain_sender(target: Target) -> Form:
    return Form(
        domain=target.domain,
        form=RelayForm.DOMAIN_SENDER,
        sender=f"postmaster@{target.domain}",
        recipient=target.policy.relay_recipient,
    )


async def probe_relay(
    session: Session, forms: Sequence[Form], attempts: list[RelayAttempt]
) -> Unseen | None:
    """Try the forms in turn, adding what each showed; Unseen once the connection is lost."""
    for number, form in enumerate(forms):
        commands = [f"MAIL FROM:<{form.sender}>", f"RCPT TO:<{form.recipient}>"]
        if number:
            commands.insert(0, "RSET")
        mail, rcpt = await _ask(session, commands)
        attempts.append(form.attempt(mail, rcpt))
        lost = _lost(mail) or _lost(rcpt)
        if lost:
            attempts.extend(rest.attempt(lost, lost) for rest in forms[number + 1 :])
            return lost
    return None


async def _ask(session: Session, commands: Sequence[str]) -> tuple[Reply | Unseen, Reply | Unseen]:
    """The replies to MAIL and RCPT; grouped only where PIPELINING was announced (RFC 2920 3.1)."""
    if "PIPELINING" in session.extensions:
        *_, mail, rcpt = await session.dialogue.commands(commands)
        return mail, rcpt
    *before, mail_from, rcpt_to = commands
    for command in before:
        lost = _lost(await session.dialogue.command(command))
        if lost:
            return lost, lost
    mail = await session.dialogue.command(mail_from)
    if isinstance(mail, Unseen) or is_refusal(mail):
        return mail, NOT_ASKED
    return mail, await session.dialogue.command(rcpt_to)


def _lost(reply: Reply | Unseen) -> Unseen | None:
    """Why the connection is of no more use after a reply, if it is not."""
    if isinstance(reply, Reply):
        closing = Unseen(trouble=NOT_ASKED.trouble, detail=f"the server had hung up: {reply}")
        return closing if reply.code == CLOSING else None
    return None if reply is NOT_ASKED else reply


def is_answered(attempt: RelayAttempt) -> bool:
    """Whether the server decided: by its answer to RCPT, or by refusing MAIL before."""
    if isinstance(attempt.rcpt, Reply):
        return True
    return isinstance(attempt.mail, Reply) and is_refusal(attempt.mail)


def forms_to_repeat(attempts: Sequence[RelayAttempt]) -> tuple[Form, ...]:
    """The forms that were answered 450 or 451, which greylisting and postscreen use."""
    return tuple(
        Form.of(attempt)
        for attempt in attempts
        if any(_is_put_off(reply) for reply in (attempt.mail, attempt.rcpt))
    )


def _is_put_off(reply: Reply | Unseen) -> bool:
    return isinstance(reply, Reply) and reply.code in _TRY_AGAIN
