"""An extension that every modern server announces is missing from the reply to EHLO.

## Why it matters

Without SIZE (RFC 1870) a sender transmits a whole message before it learns that it is too large.
Without 8BITMIME (RFC 6152) senders must recode mail that is not ASCII, which breaks signatures made
before. Without PIPELINING (RFC 2920) each command takes a round trip, so deliveries take longer and
use their connections longer.

`extensions` in the policy lists the wanted ones. The reply after STARTTLS counts, if there is one.

## Repair

They are on by default, with one exception. Look for the setting that turns them off, or for a
filter in front of the server.

- A firewall that filters SMTP removes keywords from the reply (Cisco: `no inspect esmtp`).
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.ehlo import describe_missing
from mxcheck.rules.facts.firewall import behind_firewall
from mxcheck.rules.facts.stages import the_last_ehlo
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.ehlo import parse_ehlo
from mxcheck.wire.smtp_filter import masked_keywords
from mxcheck.wire.software import Software

GENERAL = (
    "Let the server announce {}, or remove it from `extensions` in the policy; look for a firewall"
    " that filters the reply."
)


def find(case: EndpointCase) -> Reply | Unseen | Unknown | NotApplicable:
    """Return the last EHLO reply, if the policy wants any extension."""
    if not case.policy.extensions:
        return NotApplicable(message="the policy wants no extension")
    return the_last_ehlo(case)


def check(ehlo: Reply, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge that each wanted extension is announced."""
    offered = parse_ehlo(ehlo)
    wanted = tuple(dict.fromkeys(case.policy.extensions))
    missing = ", ".join(keyword for keyword in wanted if keyword not in offered)
    if not missing:
        return Pass(message=f"{case.where} announces {', '.join(wanted)}")
    fail = Fail(
        message=f"{case.where} {describe_missing(missing, offered)}",
        remedy=repair(case, GENERAL.format(missing), RULE.settings),
    )
    return behind_firewall(fail, case) if masked_keywords(ehlo) else fail


RULE = Rule(
    id="smtp-extension-missing",
    family=Family.SMTP,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="an extension of ESMTP is not announced",
    references=("RFC 1870 3", "RFC 6152 2", "RFC 2920 2"),
    reads=(Item.VISIT, Item.EGRESS),
    after=("smtp-ehlo-refused", "tls-handshake-failed"),
    find=find,
    check=check,
    settings={
        Software.POSTFIX: "look at `smtpd_discard_ehlo_keywords` and"
        " `smtpd_discard_ehlo_keyword_address_maps`.",
        Software.EXIM: "look at `accept_8bitmime`, `pipelining_advertise_hosts` and"
        " `message_size_limit`.",
        Software.OPENSMTPD: "it does not support PIPELINING; remove that from `extensions`.",
        Software.SENDMAIL: "look at `Srv_Features` in the access map.",
        Software.EXCHANGE: "run `Set-ReceiveConnector … -EightBitMimeEnabled $true"
        " -PipeliningEnabled $true -SizeEnabled Enabled`.",
    },
)
