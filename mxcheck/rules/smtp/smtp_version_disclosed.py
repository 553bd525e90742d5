"""The greeting gives away the version of the server's software.

## Why it matters

Whoever looks for servers with a known hole reads the greeting of all of them, and comes back to
those that name a version with that hole. A well-set greeting gives away nothing of use; the version
helps no sender. The name of the software alone is not held against the server.

Taking the version out does not repair a hole: keep the software up to date as well.

## Repair

- Postfix: `smtpd_banner = $myhostname ESMTP`, without `$mail_version`.
- Exim: `smtp_banner = $smtp_active_hostname ESMTP`; the default holds `$version_number`.
- OpenSMTPD: its greeting holds no version.
- Sendmail: `define(`confSMTP_LOGIN_MSG', `$j ESMTP')dnl`; the default holds `$v`.
- Exchange: `Set-ReceiveConnector … -Banner "220 mx1.example.com"`; with the SMTP service of IIS
  `ConnectResponse` in the metabase.
- Haraka: `show_version=false` in `connection.ini`.
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

SETTINGS = {
    Software.POSTFIX: "set smtpd_banner = $myhostname ESMTP, without $mail_version.",
    Software.EXIM: "set smtp_banner = $smtp_active_hostname ESMTP.",
    Software.SENDMAIL: "define confSMTP_LOGIN_MSG as `$j ESMTP`, without $v.",
    Software.EXCHANGE: 'Set-ReceiveConnector … -Banner "220 HOSTNAME".',
    Software.IIS: "set ConnectResponse of the SMTP virtual server in the metabase.",
    Software.HARAKA: "set show_version=false in connection.ini.",
    Software.QPSMTPD: "write a greeting into the file config/smtpgreeting.",
}


def check(greeting: Greeting, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge that no word of the greeting is a version."""
    version = parse_version(greeting.reply)
    if version is None:
        unmasked = Pass(message=f"the greeting of {case.where} gives away no version")
        hidden = masked_greeting(greeting.reply) and hidden_by_firewall(case)
        return hidden or unmasked
    return Fail(
        message=f"the greeting of {case.where} gives away a version, {version}: {greeting.reply}",
        remedy=repair(
            case,
            "Take the version out of the greeting; host name and ESMTP are enough.",
            SETTINGS,
        ),
    )


RULE = Rule(
    id="smtp-version-disclosed",
    family=Family.SMTP,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="the greeting gives away a software version",
    references=("RFC 5321 7.5",),
    reads=(Item.VISIT, Item.EGRESS),
    after=("smtp-greeting-bad",),
    find=the_greeting,
    check=check,
)
