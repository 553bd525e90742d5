"""What several reports pick out of the evidence."""

from datetime import UTC, datetime

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.mta_sts import PolicyResponse
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import RelayAttempt, Reply, Visit
from mxcheck.evidence.tls import ServerHello, TlsSession
from mxcheck.wire.ehlo import parse_ehlo
from mxcheck.wire.reply_code import is_positive

_STAGES = ("connection", "greeting", "ehlo", "helo", "starttls", "tls", "ehlo_after_tls")


def moment(when: datetime) -> str:
    """A moment in RFC 3339, in UTC, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def versions_seen(visit: Visit) -> tuple[str, ...]:
    """The TLS versions that the server chose, that of the session first, each once."""
    session = [visit.tls.version] if isinstance(visit.tls, TlsSession) else []
    chosen = [h.answer.version for h in visit.hellos if isinstance(h.answer, ServerHello)]
    return tuple(dict.fromkeys(session + chosen))


def announced(visit: Visit) -> dict[str, str] | None:
    """The extensions announced inside TLS, or else before it; None where EHLO was not accepted."""
    for reply in (visit.ehlo_after_tls, visit.ehlo):
        if isinstance(reply, Reply) and is_positive(reply):
            return parse_ehlo(reply)
    return None


def unseen_stages(visit: Visit) -> dict[str, Unseen]:
    """The stages that were meant to happen and showed nothing."""
    stages = {stage: getattr(visit, stage) for stage in _STAGES}
    return {
        stage: seen
        for stage, seen in stages.items()
        if isinstance(seen, Unseen) and seen != NOT_ASKED
    }


def forms_of(visit: Visit, domain: str) -> tuple[RelayAttempt, ...]:
    """The relay forms that speak of this domain, or of none."""
    return tuple(attempt for attempt in visit.relay if attempt.domain in {"", domain})


def was_asked(lookup: Lookup) -> bool:
    """Whether the lookup was made, or begun at least."""
    return not (isinstance(lookup, Unseen) and lookup.trouble is Trouble.NOT_ASKED)


def policy_body(response: PolicyResponse) -> str:
    """The text of an MTA-STS policy as it came; bytes that are not UTF-8 stand as escapes."""
    return response.body.decode("utf-8", "backslashreplace")
