"""Find the evidence of each stage of a visit, or the reason why there is none.

Each `the_…` function returns the evidence of one stage: Missing if an earlier stage failed, Unseen
or Unknown if it could not be obtained. Every stage asks the one before it.
"""

from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import OUR_OWN, Trouble, Unseen
from mxcheck.evidence.smtp import Connection, Greeting, Reply, Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.model.policy import Expect
from mxcheck.rules.base import (
    DomainCase,
    EndpointCase,
    Missing,
    MxCase,
    NotApplicable,
    Unknown,
)
from mxcheck.rules.facts.dnssec import is_bogus
from mxcheck.rules.facts.same_address import hung_up_later, put_off_later
from mxcheck.rules.facts.unreached import unless_shut_in, without_family
from mxcheck.wire.address import parse_address
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from mxcheck.wire.ehlo import parse_ehlo
from mxcheck.wire.host_name import why_no_host_name
from mxcheck.wire.reply_code import is_positive, is_ready

NOT_A_REPLY = frozenset({Trouble.MALFORMED, Trouble.FLOOD, Trouble.DRIP})
"""Troubles with bytes that are not an SMTP reply."""

SENDERS_WAIT = "senders wait five minutes (RFC 5321 4.5.3.2)"


def has_addresses(host: MxHost) -> bool:
    """Return whether the host has an A or an AAAA record."""
    return isinstance(host.ipv4, Answer) or isinstance(host.ipv6, Answer)


def why_no_hosts(case: DomainCase) -> NotApplicable:
    """Return why a domain has no MX hosts to judge."""
    match case.domain.mx:
        case Unseen(trouble=Trouble.BOGUS):
            message = "the MX hosts are not known: the MX answer fails DNSSEC validation"
            return Missing(message=message)
        case Unseen(detail=detail):
            return Missing(message=f"the MX hosts are not known: {detail}")
        case Answer() if case.policy.expect is Expect.NO_MAIL:
            return NotApplicable(message="a null MX, as agreed: the domain takes no mail")
        case Answer():
            return Missing(message="a null MX: the domain takes no mail")
        case Absent():
            return Missing(message="the domain does not exist")


def why_nameless(host: MxHost) -> Missing | None:
    """Return why an MX value is not the name of a host that senders would look up, if so."""
    if parse_address(host.name):
        return Missing(message="the MX value is an address")
    if why_no_host_name(host.name):
        return Missing(message="the MX value is not a host name")
    return None


def why_no_addresses(case: MxCase) -> NotApplicable:
    """Return why an MX host has no addresses to ask about."""
    if nameless := why_nameless(case.host):
        return nameless
    if any(map(is_bogus, (case.host.ipv4, case.host.ipv6))):
        message = f"the addresses of {case.host.name} fail DNSSEC validation"
        return Missing(message=message)
    return Missing(message=f"{case.host.name} has no known address")


def is_implicit(case: DomainCase) -> bool:
    """Return whether the domain has no MX record, so its own address is used (RFC 5321 5.1)."""
    return isinstance(case.domain.mx, Absent) and case.domain.mx.absence is Absence.NODATA


def the_mx_answer(case: DomainCase) -> Answer | Absent | NotApplicable:
    """Return the answer to the MX lookup of a domain that exists."""
    mx = case.domain.mx
    if isinstance(mx, Unseen) or (isinstance(mx, Absent) and mx.absence is Absence.NXDOMAIN):
        return why_no_hosts(case)
    return mx


def the_visit(case: EndpointCase) -> Visit | Unseen | Unknown | NotApplicable:
    """Return the visit, if a connection was tried and outbound port 25 is open here."""
    connection = case.visit.connection
    if isinstance(connection, Connection):
        return case.visit
    match connection.trouble:
        case Trouble.NOT_PUBLIC:
            if is_passed_over(connection, case):
                return not_gathered(connection)
            return Missing(message=connection.detail)
        case Trouble.NO_ROUTE | Trouble.EXCLUDED:
            return without_family(case, connection)
        case trouble if trouble in OUR_OWN - {Trouble.GIVEN_UP}:
            return connection
    return unless_shut_in(connection, case)


def is_passed_over(seen: Unseen, case: DomainCase) -> bool:
    """Return whether an address was skipped as not public, though the policy allows it.

    This happens with evidence that was saved by a run under another policy. No rule owns it.
    """
    return seen.trouble is Trouble.NOT_PUBLIC and case.policy.allow_private


def not_gathered(seen: Unseen) -> Unknown:
    """Return what to say of such an address."""
    return Unknown(
        message=f"{seen.detail}, and the evidence was gathered without --allow-private",
        remedy="Gather the evidence with --allow-private, where the address can be reached.",
    )


def not_waited_for(seen: object, case: EndpointCase, flag: str = "--timeout") -> Unknown | None:
    """Return what to say if this check stopped waiting before senders do; None if it did not."""
    if not isinstance(seen, Unseen) or seen.trouble is not Trouble.TIMEOUT:
        return None
    return Unknown(
        message=f"{case.where} did not answer as soon as this check wanted: {seen.detail}",
        remedy=(
            f"Run the check again with a longer {flag}: {SENDERS_WAIT}. If the server stays silent,"
            " look for a lookup that hangs, or a firewall that drops packets."
        ),
    )


def the_greeting_attempt(case: EndpointCase) -> Greeting | Unseen | Unknown | NotApplicable | Visit:
    """Return the greeting; the visit itself if what came is not a reply."""
    if not isinstance(case.visit.connection, Connection):
        return Missing(message="the address was not reached")
    greeting = case.visit.greeting
    late = not_waited_for(greeting, case, "--greeting-timeout")
    spent = late or hung_up_later(greeting, "greeting", case)
    if spent:
        return spent
    if isinstance(greeting, Unseen) and greeting.trouble not in OUR_OWN:
        return case.visit
    return greeting


def the_greeting(case: EndpointCase) -> Greeting | NotApplicable:
    """Return the 220 greeting."""
    greeting = the_greeting_attempt(case)
    if isinstance(greeting, NotApplicable):
        return greeting
    if isinstance(greeting, Greeting) and is_ready(greeting.reply):
        return greeting
    return Missing(message="there was no 220 greeting")


def the_ehlo_attempt(case: EndpointCase) -> Visit | Unseen | Unknown | NotApplicable:
    """Return the visit, if EHLO was sent."""
    greeting = the_greeting(case)
    if isinstance(greeting, NotApplicable):
        return greeting
    ehlo = case.visit.ehlo
    if isinstance(ehlo, Unseen) and ehlo.trouble in OUR_OWN:
        return ehlo
    spent = not_waited_for(ehlo, case) or hung_up_later(ehlo, "ehlo", case)
    return spent or case.visit


def the_ehlo(case: EndpointCase) -> Reply | NotApplicable:
    """Return the reply in which EHLO was accepted."""
    attempt = the_ehlo_attempt(case)
    if isinstance(attempt, NotApplicable):
        return attempt
    ehlo = case.visit.ehlo
    if isinstance(ehlo, Reply) and is_positive(ehlo):
        return ehlo
    return Missing(message="EHLO was not accepted")


def the_last_ehlo(case: EndpointCase) -> Reply | Unseen | Unknown | NotApplicable:
    """Return the reply to EHLO inside TLS if there was a session, else the one in clear."""
    ehlo = the_ehlo(case)
    if isinstance(ehlo, NotApplicable) or not isinstance(case.visit.tls, TlsSession):
        return ehlo
    # RFC 3207 4.2: what was announced before the handshake is no longer valid.
    inside = case.visit.ehlo_after_tls
    if isinstance(inside, Reply) and is_positive(inside):
        return inside
    cut_off = cut_off_inside_tls(case.visit)
    if cut_off:
        return cut_off
    return Missing(message="EHLO was not accepted inside TLS")


def cut_off_inside_tls(visit: Visit) -> Unseen | None:
    """Return why the probe did not wait for the answer to EHLO inside TLS; None if it did."""
    inside = visit.ehlo_after_tls
    if not isinstance(visit.tls, TlsSession) or isinstance(inside, Reply):
        return None
    return inside if inside.trouble in OUR_OWN else None


def the_starttls_attempt(case: EndpointCase) -> Visit | Unseen | Unknown | NotApplicable:
    """Return the visit, if STARTTLS was announced and sent."""
    ehlo = the_ehlo(case)
    if isinstance(ehlo, NotApplicable):
        return ehlo
    if "STARTTLS" not in parse_ehlo(ehlo):
        return Missing(message="STARTTLS is not announced")
    answer = case.visit.starttls
    if isinstance(answer, Unseen) and answer.trouble in OUR_OWN:
        return answer
    return not_waited_for(answer, case) or put_off_later(answer, case) or case.visit


def the_handshake_attempt(case: EndpointCase) -> Visit | Unseen | Unknown | NotApplicable:
    """Return the visit, if a TLS handshake was begun."""
    attempt = the_starttls_attempt(case)
    if isinstance(attempt, NotApplicable):
        return attempt
    answer, tls = case.visit.starttls, case.visit.tls
    if not is_ready(answer):
        return Missing(message="STARTTLS was not accepted")
    if isinstance(tls, Unseen) and tls.trouble in OUR_OWN:
        return tls
    return not_waited_for(tls, case) or case.visit


def the_tls_session(case: EndpointCase) -> TlsSession | NotApplicable:
    """Return the TLS session, if the handshake completed."""
    attempt = the_handshake_attempt(case)
    if isinstance(attempt, NotApplicable):
        return attempt
    if isinstance(case.visit.tls, Unseen):
        return Missing(message="the TLS handshake did not complete")
    return case.visit.tls


def the_chain(case: EndpointCase) -> tuple[bytes, ...] | Unseen | NotApplicable:
    """Return the certificates (DER, leaf first): those given with --cert-file, else those sent."""
    if case.host.chain:
        return case.host.chain.chain
    session = the_tls_session(case)
    if isinstance(session, NotApplicable):
        return session
    if not session.chain:
        # Not n/a: no other rule owns this cause, and without an owner it would look like a pass.
        return Unseen(trouble=Trouble.MALFORMED, detail="the server presented no certificate")
    return session.chain


def the_certificate(case: EndpointCase) -> CertificateFacts | Unseen | NotApplicable:
    """Return the facts of the server's certificate."""
    chain = the_chain(case)
    return parse_certificate(chain[0]) if isinstance(chain, tuple) else chain
