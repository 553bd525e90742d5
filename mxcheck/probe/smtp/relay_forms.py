"""Which relay forms one visit is to try, and in which order."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply
from mxcheck.model.policy import RelayMode
from mxcheck.model.targets import Target
from mxcheck.wire.relay_address import addresses_through


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


def make_random_mailbox() -> str:
    """A local part that no mailbox has, and nobody can guess.

    Letters and digits alone: a "-" or "+" might part a mailbox from its extension.
    """
    return f"mxcheck{secrets.token_hex(8)}"


def plan_forms(targets: Sequence[Target], stranger: str) -> tuple[Form, ...]:
    """The forms for all the domains that one visit serves, the most telling first.

    The first control recipient and the null sender come first: a server that hangs up on the
    strangers' forms after them has then shown both. Then come the other domains' controls, which
    a sound server takes; then all that is left of the first domain; then the others', as far as
    the server's patience goes. `stranger` is the local part of a mailbox that no domain has.
    """
    asked = [target for target in targets if Item.RELAY in target.wanted]
    controls = [_control(target) for target in asked]
    shared = [form for target in asked for form in _shared_forms(target)]
    first, others = asked[:1], asked[1:]
    forms = [
        *controls[:1],
        *shared,
        *controls[1:],
        *_own_forms(first, stranger),
        *_own_forms(others, stranger),
    ]
    return tuple(dict.fromkeys(forms))


def _own_forms(targets: Iterable[Target], stranger: str) -> list[Form]:
    """The forms that speak of one domain each, besides its control."""
    listed = list(targets)
    through = [form for target in listed for form in _forms_through(target, stranger)]
    return [*map(_domain_sender, listed), *through]


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


def _forms_through(target: Target, stranger: str) -> list[Form]:
    """The forms of `thorough`, behind the control that tells them from catch-all delivery."""
    if target.policy.relay is not RelayMode.THOROUGH:
        return []
    recipients = {
        RelayForm.RANDOM_CONTROL: f"{stranger}@{target.domain}",
        **addresses_through(target.domain, target.policy.relay_recipient),
    }
    return [
        Form(domain=target.domain, form=form, sender="", recipient=recipient)
        for form, recipient in recipients.items()
    ]
