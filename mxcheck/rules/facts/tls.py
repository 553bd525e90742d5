"""What connections of their own showed of TLS: old versions, failed handshakes, injection."""

from dataclasses import dataclass

from mxcheck.evidence.outcome import OUR_OWN, Trouble, Unseen
from mxcheck.evidence.smtp import Injection, Reply, Visit
from mxcheck.evidence.tls import OwnHello, ServerHello, TlsSession
from mxcheck.rules.base import EndpointCase, Missing, NotApplicable, Unknown
from mxcheck.rules.facts.own_hello import old_version_chosen
from mxcheck.rules.facts.senders import lacks_secure_renegotiation
from mxcheck.rules.facts.stages import (
    NOT_A_REPLY,
    cut_off_inside_tls,
    not_waited_for,
    the_handshake_attempt,
    the_tls_session,
)
from mxcheck.wire.reply_code import is_ready
from mxcheck.wire.tls_version import is_at_least, version_below

HUNG_UP = frozenset({Trouble.CLOSED, Trouble.RESET})
"""How a server that hangs up in answer looks: a refusal without words."""

_REFUSALS = (4, 5)
_NEWEST = "TLSv1.3"
_OLD = Missing(message="the best version that the server speaks is below the minimum")


def the_modern_session(case: EndpointCase) -> TlsSession | NotApplicable:
    """Return the TLS session, where its version is not itself below the minimum."""
    session = the_tls_session(case)
    if isinstance(session, NotApplicable):
        return session
    return session if is_at_least(session.version, case.policy.min_tls) else _OLD


def the_handshake(case: EndpointCase) -> Visit | Unseen | Unknown | NotApplicable:
    """Return the visit if a handshake was begun and the probe saw how it went on."""
    attempt = the_handshake_attempt(case)
    if not isinstance(attempt, Visit) or not isinstance(attempt.tls, TlsSession):
        return attempt
    if lacks_secure_renegotiation(attempt.tls):
        return attempt
    late = not_waited_for(attempt.ehlo_after_tls, case)
    return cut_off_inside_tls(attempt) or late or attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best version that a server speaks; `connection` showed it, if not the visit itself."""

    version: str
    connection: str = ""


def the_best_version(case: EndpointCase) -> Best | NotApplicable:
    """Return the version that was negotiated, or one below the minimum that the server chose.

    It may have chosen it after a failed handshake, or on a connection that offered newer ones too:
    behind one address there may be several servers.
    """
    chosen = old_version_chosen(case)
    if chosen is not None:
        return Best(version=chosen.version)
    session = the_tls_session(case)
    if isinstance(session, NotApplicable):
        return session
    for one in case.visit.shown:
        limited = one.version != one.offered or one.offered == _NEWEST
        asked_for_more = is_at_least(one.offered, case.policy.min_tls)
        if limited and asked_for_more and not is_at_least(one.version, case.policy.min_tls):
            return Best(version=one.version, connection=one.connection)
    return Best(version=session.version)


def the_best_modern_version(case: EndpointCase) -> Best | NotApplicable:
    """Return the version of the session, or a lower one that was chosen where TLS 1.3 was offered.

    Versions below the minimum are not modern.
    """
    session = the_modern_session(case)
    if isinstance(session, NotApplicable):
        return session
    for one in case.visit.shown:
        lower = one.offered == _NEWEST and one.version != _NEWEST
        if lower and is_at_least(one.version, case.policy.min_tls):
            return Best(version=one.version, connection=one.connection)
    return Best(version=session.version)


def the_legacy_hello(case: EndpointCase) -> OwnHello | Unseen | NotApplicable:
    """Return the ClientHello that offered nothing but versions below the minimum."""
    session = the_modern_session(case)
    if isinstance(session, NotApplicable):
        return session
    for hello in case.visit.hellos:
        if isinstance(hello.answer, ServerHello) and not _is_enough(case, hello.answer):
            return hello
    offered = version_below(case.policy.min_tls)
    for hello in case.visit.hellos:
        if hello.offered == offered:
            return _answered(hello)
    detail = f"whether {case.where} accepts {offered} was not asked"
    return Unseen(trouble=Trouble.NOT_ASKED, detail=detail)


def _answered(hello: OwnHello) -> OwnHello | Unseen | NotApplicable:
    answer = hello.answer
    if not isinstance(answer, Unseen) or (hello.sent and answer.trouble in HUNG_UP):
        return hello
    return came_to_nothing(answer)


def came_to_nothing(seen: Unseen) -> Unseen | NotApplicable:
    """Return what a question on a further connection is worth that was not answered.

    A server may limit connections: what it refuses, cuts off or leaves unanswered leaves that
    question alone not applicable. What this check did not ask, or cannot read, is unknown.
    """
    ours = seen.trouble in OUR_OWN or seen.trouble in NOT_A_REPLY
    return seen if ours else NotApplicable(message=seen.detail)


def _is_enough(case: EndpointCase, answer: ServerHello) -> bool:
    return is_at_least(answer.version, case.policy.min_tls)


def the_injection(case: EndpointCase) -> Injection | Unseen | NotApplicable:
    """Return what came of the injection test, as far as it tells anything."""
    session = the_tls_session(case)
    if isinstance(session, NotApplicable):
        return session
    seen = case.visit.injection
    if isinstance(seen, Unseen):
        return seen
    stages = (seen.starttls, *_after(seen), *seen.replies[:1])
    for stage in stages:
        if isinstance(stage, Unseen) and stage.trouble not in HUNG_UP:
            return stage
    if _is_odd(seen.replies):
        detail = f"{case.where} answers QUIT inside TLS with {seen.replies[0]}"
        return Unseen(trouble=Trouble.MALFORMED, detail=detail)
    return seen


def _after(seen: Injection) -> tuple[Unseen, ...]:
    """Return the trouble with the handshake, where there was to be one."""
    refused = not is_ready(seen.starttls)
    return () if refused or not isinstance(seen.tls, Unseen) else (seen.tls,)


def _is_odd(replies: tuple[Reply | Unseen, ...]) -> bool:
    """Return whether one reply came that is neither to QUIT nor a refusal, and then no other."""
    match replies:
        case (Reply(code=code), Unseen()):
            return code // 100 not in _REFUSALS
        case _:
            return False
