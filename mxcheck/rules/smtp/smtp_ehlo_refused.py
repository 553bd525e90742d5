"""The server refuses EHLO.

## Why it matters

Without EHLO there are no extensions: no STARTTLS, no SIZE, no 8BITMIME. Mail crosses the network in
clear, and senders that require TLS do not deliver at all. Every server since RFC 2821 (2001) has to
take EHLO.

A 4yz answer asks the client to come back, and a refusal in words about this client (its name, its
address, a blocklist) says nothing about other senders: then the answer is unknown.

## Repair

- A firewall that filters SMTP commands is the usual cause (Cisco: `no inspect esmtp`).
- Postfix: look at `smtpd_helo_restrictions` and `smtpd_discard_ehlo_keywords`; Exim: at
  `acl_smtp_helo` and `helo_accept_junk_hosts`; Exchange: at the protocol log of the receive
  connector.
"""

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Reply, Visit
from mxcheck.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.subjects import the_ehlo_attempt
from mxcheck.wire.refusal import Refusal, parse_refusal

REMEDY = "Let the server, and any firewall in front of it, accept EHLO (RFC 5321 4.1.1.1)."


def needs(case: EndpointCase) -> Visit | Unseen | Unknown | NotApplicable:
    """The visit, unless the answer to EHLO was about this client."""
    seen = the_ehlo_attempt(case)
    if not isinstance(seen, Visit) or not isinstance(seen.ehlo, Reply):
        return seen
    later = seen.ehlo.code // 100 == 4  # noqa: PLR2004 - 4yz, in whatever words
    if not later and parse_refusal(seen.ehlo) is not Refusal.CLIENT:
        return seen
    return Unknown(
        message=f"{case.where} turns this client away at EHLO: {seen.ehlo}",
        remedy="Run the check from another address, or with another --ehlo-name.",
    )


def check(visit: Visit, case: EndpointCase) -> Pass | Fail:
    """Judge that EHLO was accepted."""
    if isinstance(visit.ehlo, Unseen):
        return Fail(
            message=f"{case.where} does not answer EHLO: {visit.ehlo.detail}", remedy=REMEDY
        )
    if parse_refusal(visit.ehlo) is Refusal.NONE:
        return Pass(message=f"{case.where} accepts EHLO")
    helo = visit.helo.detail if isinstance(visit.helo, Unseen) else str(visit.helo)
    return Fail(
        message=f"{case.where} refuses EHLO with {visit.ehlo}; to HELO it says: {helo}",
        remedy=REMEDY,
    )


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
