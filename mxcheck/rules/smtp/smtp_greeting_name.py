"""The greeting does not begin with the server's fully qualified host name.

## Why it matters

The first word after the 220 names the server (RFC 5321 4.2). Senders log it and compare it with
DNS, and some distrust a server that does not know its own name. `localhost`, or a name below
`.local`, also reveals how the internal network is built.

## Repair

Let the greeting begin with the name in the MX record, or with another public name of the host.

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
        remedy=repair(case, general, RULE.settings),
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
    settings={
        Software.POSTFIX: "set `myhostname` to the full host name, and `smtpd_banner = $myhostname"
        " ESMTP`.",
        Software.EXIM: "set `primary_hostname` to the full host name, and `smtp_banner ="
        " $smtp_active_hostname ESMTP`.",
        Software.OPENSMTPD: "put the full host name into `listen on … hostname`, or into"
        " `/etc/mail/mailname`.",
        Software.SENDMAIL: "define `confDOMAIN_NAME` as the full host name.",
        Software.EXCHANGE: 'run `Set-ReceiveConnector … -Banner "220 HOSTNAME"` with the full host'
        " name; `-Fqdn` is the name after EHLO.",
    },
)
