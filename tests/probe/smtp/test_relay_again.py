"""What is put off and asked again: a refusal proves only beside a control on its connection."""

from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Answer, RecipientReply, Script
from mxcheck.evidence.smtp import RelayForm, Reply
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.model.targets import Target
from mxcheck.rules.relay import mx_rejects_domain, open_relay
from tests.probe.harness import AT_HOME, DOMAIN, HEALTHY, IN_CLEAR, SETTINGS, probe_host
from tests.probe.smtp.transactions import answers, transactions
from tests.rules.ask import ask_visit, fails, passes, unknown

CONTROL, ABUSE = f"postmaster@{DOMAIN}", f"abuse@{DOMAIN}"
OUTSIDE = "postmaster@iana.org"
SENDER = "postmaster@probe.example.net"
LATER = b"450 4.2.0 Greylisted\r\n"
PUT_OFF = [LATER, b"451 4.7.1 greylisted\r\n"]
NO = b"550 5.1.1 No\r\n"
OK = b"250 Ok\r\n"
BLOCKED = b"550 5.7.1 Client host blocked using zen.spamhaus.org\r\n"
DENIED = b"554 5.7.1 Relay access denied\r\n"
MODES = pytest.mark.parametrize(
    "script", [HEALTHY, replace(IN_CLEAR, extensions=())], ids=["tls", "in turn"]
)


def answering(control: bytes, outside: bytes) -> RecipientReply:
    def answer(_sender: str, recipient: str) -> Answer:
        return control if recipient in {CONTROL, ABUSE} else outside

    return answer


def two(script: Script, first: RecipientReply, second: RecipientReply) -> list[Script]:
    return [replace(script, recipient=recipient) for recipient in (first, second)]


GREYLISTED = answering(OK, LATER)


@MODES
@pytest.mark.parametrize("reply", PUT_OFF)
async def test_what_was_put_off_is_tried_once_more(reply: bytes, script: Script) -> None:
    seen = await probe_host(*two(script, answering(reply, reply), AT_HOME))
    assert transactions(seen, 1) == [
        (SENDER, [OUTSIDE, CONTROL]),
        ("", [OUTSIDE]),
        (CONTROL, [OUTSIDE]),
    ]
    assert [verbs[-1] for verbs in seen.verbs] == ["QUIT", "QUIT"]
    assert all(line.in_tls for line in seen.server.sessions[1].lines[2:]) is (script is HEALTHY)
    passes("refuses to relay")(ask_visit(open_relay.RULE, seen.visit))
    passes(CONTROL)(ask_visit(mx_rejects_domain.RULE, seen.visit))


async def test_only_what_was_put_off_is_tried_once_more() -> None:
    seen = await probe_host(*two(HEALTHY, answering(LATER, DENIED), AT_HOME))
    assert transactions(seen, 1) == [(SENDER, [CONTROL])]
    passes("refuses to relay")(ask_visit(open_relay.RULE, seen.visit))
    passes(CONTROL)(ask_visit(mx_rejects_domain.RULE, seen.visit))


@MODES
async def test_a_refusal_that_needs_the_control_goes_with_it(script: Script) -> None:
    seen = await probe_host(*two(script, answering(LATER, NO), answering(OK, NO)))
    assert [recipients for _, recipients in transactions(seen, 1)] == [[OUTSIDE, CONTROL]] * 3
    passes("refuses to relay", "550 5.1.1 No")(ask_visit(open_relay.RULE, seen.visit))


async def test_what_is_put_off_again_is_not_tried_a_third_time() -> None:
    seen = await probe_host(replace(HEALTHY, recipient=answering(LATER, LATER)))
    assert len(seen.server.sessions) == 2
    assert {code for _, _, code in answers(seen.visit)} == {450}
    unknown("450 4.2.0 Greylisted", remedy=("again later",))(ask_visit(open_relay.RULE, seen.visit))


async def test_without_retries_nothing_is_tried_once_more() -> None:
    script = replace(HEALTHY, recipient=answering(LATER, LATER))
    seen = await probe_host(script, settings=replace(SETTINGS, retries=0))
    assert len(seen.server.sessions) == 1


@MODES
async def test_mail_put_off_and_then_refused(script: Script) -> None:
    later = replace(script, mail=b"451 4.7.1 later\r\n")
    seen = await probe_host(later, replace(script, mail=b"550 5.7.1 no\r\n"))
    again = [one.mail for one in seen.visit.relay if one.connection == 2]
    assert set(again) == {Reply(code=550, lines=("5.7.1 no",))}
    unknown("550 5.7.1 no")(ask_visit(open_relay.RULE, seen.visit))


@MODES
async def test_a_client_that_is_blocked_the_second_time_learns_nothing(script: Script) -> None:
    seen = await probe_host(*two(script, GREYLISTED, answering(BLOCKED, BLOCKED)))
    forms = (RelayForm.OUTSIDE_SENDER, RelayForm.NULL_SENDER, RelayForm.DOMAIN_SENDER)
    again = [one for form in forms for one in ((form, 2, 550), (RelayForm.CONTROL, 2, 550))]
    assert answers(seen.visit)[4:] == again
    unknown("could not be told", "zen.spamhaus.org")(ask_visit(open_relay.RULE, seen.visit))
    passes(CONTROL)(ask_visit(mx_rejects_domain.RULE, seen.visit))


@MODES
@pytest.mark.parametrize("outside", [DENIED, NO, BLOCKED])
async def test_a_client_that_greylisting_lets_in_has_its_proof(
    script: Script, outside: bytes
) -> None:
    seen = await probe_host(*two(script, GREYLISTED, answering(OK, outside)))
    passes("refuses to relay", outside.decode().strip())(ask_visit(open_relay.RULE, seen.visit))


@MODES
@pytest.mark.parametrize("late", ["outside", "null", "own"])
async def test_one_form_that_stays_put_off_leaves_it_unknown(script: Script, late: str) -> None:
    sender = {"outside": SENDER, "null": "", "own": CONTROL}[late]

    def greylist(given: str, recipient: str) -> Answer:
        return LATER if given == sender and recipient == OUTSIDE else AT_HOME(given, recipient)

    seen = await probe_host(replace(script, recipient=greylist))
    unknown("450 4.2.0 Greylisted")(ask_visit(open_relay.RULE, seen.visit))


async def test_an_open_relay_behind_greylisting_is_found() -> None:
    seen = await probe_host(*two(HEALTHY, GREYLISTED, answering(OK, OK)))
    fails("open relay")(ask_visit(open_relay.RULE, seen.visit))


async def test_a_catch_all_that_is_put_off_is_no_open_relay() -> None:
    through = f"postmaster%iana.org@{DOMAIN}"

    def first(sender: str, recipient: str) -> Answer:
        if recipient.startswith("mxcheck"):
            return NO
        return LATER if recipient == through else AT_HOME(sender, recipient)

    target = Target(domain=DOMAIN, policy=Policy(relay=RelayMode.THOROUGH))
    seen = await probe_host(*two(HEALTHY, first, answering(OK, OK)), target=target)
    assert (RelayForm.PERCENT_HACK, 2, 250) in answers(seen.visit)
    assert (RelayForm.RANDOM_CONTROL, 2, 250) in answers(seen.visit)
    passes("refuses to relay", "catch-all")(ask_visit(open_relay.RULE, seen.visit, target.policy))


async def test_a_sender_that_is_refused_the_second_time_is_told_from_a_client_that_is() -> None:
    """On the second connection another sender's control shows that the client is let in."""

    def refuse_own(sender: str) -> Answer:
        return b"550 5.7.1 spoofed\r\n" if sender == CONTROL else OK

    def late(sender: str, recipient: str) -> Answer:
        return LATER if sender == CONTROL else AT_HOME(sender, recipient)

    second = replace(HEALTHY, mail=refuse_own)
    seen = await probe_host(replace(HEALTHY, recipient=late), second)
    assert transactions(seen, 1)[-1] == (SENDER, [CONTROL])
    passes("refuses to relay")(ask_visit(open_relay.RULE, seen.visit))
