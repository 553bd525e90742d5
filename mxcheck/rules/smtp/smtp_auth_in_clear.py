"""AUTH is announced before TLS.

## Why it matters

Clients that use it send names and passwords over a connection that others can read (RFC 4954 4).
A server that receives mail for a domain needs no AUTH on port 25: people submit their mail on port
587 or 465, and AUTH on port 25 attracts attackers who guess passwords.

## Repair

Offer AUTH on the submission ports only, or at least only after STARTTLS.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.smtp import Reply
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.stages import the_ehlo
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.ehlo import parse_ehlo
from mxcheck.wire.software import Software


def check(ehlo: Reply, case: EndpointCase) -> Pass | Fail:
    """Judge that the reply in clear does not announce AUTH."""
    mechanisms = parse_ehlo(ehlo).get("AUTH")
    if mechanisms is None:
        return Pass(message=f"{case.where} announces no AUTH before TLS")
    offer = f"AUTH {mechanisms}".rstrip()
    return Fail(
        message=f"{case.where} announces {offer} before TLS",
        remedy=repair(
            case, "Offer AUTH on the submission ports only, or after STARTTLS only.", RULE.settings
        ),
    )


RULE = Rule(
    id="smtp-auth-in-clear",
    family=Family.SMTP,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="AUTH is announced before TLS",
    references=("RFC 4954 4",),
    reads=(Item.VISIT,),
    after=("smtp-ehlo-refused",),
    find=the_ehlo,
    check=check,
    settings={
        Software.POSTFIX: "set `smtpd_sasl_auth_enable = no` in main.cf and `-o"
        " smtpd_sasl_auth_enable=yes` for submission and submissions in master.cf, or set"
        " `smtpd_tls_auth_only = yes`.",
        Software.EXIM: "set `auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}`.",
        Software.OPENSMTPD: "remove `auth` from the `listen on` of port 25.",
        Software.SENDMAIL: "add `M=A` to the `DAEMON_OPTIONS` of port 25, or `p` to"
        " `confAUTH_OPTIONS`.",
        Software.EXCHANGE: "run `Set-ReceiveConnector … -AuthMechanism Tls` for the connector of"
        " port 25, or give it `BasicAuthRequireTLS` without `Integrated`.",
    },
)
