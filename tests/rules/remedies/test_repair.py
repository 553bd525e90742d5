import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from mxcheck.evidence.smtp import Greeting
from mxcheck.rules import RULES
from mxcheck.rules.base import AnyRule
from mxcheck.rules.relay.open_relay import REMEDY
from mxcheck.rules.relay.open_relay import RULE as OPEN_RELAY
from mxcheck.rules.remedies import mta_settings
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.software import Software
from tests.build import healthy_visit, relay_attempts, reply
from tests.rules.ask import ask_visit, case_of, fails

GENERAL = "Do the general thing."
SETTINGS = {
    Software.POSTFIX: "set `a = b`.",
    Software.EXCHANGE_ONLINE: "look into the admin center.",
}
OUTLOOK = "SN1.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at Wed"


def repaired(greeting: str, settings: Mapping[Software, str] = SETTINGS) -> str:
    seen = Greeting(reply=reply(220, greeting), greeting_ms=5)
    plain = replace(healthy_visit(), greeting=seen, relay=(), starttls=reply(220, "go"))
    return repair(case_of(plain), GENERAL, settings)


@pytest.mark.parametrize(
    ("greeting", "remedy"),
    [
        ("mx1.example.com ESMTP Postfix", f"{GENERAL} On Postfix: set `a = b`."),
        ("mx1.example.com ESMTP Exim 4.96", GENERAL),
        ("mx1.example.com ESMTP", GENERAL),
        (
            OUTLOOK,
            (
                "This is Microsoft's server (Exchange Online), which only Microsoft can configure."
                " Look into the admin center."
            ),
        ),
    ],
)
def test_the_setting_of_the_recognised_software_follows(greeting: str, remedy: str) -> None:
    assert repaired(greeting) == remedy


@pytest.mark.parametrize(
    ("greeting", "provider", "location"),
    [
        (OUTLOOK, "Microsoft", "Microsoft 365 admin center"),
        ("mx.google.com ESMTP a1si - gsmtp", "Google", "Google Workspace Status Dashboard"),
        ("mx0b-00000d03.pphosted.com ESMTP mfa-m0214089", "Proofpoint", "support"),
        ("mx.cloudflare.net Cloudflare Email ESMTP Service ready", "Cloudflare", "support"),
    ],
)
def test_nobody_is_told_to_configure_a_providers_server(
    greeting: str, provider: str, location: str
) -> None:
    remedy = repaired(greeting, {})
    assert remedy.startswith(f"This is {provider}'s server")
    assert location in remedy
    assert GENERAL not in remedy


TABLES = [
    mta_settings.CERTIFICATE,
    mta_settings.STARTTLS,
    mta_settings.RELAY,
    mta_settings.ACCEPTED_DOMAIN,
]


@pytest.mark.parametrize("settings", TABLES)
def test_the_shared_tables_name_each_server(
    settings: Mapping[Software, str],
) -> None:
    assert {
        Software.POSTFIX,
        Software.EXIM,
        Software.OPENSMTPD,
        Software.SENDMAIL,
        Software.EXCHANGE,
        Software.EXCHANGE_ONLINE,
        Software.GOOGLE,
    } == set(settings)


RULES_WITH_SETTINGS = [rule for rule in RULES if rule.settings]
SHORT = 320
"""Characters of a setting: whoever is paged reads it in a message."""


@pytest.mark.parametrize("rule", RULES_WITH_SETTINGS, ids=lambda rule: rule.id)
def test_a_setting_is_short_and_goes_on_after_the_name_of_its_server(rule: AnyRule) -> None:
    for text in rule.settings.values():
        assert text.endswith(".")
        assert len(text) <= SHORT
        assert text.count("`") % 2 == 0
        outside = "…".join(text.split("`")[::2])
        assert not re.search(r"[=$_]|  ", outside)
        first = text.split()[0]
        assert not first.istitle()


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        ("mx1.example.com ESMTP Postfix", ("On Postfix: set `smtpd_relay_restrictions", REMEDY)),
        ("mx1.example.com ESMTP Exim 4.96", ("On Exim: make `acl_check_rcpt`", REMEDY)),
        (
            "EX01.example.com Microsoft ESMTP MAIL Service ready at Mon",
            ("On Exchange: ", "receive connectors", REMEDY),
        ),
        ("mx1.example.com ESMTP", (REMEDY,)),
        (OUTLOOK, ("Mail flow, Connectors", "Exchange admin center")),
    ],
)
def test_an_open_relay_is_repaired_with_its_own_setting(
    greeting: str, words: tuple[str, ...]
) -> None:
    yes = reply(250, "yes")
    taken = tuple(replace(attempt, mail=yes, rcpt=yes) for attempt in relay_attempts())
    seen = Greeting(reply=reply(220, greeting), greeting_ms=5)
    visit = replace(healthy_visit(), greeting=seen, relay=taken)
    fails("open relay", remedy=words)(ask_visit(OPEN_RELAY, visit))
