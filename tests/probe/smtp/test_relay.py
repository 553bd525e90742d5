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
    DOMAIN,
    HEALTHY,
    HOST,
    IN_CLEAR,
    NO_RELAY,
    SETTINGS,
    TARGET,
    Seen,
    mx_zone,
    probe,
    probe_host,
)

OUTSIDE = "postmaster@iana.org"
CONTROL = f"postmaster@{DOMAIN}"
UNPIPELINED = replace(IN_CLEAR, extensions=())


def target_of(domain: str = DOMAIN, **policy: str) -> Target:
    return Target(domain=domain, policy=Policy(**policy))  # type: ignore[arg-type]


def dialogue_of(seen: Seen, connection: int = 0) -> list[tuple[str, str]]:
    """The MAIL and RCPT commands of a connection, in pairs."""
    lines = [line.data.decode().strip() for line in seen.server.sessions[connection].lines]
    senders = [line[10:] for line in lines if line.startswith("MAIL FROM:")]
    recipients = [line[8:] for line in lines if line.startswith("RCPT TO:")]
    return list(zip(senders, recipients, strict=True))


FORMS = [
    (
        target_of(),
        [("<>", f"<{CONTROL}>"), ("<>", f"<{OUTSIDE}>"), (f"<{CONTROL}>", f"<{OUTSIDE}>")],
    ),
    (
        target_of(relay_sender="me@example.org"),
        [
            ("<>", f"<{CONTROL}>"),
            ("<>", f"<{OUTSIDE}>"),
            ("<me@example.org>", f"<{OUTSIDE}>"),
            (f"<{CONTROL}>", f"<{OUTSIDE}>"),
        ],
    ),
    (
        target_of(relay_recipient="box@example.org", relay_control="info@example.com"),
        [
            ("<>", "<info@example.com>"),
            ("<>", "<box@example.org>"),
            (f"<{CONTROL}>", "<box@example.org>"),
        ],
    ),
]


@pytest.mark.parametrize(("target", "dialogue"), FORMS, ids=["default", "sender", "recipients"])
@pytest.mark.parametrize("script", [HEALTHY, IN_CLEAR, UNPIPELINED], ids=["tls", "clear", "slow"])
async def test_the_forms_and_their_order(
    target: Target, dialogue: list[tuple[str, str]], script: Script
) -> None:
    seen = await probe_host(script, target=target)
    assert dialogue_of(seen) == dialogue
    tried = [(f"<{a.sender}>", f"<{a.recipient}>") for a in seen.visit.relay]
    assert tried == dialogue


async def test_what_each_form_is_and_how_it_was_answered() -> None:
    seen = await probe_host(HEALTHY, target=target_of(relay_sender="me@example.org"))
    assert [(a.form, a.domain) for a in seen.visit.relay] == [
        (RelayForm.CONTROL, DOMAIN),
        (RelayForm.NULL_SENDER, ""),
        (RelayForm.GIVEN_SENDER, ""),
        (RelayForm.DOMAIN_SENDER, DOMAIN),
    ]
    refusal = Reply(code=554, lines=(f"5.7.1 <{OUTSIDE}>: Relay access denied",))
    assert [a.rcpt for a in seen.visit.relay] == [
        Reply(code=250, lines=("2.1.5 Ok",)),
        refusal,
        refusal,
        refusal,
    ]
    assert {a.mail for a in seen.visit.relay} == {Reply(code=250, lines=("2.1.0 Ok",))}


async def test_an_open_relay_shows_in_every_form() -> None:
    seen = await probe_host(replace(HEALTHY, recipient=open_relay))
    assert [a.rcpt.code for a in seen.visit.relay if isinstance(a.rcpt, Reply)] == [250] * 3


OTHER = "example.net"
TWO_DOMAINS = mx_zone(ADDRESS) + f"{OTHER}. MX 5 {HOST}.\n"


async def test_a_host_of_two_domains_is_visited_once_with_the_forms_of_both() -> None:
    script = replace(HEALTHY, recipient=closed_relay((DOMAIN, OTHER)))
    seen = await probe({ADDRESS: script}, TARGET, target_of(OTHER), dns=TWO_DOMAINS)
    assert len(seen.server.sessions) == 1
    assert [(a.domain, a.sender, a.recipient) for a in seen.visit.relay] == [
        (DOMAIN, "", CONTROL),
        ("", "", OUTSIDE),
        (OTHER, "", f"postmaster@{OTHER}"),
        (DOMAIN, CONTROL, OUTSIDE),
        (OTHER, f"postmaster@{OTHER}", OUTSIDE),
    ]


async def test_only_the_domains_that_want_it_are_tested() -> None:
    seen = await probe({ADDRESS: HEALTHY}, NO_RELAY, target_of(OTHER), dns=TWO_DOMAINS)
    assert {a.domain for a in seen.visit.relay} == {"", OTHER}


PUT_OFF = [b"450 4.3.2 try again\r\n", b"451 4.7.1 greylisted\r\n"]


def puts_off(reply: bytes, *recipients: str) -> RecipientReply:
    def answer(_sender: str, recipient: str) -> Answer:
        return reply if not recipients or recipient in recipients else b"250 Ok\r\n"

    return answer


@pytest.mark.parametrize("reply", PUT_OFF)
@pytest.mark.parametrize("script", [HEALTHY, UNPIPELINED], ids=["tls", "slow"])
async def test_what_was_put_off_is_tried_once_more(reply: bytes, script: Script) -> None:
    seen = await probe_host(replace(script, recipient=puts_off(reply)), script)
    assert [len(dialogue_of(seen, number)) for number in (0, 1)] == [3, 3]
    codes = [a.rcpt.code for a in seen.visit.relay if isinstance(a.rcpt, Reply)]
    assert codes == [250, 554, 554]
    assert seen.verbs[1][-1] == "QUIT"
    assert all(line.in_tls for line in seen.server.sessions[1].lines[2:]) is (script is HEALTHY)


async def test_only_what_was_put_off_is_tried_once_more() -> None:
    first = replace(HEALTHY, recipient=puts_off(PUT_OFF[0], CONTROL))
    seen = await probe_host(first, HEALTHY)
    assert dialogue_of(seen, 1) == [("<>", f"<{CONTROL}>")]
    codes = [a.rcpt.code for a in seen.visit.relay if isinstance(a.rcpt, Reply)]
    assert codes == [250, 250, 250]
    assert seen.visit.relay[0].form is RelayForm.CONTROL


async def test_what_is_put_off_again_is_not_tried_a_third_time() -> None:
    seen = await probe_host(replace(HEALTHY, recipient=puts_off(PUT_OFF[0])))
    assert len(seen.server.sessions) == 2
    assert [a.rcpt.code for a in seen.visit.relay if isinstance(a.rcpt, Reply)] == [450] * 3


async def test_without_retries_nothing_is_tried_once_more() -> None:
    script = replace(HEALTHY, recipient=puts_off(PUT_OFF[0]))
    seen = await probe_host(script, settings=replace(SETTINGS, retries=0))
    assert len(seen.server.sessions) == 1


@pytest.mark.parametrize("script", [HEALTHY, UNPIPELINED], ids=["tls", "slow"])
async def test_mail_put_off_and_then_refused(script: Script) -> None:
    later = replace(script, mail=b"451 4.7.1 later\r\n")
    seen = await probe_host(later, replace(script, mail=b"550 5.7.1 no\r\n"))
    assert [a.mail for a in seen.visit.relay] == [Reply(code=550, lines=("5.7.1 no",))] * 3


async def test_mail_refused_without_pipelining_keeps_rcpt_unasked() -> None:
    seen = await probe_host(replace(UNPIPELINED, mail=b"550 5.7.1 no\r\n"))
    assert seen.verbs == [["EHLO", "STARTTLS", "MAIL", "RSET", "MAIL", "RSET", "MAIL", "QUIT"]]
    assert {a.mail for a in seen.visit.relay} == {Reply(code=550, lines=("5.7.1 no",))}
    assert {a.rcpt for a in seen.visit.relay} == {NOT_ASKED}


async def test_mail_refused_with_pipelining() -> None:
    seen = await probe_host(replace(HEALTHY, mail=b"550 5.7.1 no\r\n"))
    assert {a.mail for a in seen.visit.relay} == {Reply(code=550, lines=("5.7.1 no",))}
    assert [a.rcpt.code for a in seen.visit.relay if isinstance(a.rcpt, Reply)] == [503] * 3


async def test_the_name_of_this_machine_is_never_part_of_a_form() -> None:
    seen = await probe_host(HEALTHY)
    said = [line.data.decode() for s in seen.server.sessions for line in s.lines]
    assert not any(socket.gethostname() in line for line in said if "<" in line)
