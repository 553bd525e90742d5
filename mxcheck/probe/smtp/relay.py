"""The relay test of one visit: which forms are tried on which connection."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Self

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply
from mxcheck.model.targets import Target
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.notebook import PENDING, Notebook
from mxcheck.probe.smtp.outside_senders import OutsideSenders
from mxcheck.probe.smtp.relay_dialogue import RelayDialogue
from mxcheck.probe.smtp.relay_forms import Control, Form, control_form, plan_forms
from mxcheck.probe.smtp.relay_limits import (
    MAX_FORMS,
    MAX_REFUSALS,
    further_connections,
    max_forms,
)
from mxcheck.probe.smtp.relay_replies import (
    is_accepted,
    is_count_refused,
    is_decided,
    is_open,
    is_put_off,
    is_sender_refused,
    needs_control,
    next_control,
    speaks_of_sender,
)
from mxcheck.probe.smtp.session import Session
from mxcheck.wire.reply_code import is_closing, is_permanent, is_refusal

_OUTSIDE = frozenset({RelayForm.OUTSIDE_SENDER, RelayForm.GIVEN_SENDER})
_NO_SENDER = Unseen(
    trouble=Trouble.NOT_PUBLIC,
    detail="this machine has no public name and no public address to make a sender of",
)


@dataclass(slots=True, kw_only=True)
class RelayTest:
    """The forms that are still to be tried, and what the connections so far have shown.

    `sender` is the outside sender that the server takes, "" (the null sender) as long as none is
    known. `put_off` are the forms to try once more on a new connection, `retried` the keys of those
    that were. `domains` counts those that the address serves; if there are several, `further` is
    the number of connections beyond the visit and its retries. `in_tls` tells whether the last
    connection was in TLS, `was_cut_short` whether the server itself ended one.
    """

    pending: list[Form]
    senders: OutsideSenders
    notebook: Notebook
    sender: str = ""
    put_off: list[Form] = field(default_factory=list)
    retried: set[tuple[object, ...]] = field(default_factory=set)
    connections: int = 0
    further: int = 0
    may_go_on: bool = False
    domains: int = 1
    in_tls: bool = False
    was_cut_short: bool = False

    @classmethod
    def of(
        cls,
        targets: Iterable[Target],
        random_mailbox: str,
        senders: OutsideSenders,
        notebook: Notebook,
        settings: ProbeSettings,
    ) -> Self:
        """Return the test for the domains of one visit, with one form more than it can ever try."""
        asking = [target for target in targets if Item.RELAY in target.wanted]
        domains = len(asking)
        further = further_connections(settings.max_connections, domains)
        room = 2 * MAX_FORMS * (further + 2)
        forms = islice(plan_forms(asking, random_mailbox), room + 1)
        return cls(pending=list(forms), senders=senders, notebook=notebook, domains=domains)

    def __post_init__(self) -> None:
        """Note that the forms are about to be tried."""
        if self.pending:
            self.notebook.relay_left_out = PENDING

    @property
    def is_shared(self) -> bool:
        """Whether several domains share the address."""
        return self.domains > 1

    def may_connect_again(self, max_connections: int) -> bool:
        """Return whether the domains that share the address may have one more connection.

        A server that ended a connection itself is asked no more than for one domain.
        """
        domains = 1 if self.was_cut_short else self.domains
        return self.further < further_connections(max_connections, domains)

    async def ask(self, session: Session) -> None:
        """Try the pending forms in turn, as many as one connection carries; then take leave."""
        self.connections += 1
        self.in_tls = session.in_tls
        dialogue = RelayDialogue(session, self.connections, self.notebook.relay)
        for form in tuple(self.pending):
            if dialogue.lost:
                break
            if self._has_room(dialogue, form):
                done = not self._is_of_use(form) or await self._try(dialogue, form)
                self.pending = [one for one in self.pending if one is not form or not done]
        await self._ask_known_control(dialogue)
        self._note_left_out(dialogue)
        if not dialogue.lost:
            await session.quit()

    def take_up_put_off(self) -> bool:
        """Make the forms that were put off pending again; return whether there are any."""
        again, self.put_off = self.put_off, []
        self.retried |= {form.key for form in again}
        self.pending = [*again, *self.pending]
        return bool(again)

    def leave_out(self, why: Unseen) -> None:
        """Write down why the pending forms will not be tried."""
        if self.pending:
            self.notebook.relay_left_out = why

    def _has_room(self, dialogue: RelayDialogue, form: Form) -> bool:
        """Return whether the connection may carry one more form.

        A control costs no refusal as long as controls are accepted.
        """
        if dialogue.transactions >= max_forms(self.notebook.visit):
            return False
        if form.form is not RelayForm.CONTROL:
            return dialogue.refusals < MAX_REFUSALS
        if dialogue.refusals < MAX_REFUSALS:
            return True
        return all(is_accepted(one) for one in dialogue.here if _is_control(one))

    def _is_of_use(self, form: Form) -> bool:
        """Return whether a form may show something: a control may have gone with another form."""
        if form.form is not RelayForm.CONTROL:
            return True
        asked = {
            one.recipient
            for one in self.notebook.relay
            if one.connection == self.connections and one.sender == self.sender and _is_control(one)
        }
        controls = (Control(domain=form.domain, recipient=form.recipient), *form.controls)
        return form.recipient not in asked and any(
            is_open(control, self.notebook.relay) for control in controls
        )

    async def _try(self, dialogue: RelayDialogue, form: Form) -> bool:
        """Try a form, with one sender after another if it may have several; return if it is done.

        It is not done if the server hung up instead of an answer.
        """
        made = list[RelayAttempt]()
        async for sender in self._senders_of(form, dialogue.session):
            made = await self._transact(dialogue, form, sender)
            if dialogue.lost or not made:
                break
            is_taken = not is_sender_refused(made)
            if is_taken and form.form in _OUTSIDE:
                self.sender = sender
            if is_taken and not speaks_of_sender(made[0]):
                break
        self._note_put_off(form, made)
        return not dialogue.lost or _is_answered(made)

    async def _senders_of(self, form: Form, session: Session) -> AsyncIterator[str]:
        if form.sender is not None:
            yield form.sender
        elif form.form not in _OUTSIDE:
            yield self.sender
        else:
            found = False
            async for sender in self.senders.find(session, self.notebook.visit):
                found = True
                yield sender
            if not found:
                self.notebook.relay.append(_without_sender(form, self.connections))

    async def _transact(
        self, dialogue: RelayDialogue, form: Form, sender: str
    ) -> list[RelayAttempt]:
        """Return the attempts of one transaction, with the controls that it takes to judge it."""
        seen = self.notebook.relay
        first = next_control((), form.controls, seen)
        is_control = form.form is RelayForm.CONTROL
        made = await dialogue.transact(form, sender, [first] if first and not is_control else ())
        while made and not is_refusal(made[0].mail) and not dialogue.lost:
            control = next_control(made, form.controls, seen)
            if control is None:
                break
            made += await dialogue.add(made[0], control)
        if form.random and not dialogue.lost and any(map(is_accepted, made[:1])):
            made += await self._ask_random(dialogue, form, made[0])
        return made + await self._in_its_own_transaction(dialogue, made)

    async def _ask_random(
        self, dialogue: RelayDialogue, form: Form, attempt: RelayAttempt
    ) -> list[RelayAttempt]:
        """Ask for a mailbox that does not exist, once on a connection."""
        asked = any(
            one.recipient == form.random and one.connection == dialogue.number
            for one in self.notebook.relay
        )
        return [] if asked else await dialogue.add_random(attempt, form.random)

    async def _in_its_own_transaction(
        self, dialogue: RelayDialogue, made: list[RelayAttempt]
    ) -> list[RelayAttempt]:
        """Ask for a control alone that was refused because it was one recipient too many."""
        too_many = [one for one in made[1:] if _is_control(one) and is_count_refused(one)]
        if dialogue.lost or not too_many:
            return []
        return await dialogue.transact(control_form([_control_of(too_many[0])]), made[0].sender)

    def _note_put_off(self, form: Form, made: list[RelayAttempt]) -> None:
        """Note what to try once more: the whole form, or the control alone if that will do."""
        late = [attempt for attempt in made if is_put_off(attempt)]
        if not late:
            return
        again = form
        if not (is_put_off(made[0]) or needs_control(made[0]) or _is_control(made[0])):
            domain = late[0].domain
            again = control_form([one for one in form.controls if one.domain == domain])
        if again.key not in self.retried:
            self.put_off.append(again)

    async def _ask_known_control(self, dialogue: RelayDialogue) -> None:
        """Ask for a control that was accepted before, if there was none on this connection.

        By another sender's control a sender that is refused altogether is told from a client that
        is refused.
        """
        here = dialogue.here
        refused = any(is_permanent(one.mail) or needs_control(one) for one in here)
        asked = any(_is_control(one) and one.sender == self.sender for one in here)
        taken = [one for one in self.notebook.relay if _is_control(one) and is_accepted(one)]
        if refused and taken and not asked and not dialogue.lost:
            await dialogue.transact(control_form([_control_of(taken[-1])]), self.sender)

    def _note_left_out(self, dialogue: RelayDialogue) -> None:
        limit = (
            f"left out: one connection carries {MAX_REFUSALS} refusals or"
            f" {max_forms(self.notebook.visit)} forms at most"
        )
        why = dialogue.lost or Unseen(trouble=Trouble.BUDGET, detail=limit)
        full = why.trouble is Trouble.BUDGET
        self.was_cut_short |= bool(dialogue.lost)
        self.may_go_on = bool(self.pending) and full and any(map(is_decided, dialogue.here))
        left_out = why if self.pending else NOT_ASKED
        self.notebook.relay_left_out = PENDING if self.may_go_on else left_out


def _is_answered(made: list[RelayAttempt]) -> bool:
    if not made:
        return False
    reply = made[0].mail if is_refusal(made[0].mail) else made[0].rcpt
    return isinstance(reply, Reply) and not is_closing(reply)


def _is_control(attempt: RelayAttempt) -> bool:
    return attempt.form is RelayForm.CONTROL


def _control_of(attempt: RelayAttempt) -> Control:
    return Control(domain=attempt.domain, recipient=attempt.recipient)


def _without_sender(form: Form, connection: int) -> RelayAttempt:
    """Return the attempt that could not be made without a sender."""
    return RelayAttempt(
        domain=form.domain,
        form=form.form,
        sender="",
        recipient=form.recipient,
        mail=_NO_SENDER,
        rcpt=_NO_SENDER,
        connection=connection,
    )
