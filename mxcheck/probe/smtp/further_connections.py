"""What takes connections of its own, once the visits are over: ClientHellos, the injection test."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import OUR_OWN, Trouble, Unseen
from mxcheck.evidence.smtp import Injection, Reply, Visit
from mxcheck.evidence.tls import Alert, OwnHello, ServerHello, TlsSession
from mxcheck.model.policy import TlsVersion
from mxcheck.model.targets import Target
from mxcheck.probe.smtp.hello import probe_hello
from mxcheck.probe.smtp.injection import probe_injection
from mxcheck.probe.smtp.notebook import PENDING
from mxcheck.probe.smtp.session import Ended, Session, open_session
from mxcheck.probe.smtp.visit import Visitor
from mxcheck.wire.ehlo import parse_ehlo
from mxcheck.wire.reply_code import is_closing, is_ready
from mxcheck.wire.tls_version import WIRE_VERSIONS, is_at_least, version_below

EVERY_VERSION, CLASSIC = "TLSv1.3", "TLSv1.2"

_NOT_TLS_TO_US = frozenset({Trouble.HANDSHAKE, Trouble.CLOSED, Trouble.RESET})
"""How a handshake fails that another ClientHello may fare better with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What the rules that are asked about an address want to know of it.

    `after_failure` says that a failed handshake is looked into, `minima` are the versions below
    which none should be accepted, `injection` asks for the injection test.
    """

    after_failure: bool
    minima: tuple[TlsVersion, ...]
    injection: bool

    @classmethod
    def of(cls, targets: Iterable[Target]) -> "Questions":
        """The questions of all domains that have this address as an MX."""
        asking = [target for target in targets if Item.VISIT in target.wanted]
        minima = {target.policy.min_tls for target in asking if Item.OLD_TLS in target.wanted}
        return cls(
            after_failure=any(Item.FAILED_HANDSHAKE in target.wanted for target in asking),
            minima=tuple(sorted(minima)),
            injection=any(Item.INJECTION in target.wanted for target in asking),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """Goes to an address again, after its visit, and adds to what the visit wrote down."""

    visitor: Visitor
    questions: Questions

    def prepare(self) -> bool:
        """Write down what is about to be asked; False where that is nothing."""
        notebook = self.visitor.notebook
        visit = notebook.furthest
        if not _offers_tls(visit):
            return False
        notebook.hellos = [
            OwnHello(offered=offered, sent=False, answer=PENDING) for offered in self._offers(visit)
        ]
        if self.questions.injection and isinstance(visit.tls, TlsSession):
            notebook.injection = PENDING
        return bool(notebook.hellos) or notebook.injection is PENDING

    async def look(self) -> None:
        """Ask it all, a connection each, as far as they are allowed."""
        notebook = self.visitor.notebook
        for location, planned in enumerate(notebook.hellos):
            notebook.hellos[location] = await self._hello(planned.offered)
            if isinstance(notebook.hellos[location].answer, ServerHello):
                del notebook.hellos[
                    location + 1 :
                ]  # what is offered up to a later version is known
                break
        if _is_refused(notebook.hellos):
            # It may be TLS 1.3 itself that the server cannot bear, or cannot do with its key.
            notebook.hellos.append(OwnHello(offered=CLASSIC, sent=False, answer=PENDING))
            notebook.hellos[-1] = await self._hello(CLASSIC)
        if notebook.injection is PENDING:
            notebook.injection = await self._injection()

    def _offers(self, visit: Visit) -> Sequence[str]:
        """What to offer, the oldest first: one hello, unless domains differ in their minimum."""
        if isinstance(visit.tls, TlsSession):
            negotiated = visit.tls.version
            asked = [low for low in self.questions.minima if is_at_least(negotiated, low)]
            return sorted(map(version_below, asked), key=list(WIRE_VERSIONS).index)
        failed = self.questions.after_failure and visit.tls.trouble in _NOT_TLS_TO_US
        return (EVERY_VERSION,) if failed else ()

    async def _hello(self, offered: str) -> OwnHello:
        session = await self._open()
        if isinstance(session, Unseen):
            return OwnHello(offered=offered, sent=False, answer=session)
        try:
            return await probe_hello(session, offered)
        finally:
            session.close()

    async def _injection(self) -> Injection | Unseen:
        session = await self._open()
        if isinstance(session, Unseen):
            return session
        try:
            return await probe_injection(session)
        finally:
            session.close()

    async def _open(self) -> Session | Unseen:
        """A further session, where the limits allow it, and after as many tries as they allow."""
        visitor, notebook = self.visitor, self.visitor.notebook
        if visitor.host.sent_away_at:
            detail = f"{visitor.plan.host} answered 421 at {visitor.host.sent_away_at}"
            return Unseen(trouble=Trouble.BUDGET, detail=f"{detail}, and was not asked again")
        if notebook.connections >= visitor.max_connections:
            detail = "a further connection was not allowed (max_connections)"
            return Unseen(trouble=Trouble.BUDGET, detail=detail)
        notebook.connections += 1
        session = await self._open_patiently()
        if isinstance(session, Session):
            return session
        if is_closing(session.why):
            visitor.host.sent_away_at = visitor.plan.address
        return _why(session)

    async def _open_patiently(self) -> Session | Ended:
        visitor = self.visitor
        for number in range(visitor.time_budget.retries + 1):
            if number:
                await visitor.time_budget.pause(number)
            session = await open_session(visitor.plan, visitor.notebook.transcript, _keep_nothing)
            if isinstance(session, Session) or not session.may_pass:
                break
        return session


def _offers_tls(visit: Visit) -> bool:
    """Whether STARTTLS is announced and accepted: else no rule has a use for the answers."""
    announced = isinstance(visit.ehlo, Reply) and "STARTTLS" in parse_ehlo(visit.ehlo)
    return announced and is_ready(visit.starttls)


def _is_refused(hellos: Sequence[OwnHello]) -> bool:
    return any(h.offered == EVERY_VERSION and isinstance(h.answer, Alert) for h in hellos)


def _why(ended: Ended) -> Unseen:
    if isinstance(ended.why, Unseen):
        kept = ended.why.trouble in OUR_OWN
        detail = f"a further connection came to nothing: {ended.why.detail}"
        return ended.why if kept else Unseen(trouble=ended.why.trouble, detail=detail)
    detail = f"a further connection was answered {ended.why}"
    return Unseen(trouble=Trouble.NOT_ASKED, detail=detail)


def _keep_nothing(**_stages: object) -> None:
    """Stages of a session that the visit has shown already."""
