"""Which relay forms one visit is to try, and in which order."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mxcheck.evidence.items import Item
from mxcheck.evidence.smtp import RelayForm
from mxcheck.model.policy import RelayMode
from mxcheck.model.targets import Target
from mxcheck.wire.relay_address import addresses_through

SECOND_CONTROL = "abuse"
"""A mailbox that every domain should have beside postmaster (RFC 2142 4)."""
DOMAINS_WITH_CONTROL = 3
"""Domains whose controls may go with a form that speaks of no domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A recipient that the server should take, at a tested domain."""

    domain: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One transaction to try: a sender, a recipient, and the controls that may go with it.

    `domain` is as in RelayAttempt. `sender` is None for the outside sender, which is found during
    the visit. `random` is a mailbox that does not exist, to ask for if the recipient is accepted:
    it tells relaying from catch-all delivery.
    """

    domain: str
    form: RelayForm
    sender: str | None
    recipient: str
    controls: tuple[Control, ...] = ()
    random: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What tells this form from others: two domains may share one."""
        return self.domain, self.form, self.sender, self.recipient


def control_form(controls: Sequence[Control]) -> Form:
    """Return the form that asks for the first of these controls, and for others in its place."""
    first, *others = controls
    return Form(
        domain=first.domain,
        form=RelayForm.CONTROL,
        sender=None,
        recipient=first.recipient,
        controls=tuple(others),
    )


def make_random_mailbox() -> str:
    """Make a local part that no mailbox has, and nobody can guess.

    It has letters and digits alone: a "-" or "+" might part a mailbox from its extension.
    """
    return f"mxcheck{secrets.token_hex(8)}"


def plan_forms(targets: Iterable[Target], random_mailbox: str) -> Iterator[Form]:
    """Yield the forms for all the domains that one visit serves, each once, the most telling first.

    The outside sender comes first, then the null sender: a server that hangs up on them has shown
    the most by then. Then come the forms of each domain in turn. `random_mailbox` is the local part
    of a mailbox that no domain has.
    """
    asked = [target for target in targets if Item.RELAY in target.wanted]
    seen = set[tuple[object, ...]]()
    for form in _all_forms(asked, random_mailbox):
        if form.key not in seen:
            seen.add(form.key)
            yield form


def _all_forms(targets: Sequence[Target], random_mailbox: str) -> Iterator[Form]:
    controls = tuple(
        control for one in targets[:DOMAINS_WITH_CONTROL] for control in _controls(one)
    )
    for target in targets:
        yield from _shared_forms(target, controls)
    for target in targets:
        yield from _own_forms(target, random_mailbox)


def _shared_forms(target: Target, controls: tuple[Control, ...]) -> Iterator[Form]:
    """Yield the forms that speak of no domain; a control at any domain will do for them."""
    policy = target.policy
    given = policy.relay_sender
    outside = RelayForm.GIVEN_SENDER if given else RelayForm.OUTSIDE_SENDER
    for form, sender in ((outside, given or None), (RelayForm.NULL_SENDER, "")):
        yield Form(
            domain="",
            form=form,
            sender=sender,
            recipient=policy.relay_recipient,
            controls=controls,
        )


def _own_forms(target: Target, random_mailbox: str) -> Iterator[Form]:
    """Yield the forms that speak of one domain."""
    domain, controls = target.domain, _controls(target)
    yield Form(
        domain=domain,
        form=RelayForm.DOMAIN_SENDER,
        sender=f"postmaster@{domain}",
        recipient=target.policy.relay_recipient,
        controls=controls,
    )
    yield control_form(controls)
    if target.policy.relay is RelayMode.THOROUGH:
        through = addresses_through(domain, target.policy.relay_recipient)
        for form, recipient in through.items():
            yield Form(
                domain=domain,
                form=form,
                sender=None,
                recipient=recipient,
                controls=controls,
                random=f"{random_mailbox}@{domain}",
            )


def _controls(target: Target) -> tuple[Control, ...]:
    """Return the controls of a domain: the second is for a domain without the first mailbox."""
    domain = target.domain
    first = target.policy.relay_control or f"postmaster@{domain}"
    recipients = dict.fromkeys((first, f"{SECOND_CONTROL}@{domain}"))
    return tuple(Control(domain=domain, recipient=recipient) for recipient in recipients)
