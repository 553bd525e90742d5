"""Parts of the evidence that several reports show."""

from datetime import UTC, datetime
from http import HTTPStatus

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.mta_sts import PolicyAnswer, PolicyFetch, PolicyResponse
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.overrides import OverridePolicy
from mxcheck.evidence.smtp import RelayAttempt, Reply, Visit
from mxcheck.evidence.tls import OwnHello, ServerHello, TlsSession
from mxcheck.wire.ehlo import parse_ehlo
from mxcheck.wire.reply_code import is_positive

_STAGES = ("connection", "greeting", "ehlo", "helo", "starttls", "tls", "ehlo_after_tls")


def moment(when: datetime) -> str:
    """Format a time as RFC 3339, in UTC, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def versions_seen(visit: Visit) -> tuple[str, ...]:
    """Return the TLS versions that the server chose, each once, that of the session first."""
    session = [visit.tls.version] if isinstance(visit.tls, TlsSession) else []
    chosen = [h.answer.version for h in visit.hellos if isinstance(h.answer, ServerHello)]
    return tuple(dict.fromkeys(session + chosen))


def further_hellos(visit: Visit) -> tuple[OwnHello, ...]:
    """Return the ClientHellos about other certificates, and the long ones."""
    return (*visit.chain_hellos, *visit.base_hellos, *visit.large_hellos)


def announced(visit: Visit) -> dict[str, str] | None:
    """Return the extensions announced in TLS, or else before; None if EHLO was not accepted."""
    for reply in (visit.ehlo_after_tls, visit.ehlo):
        if isinstance(reply, Reply) and is_positive(reply):
            return parse_ehlo(reply)
    return None


def unseen_stages(visit: Visit) -> dict[str, Unseen]:
    """Return the stages that were tried and showed nothing, with the reason."""
    stages = {stage: getattr(visit, stage) for stage in _STAGES}
    return {
        stage: seen
        for stage, seen in stages.items()
        if isinstance(seen, Unseen) and seen != NOT_ASKED
    }


def forms_of(visit: Visit, domain: str) -> tuple[RelayAttempt, ...]:
    """Return the relay attempts that concern this domain, or no domain in particular."""
    return tuple(attempt for attempt in visit.relay if attempt.domain in {"", domain})


def was_asked(lookup: Lookup) -> bool:
    """Return whether the lookup was made, or at least begun."""
    return not (isinstance(lookup, Unseen) and lookup.trouble is Trouble.NOT_ASKED)


def policy_body(body: bytes) -> str:
    """Return the text of an MTA-STS policy; bytes that are not UTF-8 become escapes."""
    return body.decode("utf-8", "backslashreplace")


def response_shown(fetch: PolicyFetch) -> PolicyAnswer | None:
    """Return the answer that reports show of a fetch: the first with status 200, else the first."""
    answered = [one for one in fetch.answers if isinstance(one.response, PolicyResponse)]
    good = (
        one
        for one in answered
        if isinstance(one.response, PolicyResponse) and one.response.status == HTTPStatus.OK
    )
    return next(good, answered[0] if answered else None)


def why_no_response(seen: PolicyFetch | OverridePolicy | Unseen) -> Unseen | None:
    """Return why no address of a policy host answered; None if one did, or if none was due."""
    if isinstance(seen, OverridePolicy):
        return None
    if isinstance(seen, Unseen):
        return seen
    if response_shown(seen):
        return None
    troubles = (*(one.trouble for one in seen.answers), seen.ipv4, seen.ipv6)
    found = (one for one in troubles if isinstance(one, Unseen))
    none = Unseen(trouble=Trouble.NO_ADDRESS, detail="the policy host has no address")
    return next(found, none)
