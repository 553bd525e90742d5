"""What the relay test of a visit shows for one domain, form by form."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from mxcheck.evidence.outcome import NOT_ASKED, OUR_OWN, Trouble, Unseen
from mxcheck.evidence.smtp import THROUGH_DOMAIN, RelayAttempt, RelayForm, Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.rules.base import EndpointCase, Missing, NotApplicable
from mxcheck.rules.facts.relay_proof import (
    Proof,
    Proofs,
    is_about_relaying,
    is_sender_refused,
)
from mxcheck.rules.facts.sent_chain import PresentedChain
from mxcheck.rules.facts.stages import the_greeting
from mxcheck.rules.facts.tarpit import hidden_recipients
from mxcheck.rules.trust import Trusted
from mxcheck.wire.host_match import matches_host
from mxcheck.wire.relay_address import addresses_through
from mxcheck.wire.reply_code import is_positive

_EXCHANGE_ONLINE = (".mail.protection.outlook.com", ".mx.microsoft")
_BEST_FIRST = (Proof.ACCEPTED, Proof.PROVEN, Proof.ANSWERED, Proof.UNCOUNTED, Proof.OPEN)
_CLOSED = frozenset({Proof.PROVEN, Proof.ANSWERED, Proof.UNCOUNTED})


class Conclusion(Enum):
    """Whether a server relays.

    REFUSES_OTHERS: it takes no outside sender at all, and refuses every other form in words of
    relaying.
    """

    RELAYS = auto()
    REFUSES = auto()
    REFUSES_OTHERS = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedForm:
    """A form that the policy asks for, and what was seen of it: several senders, or connections.

    `proof` is the best that any of its attempts gives.
    """

    form: RelayForm
    attempts: tuple[RelayAttempt, ...]
    proofs: tuple[Proof, ...]

    @property
    def proof(self) -> Proof:
        """What the form shows."""
        return next((proof for proof in _BEST_FIRST if proof in self.proofs), Proof.OPEN)

    def with_proof(self, proof: Proof) -> tuple[RelayAttempt, ...]:
        """Return the attempts that show this."""
        pairs = zip(self.attempts, self.proofs, strict=True)
        return tuple(attempt for attempt, found in pairs if found is proof)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayDialogue:
    """The forms that the policy asks for, the one with an outside sender first.

    `unasked` are attempts of forms that it does not ask for, as in evidence of a run under another
    policy. `left_out` says why forms may be missing.
    """

    outside: TriedForm
    others: tuple[TriedForm, ...]
    unasked: tuple[RelayAttempt, ...] = ()
    left_out: Unseen = NOT_ASKED

    @property
    def conclusion(self) -> Conclusion:
        """Whether the server relays."""
        if self.accepted:
            return Conclusion.RELAYS
        if self.outside.proof is Proof.PROVEN:
            closed = all(form.proof in _CLOSED for form in self.others)
            return Conclusion.REFUSES if closed else Conclusion.UNKNOWN
        if self.takes_no_outside_sender and all(map(_is_closed_by_words, self.others)):
            return Conclusion.REFUSES_OTHERS
        return Conclusion.UNKNOWN

    @property
    def forms(self) -> tuple[TriedForm, ...]:
        """All the forms."""
        return (self.outside, *self.others)

    @property
    def accepted(self) -> tuple[RelayAttempt, ...]:
        """The attempts that prove relaying."""
        asked = (one for form in self.forms for one in form.with_proof(Proof.ACCEPTED))
        return (*asked, *self.unasked)

    @property
    def uncounted(self) -> tuple[RelayAttempt, ...]:
        """The attempts that were accepted, and cannot be told from catch-all delivery."""
        return tuple(one for form in self.others for one in form.with_proof(Proof.UNCOUNTED))

    @property
    def takes_no_outside_sender(self) -> bool:
        """Whether every outside sender was refused as such, or there was none to try."""
        attempts = self.outside.attempts
        return bool(attempts) and all(map(_is_without_sender, attempts))


def the_relay_dialogue(case: EndpointCase) -> RelayDialogue | NotApplicable:
    """Return the forms for the tested domain, unless an earlier stage kept the test from it."""
    obstacle = why_no_relay_test(case)
    if obstacle:
        return obstacle
    visit, policy, domain = case.visit, case.policy, case.domain.name
    proofs = Proofs.of(visit, denies_alike=_is_exchange_online(case))
    own = [one for one in visit.relay if one.domain in {"", domain} and _is_of(one, policy, domain)]
    tried = [_tried(form, own, proofs) for form in _asked(policy)]
    unasked = [one for one in own if one.form in THROUGH_DOMAIN - {form.form for form in tried}]
    return RelayDialogue(
        outside=tried[0],
        others=tuple(tried[1:]),
        unasked=tuple(one for one in unasked if proofs.proof_of(one) is Proof.ACCEPTED),
        left_out=visit.relay_left_out,
    )


def why_no_relay_test(case: EndpointCase) -> NotApplicable | None:
    """Return why there is no relay test to judge, if so."""
    if case.policy.relay is RelayMode.OFF:
        return NotApplicable(message="the relay test is off")
    greeting = the_greeting(case)
    if isinstance(greeting, NotApplicable):
        return greeting
    hidden = hidden_recipients(case)
    if hidden:
        return hidden
    if not case.visit.relay and not _is_introduced(case.visit):
        return Missing(message="EHLO was not accepted")
    return None


def _asked(policy: Policy) -> list[RelayForm]:
    given = bool(policy.relay_sender)
    outside = RelayForm.GIVEN_SENDER if given else RelayForm.OUTSIDE_SENDER
    basic = [outside, RelayForm.NULL_SENDER, RelayForm.DOMAIN_SENDER]
    thorough = policy.relay is RelayMode.THOROUGH
    return basic + [form for form in RelayForm if thorough and form in THROUGH_DOMAIN]


def _is_of(attempt: RelayAttempt, policy: Policy, domain: str) -> bool:
    """Return whether an attempt is for the outside recipient, and the sender, of the policy."""
    if attempt.form in THROUGH_DOMAIN:
        through = addresses_through(domain, policy.relay_recipient)
        return attempt.recipient == through[attempt.form]
    given = attempt.form is RelayForm.GIVEN_SENDER
    fits = not given or attempt.sender == policy.relay_sender
    return attempt.recipient == policy.relay_recipient and fits


def _tried(form: RelayForm, attempts: Iterable[RelayAttempt], proofs: Proofs) -> TriedForm:
    own = tuple(attempt for attempt in attempts if attempt.form is form)
    return TriedForm(form=form, attempts=own, proofs=tuple(map(proofs.proof_of, own)))


def _is_without_sender(attempt: RelayAttempt) -> bool:
    if isinstance(attempt.mail, Unseen):
        return attempt.mail.trouble is Trouble.NOT_PUBLIC
    return is_sender_refused(attempt)


def _is_closed_by_words(form: TriedForm) -> bool:
    return form.proof is Proof.UNCOUNTED or any(map(is_about_relaying, form.attempts))


def _is_introduced(visit: Visit) -> bool:
    """Return whether the server took EHLO or HELO, or the probe never came to ask."""
    if is_positive(visit.ehlo) or is_positive(visit.helo):
        return True
    return isinstance(visit.ehlo, Unseen) and visit.ehlo.trouble in OUR_OWN


def _is_exchange_online(case: EndpointCase) -> bool:
    """Return whether the host has a name of Exchange Online, and a trusted certificate for it."""
    host, tls = case.host.name.rstrip("."), case.visit.tls
    if not host.endswith(_EXCHANGE_ONLINE) or not isinstance(tls, TlsSession) or not tls.chain:
        return False
    presented = PresentedChain(certificates=tls.chain)
    names = presented.dns_names
    named = not isinstance(names, Unseen) and any(matches_host(name, host) for name in names)
    return named and isinstance(presented.trust(case), Trusted)
