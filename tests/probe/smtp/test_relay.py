"""The forms of a basic relay test: which are tried, in which order, and with which controls."""

import socket
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Answer, RecipientReply, Script, closed_relay, open_relay
from mxcheck.evidence.outcome import NOT_ASKED
from mxcheck.evidence.smtp import RelayForm, Reply
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from tests.probe.harness import (
    ADDRESS,
    AT_HOME,
    DOMAIN,
    HEALTHY,
    HOST,
    IN_CLEAR,
    NO_RELAY,
    TARGET,
    mx_zone,
    probe,
    probe_host,
)
from tests.probe.smtp.transactions import Transaction, transactions

OUTSIDE = "postmaster@iana.org"
SENDER = "postmaster@probe.example.net"
CONTROL, ABUSE = f"postmaster@{DOMAIN}", f"abuse@{DOMAIN}"
UNPIPELINED = replace(IN_CLEAR, extensions=())
SCRIPTS = pytest.mark.parametrize(
    "script", [HEALTHY, IN_CLEAR, UNPIPELINED], ids=["tls", "clear", "slow"]
)


def target_of(domain: str = DOMAIN, **policy: str) -> Target:
    return Target(domain=domain, policy=Policy(**policy))  # type: ignore[arg-type]


FORMS = [
    (target_of(), [(SENDER, [OUTSIDE, CONTROL]), ("", [OUTSIDE]), (CONTROL, [OUTSIDE])]),
    (
        target_of(relay_sender="me@example.org"),
        [("me@example.org", [OUTSIDE, CONTROL]), ("", [OUTSIDE]), (CONTROL, [OUTSIDE])],
    ),
    (
        target_of(relay_recipient="box@iana.net", relay_control="info@example.com"),
        [
            (SENDER, ["box@iana.net", "info@example.com"]),
            ("", ["box@iana.net"]),
            (CONTROL, ["box@iana.net"]),
        ],
    ),
]


@pytest.mark.parametrize(("target", "expected"), FORMS, ids=["default", "sender", "recipients"])
@SCRIPTS
async def test_the_forms_and_their_order(
    target: Target, expected: list[Transaction], script: Script
) -> None:
    seen = await probe_host(script, target=target)
    assert transactions(seen) == expected
    tried = [(one.sender, one.recipient) for one in seen.visit.relay]
    assert tried == [(sender, one) for sender, recipients in expected for one in recipients]
    assert seen.visit.relay_left_out == NOT_ASKED
    assert seen.verbs[0].count("RSET") == 2


async def test_what_each_form_is_and_how_it_was_answered() -> None:
    seen = await probe_host(HEALTHY)
    assert [(one.form, one.domain) for one in seen.visit.relay] == [
        (RelayForm.OUTSIDE_SENDER, ""),
        (RelayForm.CONTROL, DOMAIN),
        (RelayForm.NULL_SENDER, ""),
        (RelayForm.DOMAIN_SENDER, DOMAIN),
    ]
    refusal = Reply(code=554, lines=(f"5.7.1 <{OUTSIDE}>: Relay access denied",))
    accepted = Reply(code=250, lines=("2.1.5 Ok",))
    assert [one.rcpt for one in seen.visit.relay] == [refusal, accepted, refusal, refusal]
    assert {one.mail for one in seen.visit.relay} == {Reply(code=250, lines=("2.1.0 Ok",))}
    assert {one.connection for one in seen.visit.relay} == {1}


async def test_a_given_sender_takes_the_place_of_the_outside_sender() -> None:
    seen = await probe_host(HEALTHY, target=target_of(relay_sender="me@example.org"))
    assert next(one.form for one in seen.visit.relay) is RelayForm.GIVEN_SENDER


async def test_an_open_relay_shows_in_every_form() -> None:
    seen = await probe_host(replace(HEALTHY, recipient=open_relay))
    assert [one.rcpt.code for one in seen.visit.relay if isinstance(one.rcpt, Reply)] == [250] * 4


def refusing(outside: bytes, **controls: bytes) -> RecipientReply:
    """Answer an outside recipient so, and each mailbox at the domain so, or as one that exists."""

    def answer(sender: str, recipient: str) -> Answer:
        if recipient == OUTSIDE:
            return outside
        return controls.get(recipient.partition("@")[0], AT_HOME(sender, recipient))

    return answer


NO_USER = b"550 5.1.1 User unknown\r\n"


@SCRIPTS
async def test_words_that_do_not_tell_take_a_control_with_the_same_sender(script: Script) -> None:
    seen = await probe_host(replace(script, recipient=refusing(NO_USER)))
    assert transactions(seen) == [
        (SENDER, [OUTSIDE, CONTROL]),
        ("", [OUTSIDE, CONTROL]),
        (CONTROL, [OUTSIDE, CONTROL]),
    ]


@SCRIPTS
@pytest.mark.parametrize("outside", [NO_USER, b"554 5.7.1 Relay access denied\r\n"])
async def test_a_domain_without_postmaster_has_a_second_control(
    script: Script, outside: bytes
) -> None:
    seen = await probe_host(replace(script, recipient=refusing(outside, postmaster=NO_USER)))
    later = [OUTSIDE, ABUSE] if outside is NO_USER else [OUTSIDE]
    assert transactions(seen) == [
        (SENDER, [OUTSIDE, CONTROL, ABUSE]),
        ("", later),
        (CONTROL, later),
    ]


async def test_two_mailboxes_that_are_not_there_are_asked_for_once() -> None:
    without = refusing(NO_USER, postmaster=NO_USER, abuse=NO_USER)
    seen = await probe_host(replace(HEALTHY, recipient=without))
    assert transactions(seen) == [
        (SENDER, [OUTSIDE, CONTROL, ABUSE]),
        ("", [OUTSIDE]),
        (CONTROL, [OUTSIDE]),
    ]


@pytest.mark.parametrize(
    "no",
    [
        b"550 5.7.1 Client host blocked using zen.spamhaus.org\r\n",
        b"550 5.7.23 SPF: not authorized\r\n",
        b"550 5.7.1 Access denied\r\n",
        b"452 4.2.2 full\r\n",
    ],
)
async def test_a_control_that_another_sender_may_reach_is_asked_with_each(no: bytes) -> None:
    seen = await probe_host(replace(HEALTHY, recipient=refusing(NO_USER, postmaster=no)))
    assert [recipients for _, recipients in transactions(seen)][-2:] == [[OUTSIDE, CONTROL]] * 2
    assert not any(one.recipient == ABUSE for one in seen.visit.relay)


@SCRIPTS
async def test_one_recipient_too_many_is_asked_for_alone(script: Script) -> None:
    taken = list[str]()

    def one_each(sender: str, recipient: str) -> Answer:
        taken.append(sender)
        if taken[-2:] == [sender, sender] and recipient == CONTROL:
            return b"452 4.5.3 Too many recipients\r\n"
        return NO_USER if recipient == OUTSIDE else b"250 Ok\r\n"

    seen = await probe_host(replace(script, recipient=one_each))
    assert transactions(seen)[:2] == [(SENDER, [OUTSIDE, CONTROL]), (SENDER, [CONTROL])]


OTHER = "other.example"
TWO_DOMAINS = mx_zone(ADDRESS) + f"{OTHER}. MX 5 {HOST}.\n"


async def test_a_host_of_two_domains_is_visited_once_with_the_forms_of_both() -> None:
    script = replace(HEALTHY, recipient=closed_relay((DOMAIN, OTHER)))
    seen = await probe({ADDRESS: script}, TARGET, target_of(OTHER), dns=TWO_DOMAINS)
    assert len(seen.server.sessions) == 1
    other = f"postmaster@{OTHER}"
    assert [(one.domain, one.sender, one.recipient) for one in seen.visit.relay] == [
        ("", "postmaster@probe.example.net", OUTSIDE),
        (DOMAIN, "postmaster@probe.example.net", CONTROL),
        ("", "", OUTSIDE),
        (OTHER, "", other),
        (DOMAIN, CONTROL, OUTSIDE),
        (OTHER, other, OUTSIDE),
    ]


async def test_only_the_domains_that_want_it_are_tested() -> None:
    seen = await probe({ADDRESS: HEALTHY}, NO_RELAY, target_of(OTHER), dns=TWO_DOMAINS)
    assert {one.domain for one in seen.visit.relay} == {"", OTHER}


def refuse_own_senders(sender: str) -> Answer:
    """Refuse MAIL from the domains whose mail is taken, and bounces."""
    spoofed = sender.partition("@")[2] in {"", DOMAIN, OTHER}
    return b"550 5.7.1 spoofed\r\n" if spoofed else b"250 2.1.0 Ok\r\n"


@SCRIPTS
async def test_a_domain_whose_sender_is_refused_has_its_control_asked_with_another(
    script: Script,
) -> None:
    at_home = closed_relay((DOMAIN, OTHER))
    strict = replace(script, mail=refuse_own_senders, recipient=at_home)
    seen = await probe({ADDRESS: strict}, TARGET, target_of(OTHER), dns=TWO_DOMAINS)
    mailbox = f"postmaster@{OTHER}"
    asked = [one for number in range(len(seen.verbs)) for one in transactions(seen, number)]
    assert asked[-2:] == [
        (mailbox, [OUTSIDE, mailbox] if script is not UNPIPELINED else []),
        (SENDER, [mailbox]),
    ]


async def test_mail_refused_without_pipelining_keeps_rcpt_unasked() -> None:
    seen = await probe_host(replace(UNPIPELINED, mail=b"550 5.7.1 no\r\n"))
    mail = ["RSET", "MAIL"]
    assert seen.verbs == [["EHLO", "STARTTLS", "MAIL", *mail, *mail, "QUIT"]]
    assert {one.mail for one in seen.visit.relay} == {Reply(code=550, lines=("5.7.1 no",))}
    assert {one.rcpt for one in seen.visit.relay} == {NOT_ASKED}


async def test_mail_refused_with_pipelining() -> None:
    seen = await probe_host(replace(HEALTHY, mail=b"550 5.7.1 no\r\n"))
    assert {one.mail for one in seen.visit.relay} == {Reply(code=550, lines=("5.7.1 no",))}
    assert {one.rcpt.code for one in seen.visit.relay if isinstance(one.rcpt, Reply)} == {503}


async def test_the_name_of_this_machine_is_never_part_of_a_form() -> None:
    seen = await probe_host(HEALTHY)
    said = [line.data.decode() for s in seen.server.sessions for line in s.lines]
    assert not any(socket.gethostname() in line for line in said if "<" in line)
