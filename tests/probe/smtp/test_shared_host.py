"""The further connections for domains that share a server: when they come, and when they end."""

from collections import Counter
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Answer, closed_relay
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED
from mxcheck.evidence.smtp import RelayForm
from mxcheck.evidence.tls import Alert, ServerHello
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.probe.smtp.relay_limits import MAX_FORMS, MAX_REFUSALS
from mxcheck.rules.relay import mx_rejects_domain
from mxcheck.wire.reply_code import is_refusal
from tests.probe.harness import HEALTHY, SETTINGS, Seen
from tests.probe.smtp.test_light_hand import (
    AWAY,
    FEW,
    answered,
    domains,
    taking,
    verdict_on,
    visit_shared_host,
)
from tests.rules.ask import fails, passes, unknown


def refusals_by_connection(seen: Seen) -> list[int]:
    counts = Counter(one.connection for one in seen.visit.relay if is_refusal(one.rcpt))
    return [counts[number] for number in sorted(counts)]


@pytest.mark.parametrize(("limit", "number", "connections"), [(1, 60, 1), (2, 200, 21)])
async def test_what_no_further_connection_is_allowed_for_is_unknown(
    limit: int, number: int, connections: int
) -> None:
    settings = replace(SETTINGS, max_connections=limit)
    seen = await visit_shared_host(number, taking(number), settings=settings)
    assert len(seen.server.sessions) == connections
    assert set(refusals_by_connection(seen)) == {MAX_REFUSALS}
    tried = answered(seen, RelayForm.DOMAIN_SENDER)
    assert tried == domains(len(tried))
    assert len(tried) == connections * MAX_REFUSALS - 2
    passes()(verdict_on(seen, tried[-1]))
    want = unknown("max_connections", remedy=("--max-connections",))
    for domain in domains(number)[len(tried) :]:
        want(verdict_on(seen, domain))


@pytest.mark.parametrize(
    ("relay", "forms", "connections"),
    [(RelayMode.BASIC, 2 + 60, 7), (RelayMode.THOROUGH, 2 + 60 * 5, 34)],
)
async def test_sixty_domains_on_one_host_are_all_judged(
    relay: RelayMode, forms: int, connections: int
) -> None:
    seen = await visit_shared_host(60, taking(60), relay=relay, settings=FEW)
    last = forms - (connections - 1) * MAX_REFUSALS
    assert refusals_by_connection(seen) == [*[MAX_REFUSALS] * (connections - 1), last]
    assert len(seen.server.sessions) == connections
    assert seen.world.gauge.peak == 1
    assert all(session.verbs.count("RSET") < MAX_FORMS for session in seen.server.sessions)
    assert all(session.verbs[-1] == "QUIT" for session in seen.server.sessions)
    assert seen.visit.relay_left_out == NOT_ASKED
    for domain in domains(60):
        passes()(verdict_on(seen, domain, policy=Policy(relay=relay)))


async def test_controls_of_sixty_domains_fit_on_the_first_connection() -> None:
    """They are accepted, and so cost nothing."""
    seen = await visit_shared_host(60, taking(60), settings=FEW)
    assert sorted(answered(seen, RelayForm.CONTROL)) == sorted(domains(60))
    controls = [one for one in seen.visit.relay if one.form is RelayForm.CONTROL]
    assert {one.connection for one in controls} == {1}
    for domain in domains(60):
        passes()(verdict_on(seen, domain, mx_rejects_domain.RULE))


async def test_questions_about_tls_come_first_and_lose_no_connection() -> None:
    wanted = (Item.OLD_TLS, Item.LARGE_HELLO)
    seen = await visit_shared_host(60, taking(60), wanted=wanted, settings=FEW)
    relaying = ["MAIL" in session.verbs for session in seen.server.sessions]
    assert relaying == [True, False, False, *[True] * 6]
    (old,), (large,) = seen.visit.hellos, seen.visit.large_hellos
    assert isinstance(old.answer, Alert)
    assert isinstance(large.answer, ServerHello)
    passes()(verdict_on(seen, domains(60)[-1]))


async def test_a_server_that_turns_us_away_in_between_is_left_alone() -> None:
    sixty = taking(60)
    seen = await visit_shared_host(60, sixty, sixty, AWAY, settings=FEW)
    assert len(seen.server.sessions) == 3
    tried = answered(seen, RelayForm.DOMAIN_SENDER)
    assert tried == domains(16)
    passes()(verdict_on(seen, tried[-1]))
    for domain in domains(60)[16:]:
        unknown("a further connection was answered 421 4.3.2 busy")(verdict_on(seen, domain))


async def test_a_server_that_hangs_up_in_between_is_asked_no_more_than_for_one_domain() -> None:
    hung_up_on = set[str]()

    def hangs_up(sender: str, recipient: str) -> Answer:
        if sender.endswith("9.example") and sender not in hung_up_on:
            hung_up_on.add(sender)
            return b"421 4.7.0 too many errors\r\n"
        return closed_relay(domains(60))(sender, recipient)

    seen = await visit_shared_host(60, replace(taking(60), recipient=hangs_up), settings=FEW)
    assert len(seen.server.sessions) == 4
    assert answered(seen, RelayForm.DOMAIN_SENDER) == domains(19)
    passes()(verdict_on(seen, domains(60)[18]))
    unknown("max_connections")(verdict_on(seen, domains(60)[-1]))


async def test_the_last_of_many_may_be_the_one_that_is_relayed_for() -> None:
    last = domains(60)[-1]

    def relays(sender: str, recipient: str) -> Answer:
        if recipient == f"postmaster%iana.org@{last}":
            return b"250 2.1.5 Ok\r\n"
        return closed_relay(domains(60), {"postmaster"})(sender, recipient)

    script = replace(HEALTHY, recipient=relays)
    seen = await visit_shared_host(60, script, relay=RelayMode.THOROUGH, settings=FEW)
    policy = Policy(relay=RelayMode.THOROUGH)
    fails("open relay", last)(verdict_on(seen, last, policy=policy))
    passes()(verdict_on(seen, domains(60)[-2], policy=policy))


async def test_what_a_further_connection_puts_off_is_tried_once_more() -> None:
    """Greylisting knows each sender by itself."""
    put_off = f"postmaster@{domains(12)[-1]}"

    def greylist(sender: str, recipient: str) -> Answer:
        if sender == put_off:
            return b"450 4.2.0 Greylisted\r\n"
        return closed_relay(domains(12))(sender, recipient)

    greylisting = replace(HEALTHY, recipient=greylist)
    seen = await visit_shared_host(12, greylisting, greylisting, taking(12), settings=FEW)
    assert [session.verbs.count("MAIL") for session in seen.server.sessions][2:] == [1]
    for domain in domains(12):
        passes()(verdict_on(seen, domain))
    seen = await visit_shared_host(12, greylisting, settings=FEW)
    assert len(seen.server.sessions) == 3
    unknown("450 4.2.0 Greylisted")(verdict_on(seen, domains(12)[-1]))
