"""The server refuses EHLO.

## Why it matters

Without EHLO there are no extensions, and so no STARTTLS: mail crosses the network in clear, and
senders that require TLS do not deliver. Every server since RFC 2821 (2001) has to take EHLO.

A 4yz answer, or a refusal in words about this client (its name, its address, a blocklist), says
nothing about other senders: then the answer is unknown.

## Repair

- A firewall that filters SMTP commands is the usual cause (Cisco: `no inspect esmtp`).
- Look at `smtpd_helo_restrictions` (Postfix), `acl_smtp_helo` and `helo_accept_junk_hosts` (Exim),
  the protocol log of the receive connector (Exchange).
"""

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Reply, Visit
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.stages import NOT_A_REPLY, cut_off_inside_tls, the_ehlo_attempt
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.refusal import Refusal, parse_refusal
from mxcheck.wire.reply_code import is_transient
from mxcheck.wire.software import Software

REMEDY = "Let the server, and any firewall in front of it, accept EHLO (RFC 5321 4.1.1.1)."
SETTINGS = {
    Software.POSTFIX: "look at smtpd_helo_restrictions.",
    Software.EXIM: "look at acl_smtp_helo and helo_accept_junk_hosts.",
    Software.EXCHANGE: "look at the protocol log of the receive connector.",
}


def needs(case: EndpointCase) -> Visit | Unseen | Unknown | NotApplicable:
    """The visit, unless the answer to EHLO was about this client."""
    seen = the_ehlo_attempt(case)
    if not isinstance(seen, Visit):
        return seen
    for reply in (seen.ehlo, seen.ehlo_after_tls):
        if isinstance(reply, Reply) and _turns_away(reply):
            return Unknown(
                message=f"{case.where} turns this client away at EHLO: {reply}",
                remedy="Run the check from another address, or with another --ehlo-name.",
            )
    return cut_off_inside_tls(seen) or seen


def _turns_away(reply: Reply) -> bool:
    return is_transient(reply) or parse_refusal(reply) is Refusal.CLIENT


def check(visit: Visit, case: EndpointCase) -> Pass | Fail:
    """Judge that EHLO was accepted, and accepted again inside TLS."""
    seen = _refusal_in_clear(visit) or _refusal_inside_tls(visit)
    if seen:
        return Fail(message=f"{case.where} {seen}", remedy=repair(case, REMEDY, SETTINGS))
    return Pass(message=f"{case.where} accepts EHLO")


def _refusal_in_clear(visit: Visit) -> str:
    if isinstance(visit.ehlo, Unseen):
        return f"gives no valid answer to EHLO: {visit.ehlo.detail}"
    if parse_refusal(visit.ehlo) is Refusal.NONE:
        return ""
    helo = visit.helo.detail if isinstance(visit.helo, Unseen) else str(visit.helo)
    return f"refuses EHLO with {visit.ehlo}; to HELO it says: {helo}"


def _refusal_inside_tls(visit: Visit) -> str:
    inside = visit.ehlo_after_tls
    if isinstance(inside, Unseen):
        invalid = f"gives no valid answer to EHLO inside TLS: {inside.detail}"
        return invalid if inside.trouble in NOT_A_REPLY else ""
    refused = parse_refusal(inside) is not Refusal.NONE
    return f"refuses EHLO inside TLS with {inside}" if refused else ""


RULE = Rule(
    id="smtp-ehlo-refused",
    family=Family.SMTP,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="EHLO is refused",
    references=("RFC 5321 3.2", "RFC 5321 4.1.1.1"),
    needs=needs,
    check=check,
)
