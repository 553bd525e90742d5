"""The greeting does not begin with the server's fully qualified host name.

## Why it matters

The first word after the 220 names the server (RFC 5321 4.2). Senders log it and compare it with
DNS, and some distrust a server that does not know its own name. `localhost`, or a name below
`.local`, also reveals how the internal network is built.

## Repair

Let the greeting begin with the name in the MX record, or with another public name of the host:

- Postfix: `myhostname = mx1.example.com`, and `smtpd_banner = $myhostname ESMTP`.
- Exim: `primary_hostname = mx1.example.com`, and `smtp_banner = $smtp_active_hostname ESMTP`.
- OpenSMTPD: `listen on … hostname mx1.example.com`, or the name in `/etc/mail/mailname`.
- Sendmail: `define(`confDOMAIN_NAME', `mx1.example.com')dnl`.
- Exchange: `Set-ReceiveConnector … -Banner "220 mx1.example.com"`; `-Fqdn` is the name after EHLO.
- `220 ****************` is a firewall that masks the greeting (Cisco: `no inspect esmtp`).
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.smtp import Greeting
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.firewall import behind_firewall
from mxcheck.rules.facts.stages import the_greeting
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.banner import is_full_host_name, parse_banner_host
from mxcheck.wire.smtp_filter import masked_greeting
from mxcheck.wire.software import Software

SETTINGS = {
    Software.POSTFIX: "set myhostname to the full host name, and smtpd_banner = $myhostname ESMTP.",
    Software.EXIM: "set primary_hostname to the full host name, and let smtp_banner begin with"
    " $smtp_active_hostname.",
    Software.OPENSMTPD: "put the full host name into `listen on … hostname`.",
    Software.SENDMAIL: "define confDOMAIN_NAME as the full host name.",
    Software.EXCHANGE: 'Set-ReceiveConnector … -Banner "220 HOSTNAME" with the full host name.',
}


def check(greeting: Greeting, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge the first word of the greeting (RFC 5321 4.2, 4.3.1)."""
    name = parse_banner_host(greeting.reply)
    if name is not None and is_full_host_name(name):
        return Pass(message=f"{case.where} greets as {name}")
    first = greeting.reply.text.partition(" ")[0]
    seen = (
        f"begins with {first}, which is not a full public host name" if first else "names no host"
    )
    general = (
        f"Let the greeting begin with a fully qualified host name, such as {case.visit.host}; look"
        " for a firewall that rewrites it."
    )
    fail = Fail(
        message=f"the greeting of {case.where} {seen}: {greeting.reply}",
        remedy=repair(case, general, SETTINGS),
    )
    return behind_firewall(fail, case) if masked_greeting(greeting.reply) else fail


RULE = Rule(
    id="smtp-greeting-name",
    family=Family.SMTP,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="the greeting names no full host name",
    references=("RFC 5321 4.2", "RFC 5321 4.3.1"),
    reads=(Item.VISIT, Item.EGRESS),
    after=("smtp-greeting-bad",),
    find=the_greeting,
    check=check,
)
