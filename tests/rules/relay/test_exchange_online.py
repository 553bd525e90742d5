"""Exchange Online says of outside recipients what it says of unknown mailboxes."""

from dataclasses import replace

import pytest

from mxcheck.demo.certificates import self_signed
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.rules.relay import mx_rejects_domain
from mxcheck.rules.relay.open_relay import RULE
from tests.build import (
    ADDRESS,
    OBSERVED_AT,
    authority,
    healthy_tls,
    healthy_visit,
    relay_attempts,
    reply,
    unseen,
)
from tests.rules.ask import ask_visit, not_applicable, passes, unknown

OUTLOOK = "example-com.mail.protection.outlook.com"
MICROSOFT = "example-com.v-v1.mx.microsoft"
DENIED = reply(550, "5.4.1 Recipient address rejected: Access denied. [AM0.prod.outlook.com]")


def without_postmaster(host: str, *names: str) -> Visit:
    """A server without a postmaster mailbox, which presents a certificate for these names."""
    chain = authority().issue(names=names or (host,)).der_chain
    outside, control, null, own = (
        replace(attempt, rcpt=DENIED) for attempt in relay_attempts("example.com")
    )
    abuse = replace(control, recipient="abuse@example.com")
    return replace(
        healthy_visit(host, ADDRESS),
        tls=replace(healthy_tls(host), chain=chain),
        relay=(outside, control, abuse, null, own),
    )


@pytest.mark.parametrize(
    ("host", "name"),
    [
        (OUTLOOK, OUTLOOK),
        (OUTLOOK, "*.mail.protection.outlook.com"),
        (MICROSOFT, "*.v-v1.mx.microsoft"),
    ],
)
def test_it_passes_without_a_postmaster_mailbox(host: str, name: str) -> None:
    passes("refuses to relay", "5.4.1")(ask_visit(RULE, without_postmaster(host, name)))


@pytest.mark.parametrize(
    "seen",
    [
        without_postmaster("mx1.example.com"),
        without_postmaster("mail.protection.outlook.com.example.org"),
        without_postmaster("notmail.protection.outlook.com", "notmail.protection.outlook.com"),
        without_postmaster(OUTLOOK, "mx1.example.com"),
        replace(without_postmaster(OUTLOOK), tls=unseen(Trouble.HANDSHAKE)),
        replace(
            without_postmaster(OUTLOOK),
            tls=replace(healthy_tls(), chain=self_signed(OBSERVED_AT, names=(OUTLOOK,)).der_chain),
        ),
    ],
    ids=["another host", "above", "no dot", "another name", "no TLS", "self-signed"],
)
def test_whoever_else_says_so_proves_nothing(seen: Visit) -> None:
    unknown("5.4.1")(ask_visit(RULE, seen))


def test_the_domain_may_be_taken_all_the_same() -> None:
    answer = ask_visit(mx_rejects_domain.RULE, without_postmaster(OUTLOOK))
    not_applicable("--relay-control", "abuse@", "5.4.1")(answer)
