"""STARTTLS is not announced.

## Why it matters

Mail to this server crosses the network in clear, readable and changeable on the way. Senders that
follow MTA-STS or DANE do not deliver at all. Nearly all legitimate mail travels over TLS today.

## Repair

Get a certificate for the exact MX host name, for example with certbot, and *offer* TLS. Do not
*require* TLS on port 25: RFC 3207 4 forbids that to a public server.

- Where the MTA offers it and the client does not see it, a firewall strips it (Cisco: `no inspect
  esmtp`).
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.smtp import Reply, Visit
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.ehlo import describe_missing
from mxcheck.rules.facts.firewall import behind_firewall
from mxcheck.rules.facts.stages import the_ehlo
from mxcheck.rules.facts.tarpit import behind_tarpit
from mxcheck.rules.remedies.mta_settings import STARTTLS
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.ehlo import parse_ehlo
from mxcheck.wire.reply_code import is_ready
from mxcheck.wire.tls_rpt import ResultType

REMEDY = (
    "Offer STARTTLS with a certificate for the exact MX host name (Postfix:"
    " smtpd_tls_security_level = may); look for a firewall that strips it."
)


def check(ehlo: Reply, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge that the EHLO reply announces STARTTLS."""
    extensions = parse_ehlo(ehlo)
    if "STARTTLS" in extensions:
        return Pass(message=f"{case.where} announces STARTTLS")
    works = " Sent all the same, it works." if _works(case.visit) else ""
    fail = Fail(
        message=f"{case.where} {describe_missing('STARTTLS', extensions)}.{works}",
        remedy=repair(case, REMEDY, RULE.settings),
        result_type=ResultType.STARTTLS_NOT_SUPPORTED,
    )
    return behind_tarpit(behind_firewall(fail, case), case)


def _works(visit: Visit) -> bool:
    return is_ready(visit.starttls)


RULE = Rule(
    id="starttls-missing",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="STARTTLS is not announced",
    references=("RFC 3207 4",),
    reads=(Item.VISIT, Item.EGRESS),
    after=("smtp-ehlo-refused",),
    find=the_ehlo,
    check=check,
    settings=STARTTLS,
)
