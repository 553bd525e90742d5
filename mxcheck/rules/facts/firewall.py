"""Whose firewall rewrites what a server says: the one before this machine, or the server's own."""

from dataclasses import replace
from enum import Enum, auto

from mxcheck.evidence.domain import Run
from mxcheck.evidence.smtp import Visit
from mxcheck.rules.base import EndpointCase, Fail, Unknown
from mxcheck.wire.address import ip_version
from mxcheck.wire.reply_code import is_ready
from mxcheck.wire.smtp_filter import masked_keywords, rewritten_words, shows_plain_words

OWN_REMEDY = (
    "Turn off the inspection of SMTP on the firewall in front of this machine (Cisco: no inspect"
    " esmtp, on old ones no fixup protocol smtp), or run the check from another network."
)
SERVER_REMEDY = (
    "Turn off the inspection of SMTP on the firewall in front of the server (Cisco: no inspect"
    " esmtp, on old ones no fixup protocol smtp)."
)


class Rewriter(Enum):
    """Whose firewall rewrites SMTP on the way to an address."""

    NOBODY = auto()
    SERVER = auto()
    THIS_MACHINE = auto()
    NOT_KNOWN = auto()


def rewriter(evidence: Run, visit: Visit) -> Rewriter:
    """Return whose firewall rewrote what a visit saw, as the control hosts show it.

    They are asked if everything that a run heard in an address family was rewritten.
    """
    if not rewritten_words(visit):
        return Rewriter.NOBODY
    return _rewriter_in(evidence, ip_version(visit.address))


def _rewriter_in(evidence: Run, family: int) -> Rewriter:
    calls = [call for call in evidence.canaries if call.family == family]
    if not calls or any(map(shows_plain_words, calls)):
        return Rewriter.SERVER
    return Rewriter.THIS_MACHINE if any(map(rewritten_words, calls)) else Rewriter.NOT_KNOWN


def hidden_by_firewall(case: EndpointCase) -> Unknown | None:
    """Return what to say if a firewall that is not the server's may hide what a server says."""
    words = rewritten_words(case.visit)
    match rewriter(case.run, case.visit):
        case Rewriter.NOBODY | Rewriter.SERVER:
            return None
        case Rewriter.THIS_MACHINE:
            why = "a firewall in front of this machine rewrites SMTP, for control hosts too"
        case Rewriter.NOT_KNOWN:
            why = "a firewall rewrites SMTP, and no control host answered that would tell whose"
    message = f"what {case.where} says is hidden: {why} (it shows: {words})"
    return Unknown(message=message, remedy=OWN_REMEDY)


def behind_firewall(fail: Fail, case: EndpointCase) -> Fail | Unknown:
    """Return a failure that a firewall may have made: unknown, unless that is the server's own."""
    hidden = hidden_by_firewall(case)
    words = rewritten_words(case.visit)
    if hidden or not words:
        return hidden or fail
    message = f"{fail.message}. A firewall in front of it rewrites SMTP: {words}"
    return replace(fail, message=message, remedy=f"{SERVER_REMEDY} {fail.remedy}")


def behind_command_filter(fail: Fail, case: EndpointCase) -> Fail | Unknown:
    """Return a failed STARTTLS as unknown if a firewall replaced the command on its way.

    Control hosts are not asked for STARTTLS. That another server of this run accepted it over the
    same address family shows that the firewall is not the one in front of this machine.
    """
    words = ", ".join(masked_keywords(case.visit.starttls))
    if not words:
        return fail
    family = ip_version(case.visit.address)
    if any(ip_version(one.address) == family and is_ready(one.starttls) for one in case.run.visits):
        seen = f"{fail.message}. A firewall in front of it replaces the command: {words}"
        return replace(fail, message=seen, remedy=f"{SERVER_REMEDY} {fail.remedy}")
    seen = f"whether {case.where} accepts STARTTLS is hidden: a firewall replaces the command"
    return Unknown(message=f"{seen} ({words}), perhaps in front of this machine", remedy=OWN_REMEDY)


def firewall_notes(evidence: Run) -> tuple[str, ...]:
    """Return one note for each address family in which this machine's firewall rewrites SMTP."""
    return tuple(
        f"a firewall in front of this machine rewrites SMTP over IPv{family}: {OWN_REMEDY}"
        for family in (4, 6)
        if _rewriter_in(evidence, family) is Rewriter.THIS_MACHINE
    )
