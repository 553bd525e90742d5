"""The server does not open the conversation with a valid 220 greeting.

## Why it matters

An SMTP session begins with the server's 220. If it never comes, is not SMTP, or never ends, senders
give up, and try again for days before they return the mail.

A 4yz or 5yz greeting turns *this* client away (a full server, a blocklist, a rate limit), and says
nothing about other senders: then the answer is unknown, with the server's words. So is silence that
lasts longer than `--greeting-timeout` (60 s), because senders wait five minutes.

## Repair

- See what answers on the port: `nc mx1.example.com 25`. The usual causes are a web server, a TLS
  port (465 speaks TLS at once, 25 must not), and a firewall that accepts connections and is silent.
- A slow greeting: reverse DNS and blocklist lookups that hang. Postfix: `postscreen_dnsbl_sites`,
  `smtpd_client_restrictions`. Exim: `host_lookup`, `rfc1413_query_timeout`.
- A connection that closes at once: TCP wrappers, `fail2ban`, or a process limit. Postfix:
  `default_process_limit`, `smtpd_client_connection_count_limit`. Exim: `smtp_accept_max`.
  Exchange: `MaxInboundConnectionPerSource` of the receive connector.
- Middleboxes that rewrite SMTP ("220 ****"): turn the inspection off (Cisco: `no inspect esmtp`).
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Greeting, Visit
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.stages import the_greeting_attempt
from mxcheck.wire.reply_code import is_no_mail_host, is_ready, is_refusal

REMEDY = (
    "See what answers on the port (`nc HOST 25`): it must send `220 HOSTNAME` before the client"
    " sends anything."
)

TURNED_AWAY = (
    "Ask the server's operator why, or run the check from another address: senders with a better"
    " reputation may be let in."
)


def find(case: EndpointCase) -> Visit | Greeting | Unseen | Unknown | NotApplicable:
    """Return what came as the greeting, unless it turned this client away."""
    seen = the_greeting_attempt(case)
    if isinstance(seen, Greeting) and is_no_mail_host(seen.reply):
        return Unknown(
            message=f"{case.where} greets with {seen.reply}: 521 says that it takes no mail from"
            " anybody (RFC 7504), but postscreen says it to clients that it blocks",
            remedy=f"Withdraw the MX record of {case.host.name} if this host is not meant to take"
            f" mail. {TURNED_AWAY}",
        )
    if isinstance(seen, Greeting) and is_refusal(seen.reply):
        return Unknown(
            message=f"{case.where} turns this client away: it greets with {seen.reply}",
            remedy=TURNED_AWAY,
        )
    return seen


def check(seen: Visit | Greeting, case: EndpointCase) -> Pass | Fail:
    """Judge that the greeting is a 220."""
    if isinstance(seen, Greeting):
        if is_ready(seen.reply):
            return Pass(message=f"{case.where} greets with {seen.reply}")
        message = f"{case.where} greets with {seen.reply}, but 220 is wanted"
        return Fail(message=message, remedy=REMEDY)
    greeting = seen.greeting
    detail = greeting.detail if isinstance(greeting, Unseen) else str(greeting.reply)
    return Fail(message=f"{case.where} gives no valid 220 greeting: {detail}", remedy=REMEDY)


RULE: Rule[EndpointCase, Visit | Greeting] = Rule(
    id="smtp-greeting-bad",
    family=Family.SMTP,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="no valid 220 greeting",
    references=("RFC 5321 3.1", "RFC 5321 4.2", "RFC 5321 4.3.1", "RFC 7504 3"),
    reads=(Item.VISIT,),
    after=("smtp-unreachable",),
    find=find,
    check=check,
)
