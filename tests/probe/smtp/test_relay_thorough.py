"""The forms of a thorough relay test: recipients at the domain that name an outside mailbox."""

import re
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Answer, RecipientReply, Script, closed_relay, open_relay
from mxcheck.evidence.smtp import RelayForm, Reply
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.model.targets import Target
from mxcheck.probe.smtp.relay_forms import make_random_mailbox, plan_forms
from tests.probe.harness import ADDRESS, AT_HOME, DOMAIN, HEALTHY, IN_CLEAR, Seen, mail_world
from tests.probe.smtp.transactions import transactions

OUTSIDE = "postmaster@iana.org"
SENDER = "postmaster@probe.example.net"
CONTROL = f"postmaster@{DOMAIN}"
RANDOM = "mxcheck0123456789abcdef"
NOBODY = f"{RANDOM}@{DOMAIN}"
UNPIPELINED = replace(IN_CLEAR, extensions=())
THOROUGH = Policy(relay=RelayMode.THOROUGH)
TARGET = Target(domain=DOMAIN, policy=THOROUGH)

THROUGH = {
    RelayForm.PERCENT_HACK: f"postmaster%iana.org@{DOMAIN}",
    RelayForm.QUOTED_ADDRESS: f'"{OUTSIDE}"@{DOMAIN}',
    RelayForm.BANG_PATH: f"iana.org!postmaster@{DOMAIN}",
    RelayForm.SOURCE_ROUTE: f"@{DOMAIN}:{OUTSIDE}",
}
BASIC = [(SENDER, [OUTSIDE, CONTROL]), ("", [OUTSIDE]), (CONTROL, [OUTSIDE])]


async def visit_host(*scripts: Script, target: Target = TARGET) -> Seen:
    async with mail_world({ADDRESS: scripts}) as world:
        run = world.run(target)
        run.random_mailbox = RANDOM
        await run.gather_in_loop()
    return Seen(evidence=run.seen(), world=world)


def codes_of(seen: Seen) -> list[int]:
    return [one.rcpt.code for one in seen.visit.relay if isinstance(one.rcpt, Reply)]


@pytest.mark.parametrize("script", [HEALTHY, IN_CLEAR, UNPIPELINED], ids=["tls", "clear", "slow"])
async def test_the_forms_and_their_order(script: Script) -> None:
    seen = await visit_host(script)
    assert transactions(seen) == [*BASIC, *((SENDER, [one]) for one in THROUGH.values())]
    tried = {one.form: one.recipient for one in seen.visit.relay if one.form in THROUGH}
    assert tried == THROUGH
    assert {one.domain for one in seen.visit.relay if one.form in THROUGH} == {DOMAIN}
    assert len(seen.server.sessions) == 1


async def test_the_null_sender_is_used_if_no_outside_sender_is_taken() -> None:
    def refuse_outside(sender: str) -> Answer:
        return b"550 5.7.1 no\r\n" if sender == SENDER else b"250 Ok\r\n"

    seen = await visit_host(replace(HEALTHY, mail=refuse_outside))
    assert transactions(seen)[-4:] == [("", [one]) for one in THROUGH.values()]


async def test_the_outside_recipient_is_the_one_that_was_set() -> None:
    policy = replace(THOROUGH, relay_recipient="box@mail.example.org")
    seen = await visit_host(HEALTHY, target=Target(domain=DOMAIN, policy=policy))
    assert [recipients for _, recipients in transactions(seen)][3:] == [
        [f"box%mail.example.org@{DOMAIN}"],
        [f'"box@mail.example.org"@{DOMAIN}'],
        [f"mail.example.org!box@{DOMAIN}"],
        [f"@{DOMAIN}:box@mail.example.org"],
    ]


async def test_how_a_closed_and_an_open_relay_answer() -> None:
    assert codes_of(await visit_host(HEALTHY)) == [554, 250, *[554] * 6]
    seen = await visit_host(replace(HEALTHY, recipient=open_relay))
    assert set(codes_of(seen)) == {250}


@pytest.mark.parametrize("form", THROUGH)
async def test_a_random_mailbox_is_asked_for_beside_a_form_that_is_accepted(
    form: RelayForm,
) -> None:
    def accepts_one(sender: str, recipient: str) -> Answer:
        accepted = recipient == THROUGH[form]
        return b"250 Ok\r\n" if accepted else SOUND(sender, recipient)

    seen = await visit_host(replace(HEALTHY, recipient=accepts_one))
    assert (SENDER, [THROUGH[form], NOBODY]) in transactions(seen)
    assert [one.recipient for one in seen.visit.relay].count(NOBODY) == 1


SOUND = closed_relay((DOMAIN,), {"postmaster"})


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
    greylisting = replace(HEALTHY, recipient=put_off(OUTSIDE, CONTROL, *THROUGH.values()))
    seen = await visit_host(greylisting, HEALTHY)
    assert transactions(seen, 1) == [*BASIC, *((SENDER, [one]) for one in THROUGH.values())]
    assert len(seen.server.sessions) == 2


@pytest.mark.parametrize("form", THROUGH)
async def test_a_form_that_was_put_off_is_tried_alone(form: RelayForm) -> None:
    seen = await visit_host(replace(HEALTHY, recipient=put_off(THROUGH[form])), HEALTHY)
    assert transactions(seen, 1) == [(SENDER, [THROUGH[form]])]


def test_each_domain_comes_whole_before_the_next() -> None:
    others = [Target(domain=f"d{n}.example", policy=THOROUGH) for n in (2, 3)]
    forms = list(plan_forms([TARGET, *others], RANDOM))
    own = [RelayForm.DOMAIN_SENDER, RelayForm.CONTROL, *THROUGH]
    assert [form.form for form in forms] == [
        RelayForm.OUTSIDE_SENDER,
        RelayForm.NULL_SENDER,
        *own * 3,
    ]
    domains = [form.domain for form in forms[2:]]
    assert domains == [one for name in (DOMAIN, "d2.example", "d3.example") for one in [name] * 6]


def test_each_domain_has_the_forms_that_its_policy_asks_for() -> None:
    targets = [Target(domain="basic.example", policy=Policy()), TARGET]
    forms = plan_forms(targets, RANDOM)
    through = [form for form in forms if form.form is RelayForm.PERCENT_HACK]
    assert [form.domain for form in through] == [DOMAIN]
