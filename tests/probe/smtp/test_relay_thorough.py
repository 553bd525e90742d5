import re
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Answer, RecipientReply, Script, open_relay
from mxcheck.evidence.smtp import RelayForm, Reply
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.model.targets import Target
from mxcheck.probe.smtp.relay_forms import make_random_mailbox, plan_forms
from tests.probe.harness import ADDRESS, AT_HOME, DOMAIN, HEALTHY, IN_CLEAR, Seen, mail_world

OUTSIDE = "postmaster@iana.org"
CONTROL = f"postmaster@{DOMAIN}"
STRANGER = "mxcheck0123456789abcdef"
UNPIPELINED = replace(IN_CLEAR, extensions=())
THOROUGH = Policy(relay=RelayMode.THOROUGH)
TARGET = Target(domain=DOMAIN, policy=THOROUGH)

RECIPIENTS = {
    RelayForm.CONTROL: CONTROL,
    RelayForm.NULL_SENDER: OUTSIDE,
    RelayForm.DOMAIN_SENDER: OUTSIDE,
    RelayForm.RANDOM_CONTROL: f"{STRANGER}@{DOMAIN}",
    RelayForm.PERCENT_HACK: f"postmaster%iana.org@{DOMAIN}",
    RelayForm.QUOTED_ADDRESS: f'"{OUTSIDE}"@{DOMAIN}',
    RelayForm.BANG_PATH: f"iana.org!postmaster@{DOMAIN}",
    RelayForm.SOURCE_ROUTE: f"@{DOMAIN}:{OUTSIDE}",
}


async def visit_host(*scripts: Script, target: Target = TARGET) -> Seen:
    async with mail_world({ADDRESS: scripts}) as world:
        run = world.run(target)
        run.stranger = STRANGER
        await run.gather_in_loop()
    return Seen(evidence=run.seen(), world=world)


def recipients_of(seen: Seen, connection: int = 0) -> list[str]:
    lines = [line.data.decode().strip() for line in seen.server.sessions[connection].lines]
    return [line[9:-1] for line in lines if line.startswith("RCPT TO:")]


def codes_of(seen: Seen) -> list[int]:
    return [a.rcpt.code for a in seen.visit.relay if isinstance(a.rcpt, Reply)]


@pytest.mark.parametrize("script", [HEALTHY, IN_CLEAR, UNPIPELINED], ids=["tls", "clear", "slow"])
async def test_the_forms_and_their_order(script: Script) -> None:
    seen = await visit_host(script)
    assert recipients_of(seen) == list(RECIPIENTS.values())
    assert {a.form: a.recipient for a in seen.visit.relay} == RECIPIENTS
    through = seen.visit.relay[3:]
    assert {(a.domain, a.sender) for a in through} == {(DOMAIN, "")}
    assert len(seen.server.sessions) == 1
    assert seen.verbs[0].count("RSET") == len(RECIPIENTS) - 1


async def test_the_outside_recipient_is_the_one_that_was_set() -> None:
    policy = replace(THOROUGH, relay_recipient="box@mail.example.org")
    seen = await visit_host(HEALTHY, target=Target(domain=DOMAIN, policy=policy))
    assert recipients_of(seen)[4:] == [
        f"box%mail.example.org@{DOMAIN}",
        f'"box@mail.example.org"@{DOMAIN}',
        f"mail.example.org!box@{DOMAIN}",
        f"@{DOMAIN}:box@mail.example.org",
    ]


async def test_how_a_closed_and_an_open_relay_answer() -> None:
    assert codes_of(await visit_host(HEALTHY)) == [250, 554, 554, 250, 554, 554, 554, 554]
    assert codes_of(await visit_host(replace(HEALTHY, recipient=open_relay))) == [250] * 8


def test_a_mailbox_that_nobody_has_or_guesses() -> None:
    made = {make_random_mailbox() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"mxcheck[0-9a-f]{16}", local_part) for local_part in made)


def put_off(*recipients: str) -> RecipientReply:
    def answer(sender: str, recipient: str) -> Answer:
        if recipient in recipients:
            return b"450 4.2.0 Greylisted\r\n"
        return AT_HOME(sender, recipient)

    return answer


async def test_all_that_was_put_off_is_tried_once_more() -> None:
    greylisting = replace(HEALTHY, recipient=put_off(*RECIPIENTS.values()))
    seen = await visit_host(greylisting, HEALTHY)
    assert recipients_of(seen, 1) == list(RECIPIENTS.values())
    assert codes_of(seen) == [250, 554, 554, 250, 554, 554, 554, 554]
    assert len(seen.server.sessions) == 2


@pytest.mark.parametrize("form", list(RECIPIENTS)[4:])
async def test_a_form_goes_with_its_control_to_the_second_connection(form: RelayForm) -> None:
    greylisting = replace(HEALTHY, recipient=put_off(RECIPIENTS[form]))
    seen = await visit_host(greylisting, HEALTHY)
    assert recipients_of(seen, 1) == [
        CONTROL,
        RECIPIENTS[RelayForm.RANDOM_CONTROL],
        RECIPIENTS[form],
    ]
    assert codes_of(seen) == [250, 554, 554, 250, 554, 554, 554, 554, 250, 250]
    again = [(a.form, a.connection) for a in seen.visit.relay if a.connection == 2]
    assert again == [(form, 2), (RelayForm.CONTROL, 2), (RelayForm.RANDOM_CONTROL, 2)]


async def test_an_outside_form_that_was_put_off_takes_the_control_alone_along() -> None:
    seen = await visit_host(replace(HEALTHY, recipient=put_off(OUTSIDE)), HEALTHY)
    assert recipients_of(seen, 1) == [CONTROL, OUTSIDE, OUTSIDE]


def test_the_first_domain_comes_whole_before_the_others() -> None:
    others = [Target(domain=f"d{n}.example", policy=THOROUGH) for n in (2, 3)]
    forms = plan_forms([TARGET, *others], STRANGER)
    assert [(form.form, form.domain) for form in forms[:4]] == [
        (RelayForm.CONTROL, DOMAIN),
        (RelayForm.NULL_SENDER, ""),
        (RelayForm.CONTROL, "d2.example"),
        (RelayForm.CONTROL, "d3.example"),
    ]
    own = [RelayForm.DOMAIN_SENDER, *list(RECIPIENTS)[3:]]
    assert [form.form for form in forms[4:10]] == own
    assert {form.domain for form in forms[4:10]} == {DOMAIN}
    assert [form.domain for form in forms[10:12]] == ["d2.example", "d3.example"]
    assert [form.form for form in forms[12:]] == list(RECIPIENTS)[3:] * 2


def test_each_domain_has_the_forms_that_its_policy_asks_for() -> None:
    targets = [Target(domain="basic.example", policy=Policy()), TARGET]
    forms = plan_forms(targets, STRANGER)
    through = [form for form in forms if form.form is RelayForm.PERCENT_HACK]
    assert [form.domain for form in through] == [DOMAIN]
