"""The greeting reveals the version of the server's software.

## Why it matters

Attackers who look for servers with a known vulnerability read many greetings, and return to those
that name a vulnerable version. No sender needs the version. The name of the software alone does not
count against the server.

Hiding the version does not repair a vulnerability: keep the software up to date as well.

## Repair

Remove the version from the greeting. OpenSMTPD's own greeting contains none.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.smtp import Greeting
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.firewall import hidden_by_firewall
from mxcheck.rules.facts.stages import the_greeting
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.banner import parse_version
from mxcheck.wire.smtp_filter import masked_greeting
from mxcheck.wire.software import Software


def check(greeting: Greeting, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge that no word of the greeting is a version."""
    version = parse_version(greeting.reply)
    if version is None:
        unmasked = Pass(message=f"the greeting of {case.where} contains no version")
        hidden = masked_greeting(greeting.reply) and hidden_by_firewall(case)
        return hidden or unmasked
    return Fail(
        message=f"the greeting of {case.where} reveals a version, {version}: {greeting.reply}",
        remedy=repair(
            case,
            "Remove the version from the greeting; host name and ESMTP are enough.",
            RULE.settings,
        ),
    )


RULE = Rule(
    id="smtp-version-disclosed",
    family=Family.SMTP,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="the greeting reveals a software version",
    references=("RFC 5321 7.5",),
    reads=(Item.VISIT, Item.EGRESS),
    after=("smtp-greeting-bad",),
    find=the_greeting,
    check=check,
    settings={
        Software.POSTFIX: "set `smtpd_banner = $myhostname ESMTP`, without `$mail_version`.",
        Software.EXIM: "set `smtp_banner = $smtp_active_hostname ESMTP`, without"
        " `$version_number`.",
        Software.SENDMAIL: "define `confSMTP_LOGIN_MSG` as `$j ESMTP`, without `$v`.",
        Software.EXCHANGE: 'run `Set-ReceiveConnector … -Banner "220 HOSTNAME"`.',
        Software.IIS: "set `ConnectResponse` of the SMTP virtual server in the metabase.",
        Software.HARAKA: "set `show_version=false` in connection.ini.",
        Software.QPSMTPD: "write a greeting into the file config/smtpgreeting.",
    },
)
