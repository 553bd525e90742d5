"""What takes connections of its own, once the visits are over: ClientHellos, the injection test."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Unpack

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import OUR_OWN, Trouble, Unseen
from mxcheck.evidence.smtp import Greeting, Reply, Visit
from mxcheck.evidence.tls import Alert, OwnHello, ServerHello, TlsSession
from mxcheck.probe.smtp.hello import probe_hello
from mxcheck.probe.smtp.injection import probe_injection
from mxcheck.probe.smtp.notebook import PENDING, Notebook, Stages
from mxcheck.probe.smtp.questions import CLASSIC, EVERY_VERSION, LARGE, SHORT, Questions, follows
from mxcheck.probe.smtp.session import Ended, Session, open_session
from mxcheck.probe.smtp.visit import Visitor
from mxcheck.wire.ehlo import parse_ehlo
from mxcheck.wire.reply_code import is_ready

_UNANSWERED = frozenset({Trouble.TIMEOUT, Trouble.CLOSED, Trouble.RESET})
"""How a ClientHello looks that got lost on the way, or was too much for the server."""


@dataclass(slots=True, kw_only=True)
class SecondLook:
    """Goes to an address again, after its visit, and adds to what the visit wrote down.

    `turned_away` tells that a further connection failed before STARTTLS: from then on each one is
    tried once. `silence` is what a further connection met that nobody answered: no other one is
    made, because each would use up the time of the host. `answered` are the hellos that were
    answered, in their order.
    """

    visitor: Visitor
    questions: Questions
    turned_away: bool = False
    silence: Unseen | None = None
    answered: list[OwnHello] = field(default_factory=list)

    @property
    def notebook(self) -> Notebook:
        """Return where the visit is written down."""
        return self.visitor.notebook

    def prepare(self) -> bool:
        """Write down what is about to be asked; False if that is nothing."""
        notebook, visit = self.notebook, self.notebook.furthest
        if not _offers_tls(visit):
            return False
        notebook.hellos = self.questions.about_versions(visit)
        notebook.chain_hellos = self.questions.about_chains(visit)
        notebook.base_hellos = self.questions.about_base_domains(visit)
        notebook.large_hellos = self.questions.about_length(visit)
        if self.questions.injection and isinstance(visit.tls, TlsSession):
            notebook.injection = PENDING
        return bool(notebook.all_hellos) or notebook.injection is PENDING

    async def look(self) -> None:
        """Ask it all, a connection each, as far as they are allowed.

        What rules at error level read comes first. But if there is room for all of that and two
        long hellos too, the long ones come before, so that a short one follows them.
        """
        questions = {
            Item.BASE_CHAINS: self._ask_base_domains,
            Item.OTHER_CHAIN: lambda: self._ask_each(self.notebook.chain_hellos),
            Item.LARGE_HELLO: self._ask_length,
            Item.OLD_TLS: self._ask_versions,
            Item.INJECTION: self._ask_injection,
        }
        urgent = [item for item in questions if item in self.questions.first]
        later = [item for item in questions if item not in urgent]
        if Item.LARGE_HELLO in later and self._has_room_for_two(urgent):
            urgent.insert(0, Item.LARGE_HELLO)
            later.remove(Item.LARGE_HELLO)
        for item in (*urgent, *later):
            await questions[item]()
        await self._follow_length()

    def _has_room_for_two(self, urgent: Sequence[Item]) -> bool:
        """Return whether there is room, and time, for two more connections than the urgent need."""
        notebook = self.notebook
        needed = {
            Item.BASE_CHAINS: 2 * len(notebook.base_hellos),
            Item.OTHER_CHAIN: len(notebook.chain_hellos),
            Item.OLD_TLS: len(notebook.hellos),
            Item.INJECTION: int(notebook.injection is PENDING),
        }
        room = self.visitor.max_connections - notebook.connections
        wanted = 2 + sum(needed.get(item, 0) for item in urgent)
        return room >= wanted and self.visitor.host.seconds_left > wanted * self._greeting_seconds

    @property
    def _greeting_seconds(self) -> float:
        """Return how long the server took to greet the visit: the least that a connection takes."""
        greeting = self.notebook.furthest.greeting
        return greeting.greeting_ms / 1000 if isinstance(greeting, Greeting) else 0

    async def _ask_each(self, hellos: list[OwnHello]) -> None:
        for location, planned in enumerate(hellos):
            hellos[location] = await self._hello(planned)

    async def _ask_base_domains(self) -> None:
        """Ask for a certificate of each base domain, then for its other one."""
        hellos = self.notebook.base_hellos
        await self._ask_each(hellos)
        others = [other for hello in hellos for other in follows(hello)]
        hellos += others
        for location in range(len(hellos) - len(others), len(hellos)):
            hellos[location] = await self._hello(hellos[location])

    async def _ask_length(self) -> None:
        """Ask with a long hello, and once more if it is not answered."""
        hellos = self.notebook.large_hellos
        if hellos:
            hellos[0] = await self._hello(hellos[0])
            if _is_unanswered(hellos[0]):
                hellos.append(LARGE)
                hellos[1] = await self._hello(LARGE)

    async def _follow_length(self) -> None:
        """Note a short hello that came after two long ones, or ask with one."""
        hellos = self.notebook.large_hellos
        if len(hellos) > 1 and _is_unanswered(hellos[1]):
            hellos.append(SHORT)
            later = next((hello for hello in reversed(self.answered)), None)
            hellos[-1] = later or await self._hello(SHORT)

    async def _ask_versions(self) -> None:
        hellos = self.notebook.hellos
        for location, planned in enumerate(hellos):
            hellos[location] = await self._hello(planned)
            if isinstance(hellos[location].answer, ServerHello):
                del hellos[location + 1 :]  # this answers for newer offers too
                break
        if _is_refused(hellos):
            # It may be TLS 1.3 itself that the server cannot bear, or cannot do with its key.
            hellos.append(replace(SHORT, offered=CLASSIC))
            hellos[-1] = await self._hello(hellos[-1])

    async def _hello(self, planned: OwnHello) -> OwnHello:
        session = await self._open()
        if isinstance(session, Unseen):
            return replace(planned, answer=session)
        try:
            asked = await probe_hello(session, planned)
        finally:
            session.close()
        if not isinstance(asked.answer, Unseen):
            self.answered.append(asked)
        elif asked.large:
            self.answered.clear()  # only what follows the last long one counts
        return asked

    async def _ask_injection(self) -> None:
        if self.notebook.injection is not PENDING:
            return
        session = await self._open()
        if isinstance(session, Unseen):
            self.notebook.injection = session
            return
        try:
            self.notebook.injection = await probe_injection(session)
        finally:
            session.close()

    async def _open(self) -> Session | Unseen:
        """Return a further session, if the limits allow it, after as many tries as they allow."""
        visitor, notebook = self.visitor, self.notebook
        if self.silence:
            return self.silence
        if visitor.host.sent_away_at:
            detail = f"{visitor.plan.endpoint.host} answered 421 at {visitor.host.sent_away_at}"
            return Unseen(trouble=Trouble.BUDGET, detail=f"{detail}, and was not asked again")
        if notebook.connections >= visitor.max_connections:
            detail = (
                f"a further connection was not allowed (--max-connections {notebook.connections})"
            )
            return Unseen(trouble=Trouble.BUDGET, detail=detail)
        notebook.connections += 1
        session = await self._open_with_retries()
        if isinstance(session, Session):
            return session
        self.turned_away = True
        why = _why(session)
        if _is_silence(session):
            self.silence = why
        return why

    async def _open_with_retries(self) -> Session | Ended:
        visitor = self.visitor
        for number in range(1 if self.turned_away else visitor.time_budget.retries + 1):
            if number:
                await visitor.time_budget.pause(number)
            session = await open_session(visitor.plan, self.notebook.transcript, _keep_nothing)
            if isinstance(session, Session) or not session.may_pass or _is_silence(session):
                break
        return session


def _offers_tls(visit: Visit) -> bool:
    """Return whether STARTTLS is announced and accepted: else no rule needs the answers."""
    announced = isinstance(visit.ehlo, Reply) and "STARTTLS" in parse_ehlo(visit.ehlo)
    return announced and is_ready(visit.starttls)


def _is_refused(hellos: Sequence[OwnHello]) -> bool:
    return any(h.offered == EVERY_VERSION and isinstance(h.answer, Alert) for h in hellos)


def _is_unanswered(hello: OwnHello) -> bool:
    answer = hello.answer
    return hello.sent and isinstance(answer, Unseen) and answer.trouble in _UNANSWERED


def _is_silence(ended: Ended) -> bool:
    return isinstance(ended.why, Unseen) and ended.why.trouble is Trouble.TIMEOUT


def _why(ended: Ended) -> Unseen:
    if isinstance(ended.why, Unseen):
        kept = ended.why.trouble in OUR_OWN
        detail = f"a further connection showed nothing: {ended.why.detail}"
        return ended.why if kept else Unseen(trouble=ended.why.trouble, detail=detail)
    detail = f"a further connection was answered {ended.why}"
    return Unseen(trouble=Trouble.TURNED_AWAY, detail=detail)


def _keep_nothing(**_stages: Unpack[Stages]) -> None:
    """Drop the stages of a session that the visit has shown already."""
