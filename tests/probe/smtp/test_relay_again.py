"""What is put off and asked again: a refusal proves only beside a control on its connection."""

from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Answer, RecipientReply, Script
from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply, Visit
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.model.targets import Target
from mxcheck.probe.smtp.relay import forms_to_repeat, merge_repeated
from mxcheck.probe.smtp.relay_forms import Form
from mxcheck.rules.relay import mx_rejects_domain, open_relay
from tests.build import OK, OUTSIDE, reply
from tests.probe.harness import AT_HOME, DOMAIN, HEALTHY, IN_CLEAR, probe_host
from tests.rules.ask import ask_visit, passes, unknown

CONTROL = f"postmaster@{DOMAIN}"
LATER = b"450 4.2.0 Greylisted\r\n"
NO = b"550 5.1.1 No\r\n"
BLOCKED = b"550 5.7.1 Client host blocked using zen.spamhaus.org\r\n"
MODES = [HEALTHY, replace(IN_CLEAR, extensions=())]


def answering(control: bytes, outside: bytes) -> RecipientReply:
    def answer(_sender: str, recipient: str) -> Answer:
        return control if recipient == CONTROL else outside

    return answer


def answers_of(visit: Visit) -> list[tuple[RelayForm, int, int]]:
    return [(a.form, a.connection, a.rcpt.code) for a in visit.relay if isinstance(a.rcpt, Reply)]


def two(script: Script, first: RecipientReply, second: RecipientReply) -> list[Script]:
    return [replace(script, recipient=recipient) for recipient in (first, second)]


GREYLISTED = answering(b"250 Ok\r\n", LATER)


@pytest.mark.parametrize("script", MODES, ids=["tls", "in turn"])
async def test_a_client_that_is_blocked_the_second_time_learns_nothing(script: Script) -> None:
    seen = await probe_host(*two(script, GREYLISTED, answering(BLOCKED, BLOCKED)))
    assert answers_of(seen.visit) == [
        (RelayForm.CONTROL, 1, 250),
        (RelayForm.NULL_SENDER, 2, 550),
        (RelayForm.DOMAIN_SENDER, 2, 550),
        (RelayForm.CONTROL, 2, 550),
    ]
    unknown("could not be told", "zen.spamhaus.org")(ask_visit(open_relay.RULE, seen.visit))
    passes(CONTROL)(ask_visit(mx_rejects_domain.RULE, seen.visit))


@pytest.mark.parametrize("script", MODES, ids=["tls", "in turn"])
@pytest.mark.parametrize("outside", [b"554 5.7.1 Relay access denied\r\n", NO, BLOCKED])
async def test_a_client_that_greylisting_lets_in_has_its_proof(
    script: Script, outside: bytes
) -> None:
    seen = await probe_host(*two(script, GREYLISTED, answering(b"250 Ok\r\n", outside)))
    code = int(outside[:3])
    assert answers_of(seen.visit) == [
        (RelayForm.CONTROL, 1, 250),
        (RelayForm.NULL_SENDER, 2, code),
        (RelayForm.DOMAIN_SENDER, 2, code),
        (RelayForm.CONTROL, 2, 250),
    ]
    passes("refuses to relay", outside.decode().strip())(ask_visit(open_relay.RULE, seen.visit))


async def test_a_refusal_beside_a_control_that_is_taken_later_proves_nothing() -> None:
    first, second = answering(LATER, NO), answering(b"250 Ok\r\n", b"250 Ok\r\n")
    seen = await probe_host(*two(HEALTHY, first, second))
    assert answers_of(seen.visit) == [
        (RelayForm.CONTROL, 2, 250),
        (RelayForm.NULL_SENDER, 1, 550),
        (RelayForm.DOMAIN_SENDER, 1, 550),
    ]
    unknown("550 5.1.1 No")(ask_visit(open_relay.RULE, seen.visit))


async def test_a_catch_all_that_blocks_the_client_the_second_time_is_no_open_relay() -> None:
    through = f"postmaster%iana.org@{DOMAIN}"

    def first(sender: str, recipient: str) -> Answer:
        if recipient.startswith("mxcheck"):
            return NO
        return LATER if recipient == through else AT_HOME(sender, recipient)

    def second(_sender: str, _recipient: str) -> Answer:
        return b"250 Ok\r\n"

    target = Target(domain=DOMAIN, policy=Policy(relay=RelayMode.THOROUGH))
    seen = await probe_host(*two(HEALTHY, first, second), target=target)
    assert (RelayForm.PERCENT_HACK, 2, 250) in answers_of(seen.visit)
    assert (RelayForm.RANDOM_CONTROL, 2, 250) in answers_of(seen.visit)
    passes("refuses to relay")(ask_visit(open_relay.RULE, seen.visit, target.policy))


def attempt(form: RelayForm, rcpt: int, domain: str = DOMAIN, connection: int = 1) -> RelayAttempt:
    ours = form in {RelayForm.CONTROL, RelayForm.RANDOM_CONTROL}
    return RelayAttempt(
        domain="" if form is RelayForm.NULL_SENDER else domain,
        form=form,
        sender="",
        recipient=f"{form}@{domain}" if ours else OUTSIDE,
        mail=OK,
        rcpt=reply(rcpt, "so"),
        connection=connection,
    )


OTHER = "example.net"
CONTROLS = [attempt(RelayForm.CONTROL, 250), attempt(RelayForm.CONTROL, 250, OTHER)]


@pytest.mark.parametrize(
    ("put_off", "domains"),
    [
        # The null sender's form speaks of every domain.
        (attempt(RelayForm.NULL_SENDER, 450), [DOMAIN, OTHER]),
        (attempt(RelayForm.DOMAIN_SENDER, 451), [DOMAIN]),
        (attempt(RelayForm.DOMAIN_SENDER, 450, OTHER), [OTHER]),
        (attempt(RelayForm.DOMAIN_SENDER, 554, OTHER), None),
    ],
)
def test_which_controls_go_along(put_off: RelayAttempt, domains: list[str] | None) -> None:
    forms = forms_to_repeat([*CONTROLS, put_off])
    if domains is None:
        assert forms == ()
    else:
        assert [form.domain for form in forms[:-1]] == domains
        assert {form.form for form in forms[:-1]} == {RelayForm.CONTROL}
        assert forms[-1] == Form.of(put_off)


def test_a_random_control_goes_along_with_what_depends_on_it_alone() -> None:
    stranger = attempt(RelayForm.RANDOM_CONTROL, 550)
    through = attempt(RelayForm.BANG_PATH, 450)
    assert Form.of(stranger) in forms_to_repeat([*CONTROLS, stranger, through])
    outside = attempt(RelayForm.NULL_SENDER, 450)
    assert Form.of(stranger) not in forms_to_repeat([*CONTROLS, stranger, outside])


NULL = RelayForm.NULL_SENDER


def test_both_controls_stand_beside_each_other() -> None:
    first = [CONTROLS[0], attempt(NULL, 450)]
    again = [attempt(RelayForm.CONTROL, 550), attempt(NULL, 554)]
    assert merge_repeated(first, again) == [
        CONTROLS[0],
        attempt(NULL, 554, connection=2),
        attempt(RelayForm.CONTROL, 550, connection=2),
    ]


def test_what_the_second_connection_did_not_answer_stays() -> None:
    first = [CONTROLS[0], attempt(NULL, 450)]
    lost = replace(attempt(NULL, 450), mail=reply(250, "ok"), rcpt=reply(450, "again"))
    assert merge_repeated(first, []) == first
    assert merge_repeated(first, [lost])[1] == replace(lost, connection=2)
