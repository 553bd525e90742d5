"""One connection of the relay test: MAIL and RCPT, never a step further (RFC 5321 3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply
from mxcheck.probe.smtp.relay_forms import Control, Form
from mxcheck.probe.smtp.session import Session
from mxcheck.wire.reply_code import is_closing, is_permanent, is_refusal


@dataclass(slots=True)
class RelayDialogue:
    """The transactions of the relay test on one connection; each attempt goes to `attempts`.

    `number` is the number of the connection. `transactions` and `refusals` count what servers count
    against a client. `lost` says why the connection is of no more use.
    """

    session: Session
    number: int
    attempts: list[RelayAttempt]
    transactions: int = 0
    refusals: int = 0
    lost: Unseen | None = None
    begun_at: list[int] = field(default_factory=list)

    @property
    def here(self) -> Sequence[RelayAttempt]:
        """The attempts on this connection."""
        return self.attempts[self.begun_at[0] :] if self.begun_at else ()

    async def transact(
        self, form: Form, sender: str, controls: Sequence[Control] = ()
    ) -> list[RelayAttempt]:
        """Begin a transaction, and name its recipients: the form's own first, then the controls.

        Return no attempt if MAIL was not answered. The commands are grouped only if PIPELINING was
        announced (RFC 2920 3.1). After a refused MAIL nothing more is asked that was not sent.
        """
        self.begun_at.append(len(self.attempts))
        recipients = [form.recipient, *(control.recipient for control in controls)]
        rset, mail, rcpts = await self._commands(sender, recipients)
        self.transactions += 1
        self._count(rset, mail, *rcpts)
        if self.lost and is_permanent(rset):
            # Exim: "554 Too many nonmail commands".
            self.lost = _no_more(rset)
        if isinstance(mail, Unseen):
            return await self._note([])
        own = RelayAttempt(
            domain=form.domain,
            form=form.form,
            sender=sender,
            recipient=form.recipient,
            mail=mail,
            rcpt=rcpts[0],
            connection=self.number,
        )
        asked = zip(controls, rcpts[1:], strict=True)
        return await self._note([own, *(_of_control(own, *one) for one in asked)])

    async def add(self, attempt: RelayAttempt, control: Control) -> list[RelayAttempt]:
        """Name a control in the transaction of an attempt."""
        rcpt = await self._rcpt(control.recipient)
        return await self._note([_of_control(attempt, control, rcpt)])

    async def add_random(self, attempt: RelayAttempt, recipient: str) -> list[RelayAttempt]:
        """Name a mailbox that does not exist in the transaction of an attempt."""
        rcpt = await self._rcpt(recipient)
        form = RelayForm.RANDOM_CONTROL
        return await self._note([replace(attempt, form=form, recipient=recipient, rcpt=rcpt)])

    async def _rcpt(self, recipient: str) -> Reply | Unseen:
        rcpt = await self.session.dialogue.command(f"RCPT TO:<{recipient}>")
        self._count(rcpt)
        return rcpt

    async def _commands(
        self, sender: str, recipients: Sequence[str]
    ) -> tuple[Reply | Unseen, Reply | Unseen, list[Reply | Unseen]]:
        """Return the replies to RSET (before all but the first transaction), MAIL and each RCPT."""
        commands = [f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{one}>" for one in recipients)]
        if self.transactions:
            commands = ["RSET", *commands]
        if "PIPELINING" in self.session.extensions:
            replies = await self.session.dialogue.commands(commands)
        else:
            replies = await self._one_by_one(commands)
        rset = replies.pop(0) if self.transactions else NOT_ASKED
        return rset, replies[0], replies[1:]

    async def _one_by_one(self, commands: Sequence[str]) -> list[Reply | Unseen]:
        replies = list[Reply | Unseen]()
        ended: Unseen | None = None
        for command in commands:
            if ended:
                replies.append(ended)
                continue
            reply = await self.session.dialogue.command(command)
            replies.append(reply)
            ended = _lost(reply)
            if command.startswith("MAIL") and is_refusal(reply):
                ended = ended or NOT_ASKED
        return replies

    def _count(self, *replies: Reply | Unseen) -> None:
        self.refusals += sum(map(is_refusal, replies))
        self.lost = self.lost or next(filter(None, map(_lost, replies)), None)

    async def _note(self, made: list[RelayAttempt]) -> list[RelayAttempt]:
        """Write down what was seen; take it back if the server has spoken out of turn."""
        start = len(self.attempts)
        self.attempts += made
        seen = None if self.lost else await self.session.dialogue.spoken_out_of_turn()
        if seen and seen.trouble is Trouble.MALFORMED:
            self.lost = seen
        if self.lost and self.lost.trouble is Trouble.MALFORMED:
            # What was read may have answered something else, in the transaction before too.
            for index in range(self.begun_at[-2:][0], len(self.attempts)):
                taken_back = replace(self.attempts[index], mail=self.lost, rcpt=self.lost)
                self.attempts[index] = taken_back
        return self.attempts[start:]


def _of_control(attempt: RelayAttempt, control: Control, rcpt: Reply | Unseen) -> RelayAttempt:
    """Return the attempt of a control recipient in the transaction of another attempt."""
    return replace(
        attempt,
        domain=control.domain,
        form=RelayForm.CONTROL,
        recipient=control.recipient,
        rcpt=rcpt,
    )


def _lost(reply: Reply | Unseen) -> Unseen | None:
    """Return why the connection is of no more use after a reply, if so."""
    if isinstance(reply, Reply):
        return _no_more(reply) if is_closing(reply) else None
    return None if reply is NOT_ASKED else reply


def _no_more(reply: Reply | Unseen) -> Unseen:
    """Return the limit of a server that takes no more on one connection."""
    return Unseen(trouble=Trouble.BUDGET, detail=f"the server takes no more: {reply}")
