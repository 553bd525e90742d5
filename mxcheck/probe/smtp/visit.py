"""One visit to one address of one MX host: the session, the relay test, and what is tried again."""

import asyncio
from dataclasses import dataclass, field

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.smtp.notebook import Notebook
from mxcheck.probe.smtp.relay import RelayTest
from mxcheck.probe.smtp.session import (
    Ended,
    Plan,
    Session,
    open_session,
    start_tls,
)
from mxcheck.probe.turnstile import pause
from mxcheck.wire.reply_code import is_closing, is_transient

HOST_AT_ONCE = 2
"""Visits to addresses of one MX host that go on at the same time, at most."""

_NO_FURTHER = Unseen(
    trouble=Trouble.BUDGET,
    detail="a further connection for the relay test was not allowed (max_connections)",
)


@dataclass(slots=True)
class HostState:
    """What the visits to one MX host share: their time, how many go on, whether it sent us away."""

    seconds: float
    seconds_left: float = field(init=False)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HOST_AT_ONCE))
    sent_away_at: str = ""

    def __post_init__(self) -> None:
        """Begin with the whole time."""
        self.seconds_left = self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often something that may pass is tried again, and the first pause before that (s)."""

    retries: int
    delay: float

    async def pause(self, number: int) -> None:
        """Wait before try `number` (1 is the first repetition), longer each time."""
        await pause(self.delay * 2 ** (number - 1), number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Makes one visit, and writes it into the notebook."""

    plan: Plan
    relay: RelayTest
    time_budget: Retries
    notebook: Notebook
    host: HostState
    max_connections: int

    async def visit(self) -> None:
        """Visit the address, unless the host has sent this client away at another one."""
        if self.host.sent_away_at:
            self.notebook.note(connection=self._not_visited())
            return
        session = await self._open()
        if isinstance(session, Session):
            await self._examine(session)
        elif _sent_away(session):
            self.host.sent_away_at = self.plan.endpoint.address

    def end(self, late: Unseen) -> None:
        """Write down that time is up: what has not been seen by then never will."""
        self.notebook.ended = late
        self.notebook.transcript.note(late.detail)
        self.relay.leave_out(late)

    def _not_visited(self) -> Unseen:
        detail = (
            f"{self.plan.endpoint.host} answered 421 at {self.host.sent_away_at}, so its address"
            f" {self.plan.endpoint.address} was not visited"
        )
        return Unseen(trouble=Trouble.BUDGET, detail=detail)

    async def _open(self) -> Session | Ended:
        """Return a session, after as many tries as needed and allowed."""
        for number in range(self.time_budget.retries + 1):
            if number:
                await self.time_budget.pause(number)
            self.notebook.restart()
            session = await open_session(self.plan, self.notebook.transcript, self.notebook.note)
            if isinstance(session, Session) or not session.may_pass:
                break
        return session

    async def _examine(self, session: Session) -> None:
        """Upgrade to TLS, then the relay test, in clear on a new connection if need be."""
        secured: Session | Ended = session
        try:
            if session.speaks_esmtp:
                secured = await self._secure(session)
            if isinstance(secured, Session):
                await self.relay.ask(secured)
        finally:
            session.close()
            if isinstance(secured, Session):
                secured.close()
        if isinstance(secured, Ended):
            await self._test_relay_again()
        if self.time_budget.retries and self.relay.take_up_put_off():
            await self.time_budget.pause(1)
            await self._test_relay_on(await self._open_again())
        while self.relay.may_go_on and not self.relay.is_shared:
            await self._test_relay_again()

    async def go_on(self) -> None:
        """Go on with the relay test of domains that share the address, a connection at a time.

        There is a pause before each. In the end, what the server put off is tried once more.
        """
        retries = bool(self.time_budget.retries)
        while self.relay.may_go_on or (retries and self.relay.take_up_put_off()):
            self.relay.may_go_on = False
            why_not = self._why_not_again()
            if why_not:
                self.relay.leave_out(why_not)
                break
            await self.time_budget.pause(1)
            self.relay.further += 1
            if not await self._test_relay_on(await self._open_again()):
                break

    def _why_not_again(self) -> Unseen | None:
        """Return why the domains that share the address may have no further connection, if so."""
        if self.host.sent_away_at:
            detail = f"{self.plan.endpoint.host} answered 421 at {self.host.sent_away_at}"
            return Unseen(trouble=Trouble.BUDGET, detail=f"{detail}, and was not asked again")
        return None if self.relay.may_connect_again(self.max_connections) else _NO_FURTHER

    async def _secure(self, session: Session) -> Session | Ended:
        """Return the session in TLS; what may pass on the way there is tried once more."""
        secured = await start_tls(session, self.notebook.note)
        if not self.time_budget.retries or not self._may_fare_better(session, secured):
            return secured
        if isinstance(secured, Session):
            await session.quit()
        await self.time_budget.pause(1)
        self.notebook.restart()
        again = await open_session(self.plan, self.notebook.transcript, self.notebook.note)
        if isinstance(again, Session):
            return await start_tls(again, self.notebook.note)
        return again if isinstance(secured, Session) else secured

    def _may_fare_better(self, session: Session, secured: Session | Ended) -> bool:
        """Return whether another try may end in TLS: also after "not now" (RFC 3207 4: 454)."""
        if isinstance(secured, Ended):
            return secured.may_pass
        return "STARTTLS" in session.extensions and is_transient(self.notebook.visit.starttls)

    async def _test_relay_again(self) -> None:
        """Go on with the relay test on a further connection, if one is allowed."""
        self.relay.may_go_on = False
        if not self.relay.pending:
            return
        if self.notebook.connections >= self.max_connections:
            self.relay.leave_out(_NO_FURTHER)
            return
        self.notebook.connections += 1
        await self._test_relay_on(await self._open_again())

    async def _test_relay_on(self, session: Session | Ended) -> bool:
        """Go on with the relay test in a session; return False, and say why, if there is none."""
        if isinstance(session, Session):
            try:
                await self.relay.ask(session)
            finally:
                session.close()
            return True
        if isinstance(session.why, Unseen):
            self.relay.leave_out(session.why)
        else:
            detail = f"a further connection was answered {session.why}"
            self.relay.leave_out(Unseen(trouble=Trouble.NOT_ASKED, detail=detail))
        return False

    async def _open_again(self) -> Session | Ended:
        """Open one more session, of which only TLS is written down, beside the transcript.

        It is in TLS if the relay test was so far.
        """
        note = self.notebook.note_aside
        session = await open_session(self.plan, self.notebook.transcript, note)
        if not self.relay.in_tls or isinstance(session, Ended):
            return session
        return await start_tls(session, note)


def _sent_away(ended: Ended) -> bool:
    return is_closing(ended.why)
