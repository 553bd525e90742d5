"""What became of a ClientHello that is longer than one TCP segment."""

from collections.abc import Iterable
from dataclasses import dataclass

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import Alert, OwnHello, ServerHello
from mxcheck.rules.base import EndpointCase, NotApplicable
from mxcheck.rules.facts.stages import the_tls_session
from mxcheck.rules.facts.tls import came_to_nothing

_LOST = frozenset({Trouble.TIMEOUT, Trouble.CLOSED, Trouble.RESET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A long ClientHello was answered so."""

    answer: ServerHello | Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Two long ClientHellos were not answered, and a short one that followed was."""

    details: tuple[str, ...]


def the_large_hello(case: EndpointCase) -> Answered | Lost | Unseen | NotApplicable:
    """Return what became of the long ClientHello, if that tells anything."""
    session = the_tls_session(case)
    if isinstance(session, NotApplicable):
        return session
    hellos = case.visit.large_hellos
    details = list[str]()
    for hello in hellos:
        answer = hello.answer
        if not isinstance(answer, Unseen):
            return Answered(answer=answer) if hello.large else Lost(details=tuple(details))
        if not _is_lost(hello):
            return came_to_nothing(answer)
        details.append(answer.detail)
    detail = f"whether {case.where} answers a long ClientHello was not asked"
    return Unseen(trouble=Trouble.NOT_ASKED, detail=detail)


def is_answered_anywhere(visits: Iterable[Visit]) -> bool:
    """Return whether any server of a run answered a long ClientHello."""
    return any(
        hello.large and not isinstance(hello.answer, Unseen)
        for visit in visits
        for hello in visit.large_hellos
    )


def _is_lost(hello: OwnHello) -> bool:
    lost = isinstance(hello.answer, Unseen) and hello.answer.trouble in _LOST
    return hello.large and hello.sent and lost
