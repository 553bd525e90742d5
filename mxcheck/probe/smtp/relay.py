"""The relay test: MAIL and RCPT, never a step further (RFC 5321 3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import THROUGH_DOMAIN, RelayAttempt, RelayForm, Reply, Visit
from mxcheck.probe.smtp.relay_forms import Form
from mxcheck.probe.smtp.session import Session
from mxcheck.wire.reply_code import is_closing, is_permanent, is_refusal
from mxcheck.wire.software import Software, parse_software

MAX_REFUSALS = 9
"""Refusals on one connection: from the tenth on Postfix delays each reply (smtpd_soft_error_limit),
at the twentieth it hangs up (smtpd_hard_error_limit). All the forms of one domain come to 9."""
MAX_FORMS = 90
"""Forms on one connection, each with its RSET: Postfix takes 100 (smtpd_junk_command_limit), and
OpenSMTPD 100 times MAIL."""
MAX_FORMS_OF_EXIM = 12
"""Exim takes the first RSET and 10 more (smtp_accept_max_nonmail)."""

_TRY_AGAIN = frozenset({450, 451})


def forms_allowed(visit: Visit) -> int:
    """How many forms one connection to the server may carry."""
    return MAX_FORMS_OF_EXIM if parse_software(visit) is Software.EXIM else MAX_FORMS


@dataclass(frozen=True, slots=True)
class _Answers:
    """The replies to one form; `rset` is NOT_ASKED before the first one."""

    rset: Reply | Unseen
    mail: Reply | Unseen
    rcpt: Reply | Unseen

    @property
    def refusals(self) -> int:
        """How many of the replies a server counts as this client's errors."""
        replies = (self.rset, self.mail, self.rcpt)
        return sum(is_refusal(reply) for reply in replies)

    @property
    def lost(self) -> Unseen | None:
        """Why the connection is of no more use, if it is not."""
        lost = _lost(self.rset) or _lost(self.mail) or _lost(self.rcpt)
        if lost and is_permanent(self.rset):
            # Exim: "554 Too many nonmail commands", where nothing else gave it away.
            return _left_out(f"the server takes no more on one connection: {self.rset}")
        return lost


async def probe_relay(
    session: Session, forms: Sequence[Form], attempts: list[RelayAttempt], allowed: int = MAX_FORMS
) -> Unseen | None:
    """Try the forms in turn, adding what each showed; Unseen once the connection is lost.

    Forms beyond those `allowed`, or beyond MAX_REFUSALS, are left out with BUDGET.
    """
    refusals = 0
    for number, form in enumerate(forms):
        spent = _spent(number, refusals, allowed)
        if spent:
            attempts.extend(rest.attempt(spent, spent) for rest in forms[number:])
            return None
        answers = await _ask(session, form, reset=number > 0)
        refusals += answers.refusals
        lost = answers.lost
        out_of_turn = None if lost else await _out_of_turn(session)
        if out_of_turn:
            # What was read may have answered something else, in the form before this one too.
            doubtful = forms[max(number - 1, 0) :]
            attempts[max(number - 1, 0) :] = [a.attempt(out_of_turn, out_of_turn) for a in doubtful]
            return out_of_turn
        if lost and _lost(answers.mail):
            attempts.append(form.attempt(lost, lost))
        else:
            attempts.append(form.attempt(answers.mail, answers.rcpt))
        if lost:
            attempts.extend(rest.attempt(lost, lost) for rest in forms[number + 1 :])
            return lost
    return None


async def _out_of_turn(session: Session) -> Unseen | None:
    """What came behind the replies to a form, unasked; not that the server hung up."""
    seen = await session.dialogue.spoken_out_of_turn()
    return seen if seen and seen.trouble is Trouble.MALFORMED else None


def _spent(forms: int, refusals: int, allowed: int) -> Unseen | None:
    """Why no more forms are to be tried on a connection, if so."""
    if forms >= allowed:
        return _left_out(f"one connection carries no more than {allowed} relay forms")
    if refusals >= MAX_REFUSALS:
        return _left_out(f"{refusals} refusals on one connection are enough")
    return None


def _left_out(detail: str) -> Unseen:
    return Unseen(trouble=Trouble.BUDGET, detail=f"left out: {detail}")


async def _ask(session: Session, form: Form, *, reset: bool) -> _Answers:
    """The replies to a form; grouped only where PIPELINING was announced (RFC 2920 3.1)."""
    mail_from, rcpt_to = f"MAIL FROM:<{form.sender}>", f"RCPT TO:<{form.recipient}>"
    before = ["RSET"] if reset else []
    if "PIPELINING" in session.extensions:
        *rset, mail, rcpt = await session.dialogue.commands([*before, mail_from, rcpt_to])
        return _Answers(rset[0] if rset else NOT_ASKED, mail, rcpt)
    rset = [await session.dialogue.command(command) for command in before]
    answer = rset[0] if rset else NOT_ASKED
    lost = _lost(answer)
    if lost:
        return _Answers(answer, lost, lost)
    mail = await session.dialogue.command(mail_from)
    if isinstance(mail, Unseen) or is_refusal(mail):
        return _Answers(answer, mail, NOT_ASKED)
    return _Answers(answer, mail, await session.dialogue.command(rcpt_to))


def _lost(reply: Reply | Unseen) -> Unseen | None:
    """Why the connection is of no more use after a reply, if it is not."""
    if isinstance(reply, Reply):
        closing = Unseen(trouble=NOT_ASKED.trouble, detail=f"the server had hung up: {reply}")
        return closing if is_closing(reply) else None
    return None if reply is NOT_ASKED else reply


def is_answered(attempt: RelayAttempt) -> bool:
    """Whether the server decided: by its answer to RCPT, or by refusing MAIL before."""
    if isinstance(attempt.rcpt, Reply):
        return True
    return isinstance(attempt.mail, Reply) and is_refusal(attempt.mail)


def forms_to_repeat(attempts: Sequence[RelayAttempt]) -> tuple[Form, ...]:
    """The forms that were answered 450 or 451, which greylisting and postscreen use.

    With them go what there was no room for beside them, the control recipients of the domains that
    they speak of, since a refusal proves something only beside those on the same connection, and
    the random control where a form that it tells from catch-all delivery is among them.
    """
    put_off = [attempt for attempt in attempts if _is_put_off(attempt)]
    domains = {attempt.domain for attempt in put_off}
    through = {attempt.domain for attempt in put_off if attempt.form in THROUGH_DOMAIN}
    return tuple(
        Form.of(attempt)
        for attempt in attempts
        if _is_put_off(attempt)
        or (put_off and _is_left_out(attempt))
        or (attempt.form is RelayForm.CONTROL and domains & {"", attempt.domain})
        or (attempt.form is RelayForm.RANDOM_CONTROL and attempt.domain in through)
    )


def merge_repeated(
    attempts: Sequence[RelayAttempt], repeated: Sequence[RelayAttempt]
) -> list[RelayAttempt]:
    """The attempts of both connections: an answer takes the place of what was put off.

    A control that had been answered stays, and stands beside the one on the second connection.
    """
    answered = {
        Form.of(attempt): replace(attempt, connection=2)
        for attempt in repeated
        if is_answered(attempt)
    }
    merged = [
        answered.pop(Form.of(attempt), attempt) if _is_open(attempt) else attempt
        for attempt in attempts
    ]
    return [*merged, *answered.values()]


def _is_open(attempt: RelayAttempt) -> bool:
    return _is_put_off(attempt) or not is_answered(attempt)


def _is_put_off(attempt: RelayAttempt) -> bool:
    replies = (attempt.mail, attempt.rcpt)
    return any(isinstance(reply, Reply) and reply.code in _TRY_AGAIN for reply in replies)


def _is_left_out(attempt: RelayAttempt) -> bool:
    return isinstance(attempt.mail, Unseen) and attempt.mail.trouble is Trouble.BUDGET
