"""Whether a server takes mail for the tested domain, as the controls of the relay test show."""

from dataclasses import dataclass

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import TO_OUTSIDE, RelayAttempt, RelayForm, Reply
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, NotApplicable, Unknown
from mxcheck.rules.facts.relay_dialogue import why_no_relay_test
from mxcheck.rules.facts.relay_proof import is_about_relaying
from mxcheck.rules.facts.relay_words import MORE_CONNECTIONS, describe
from mxcheck.wire.refusal import Refusal, parse_refusal
from mxcheck.wire.reply_code import is_permanent, is_refusal

_DECISIVE = (Refusal.NONE, Refusal.RELAY, Refusal.DOMAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The attempts for recipients at the tested domain, with those for outside recipients."""

    attempts: tuple[RelayAttempt, ...]
    outside: tuple[RelayAttempt, ...]

    @property
    def decisive(self) -> RelayAttempt:
        """The attempt that decides: an acceptance before a refusal of the domain, else the last."""
        for kind in _DECISIVE:
            for attempt in self.attempts:
                if _kind(attempt) is kind:
                    return attempt
        return self.attempts[-1]

    @property
    def kind(self) -> Refusal | None:
        """What the decisive attempt refuses; None if RCPT has no answer."""
        return _kind(self.decisive)

    @property
    def outside_is_refused(self) -> bool:
        """Whether an outside recipient was refused for good on the connection that decides."""
        return any(
            is_permanent(one.rcpt) or is_about_relaying(one)
            for one in self.outside
            if one.connection == self.decisive.connection and not is_refusal(one.mail)
        )

    def unknown(self, case: EndpointCase) -> Unknown:
        """Return what to say if the attempts do not tell."""
        return _unknown(case, describe(self.decisive))


def the_controls(case: EndpointCase) -> Controls | Unknown | NotApplicable:
    """Return the attempts for recipients at the tested domain."""
    obstacle = why_no_relay_test(case)
    if obstacle:
        return obstacle
    visit = case.visit
    controls = [one for one in visit.relay if one.form is RelayForm.CONTROL]
    own = tuple(one for one in controls if one.domain == case.domain.name)
    outside = tuple(one for one in visit.relay if one.form in TO_OUTSIDE)
    if own:
        return Controls(attempts=own, outside=outside)
    refused = [one for one in outside if is_refusal(one.mail)]
    if refused and visit.relay_left_out.trouble is not Trouble.BUDGET:
        return _unknown(case, describe(refused[-1]))
    return _unknown(case, visit.relay_left_out.detail, MORE_CONNECTIONS)


def _unknown(case: EndpointCase, seen: str, remedy: str = "") -> Unknown:
    return Unknown(
        message=f"whether {case.where} takes mail for {case.domain.name} could not be told: {seen}",
        remedy=remedy or "Run the check from an address that the server does not turn away.",
        at_most=Level.WARNING,
    )


def _kind(attempt: RelayAttempt) -> Refusal | None:
    if is_refusal(attempt.mail) or not isinstance(attempt.rcpt, Reply):
        return None
    return parse_refusal(attempt.rcpt)
