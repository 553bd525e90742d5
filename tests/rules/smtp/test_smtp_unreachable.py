from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, OUR_OWN, Trouble
from mxcheck.evidence.smtp import CanaryCall, Visit
from mxcheck.model.policy import Policy
from mxcheck.rules.base import Cause, Unknown
from mxcheck.rules.smtp.smtp_unreachable import RULE
from tests.build import ADDRESS, HOST, canary, healthy_visit, reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

V6 = "2a00:1450::25"
CLOSED = "outbound port 25 looks closed here over IPv"
NO_IPV6 = unseen(Trouble.NO_ROUTE, "this machine has no IPv6")
LEFT_OUT = unseen(Trouble.EXCLUDED, "IPv6 is left out by -4 or -6")
TIMED_OUT = unseen(Trouble.TIMEOUT, "no answer within 10 s")
MX2 = visit_until("connection", TIMED_OUT, host="mx2.example.com", address="203.0.114.26", tries=3)
SILENT4, SILENT6 = canary(TIMED_OUT), canary(TIMED_OUT, family=6)
NO_ADDRESS4 = canary(unseen(Trouble.NO_ADDRESS, "canary.example.net has no IPv4 address"))
CUT_OFF4 = canary(unseen(Trouble.INTERRUPTED, "the run was interrupted before that"))
NOT_CALLED4 = canary(NOT_ASKED)
ENDED = unknown("mx2.example.com", "the run ended before the control hosts had answered")
ANSWERING4 = canary(reply(220, "canary.example.net ESMTP"))


def unreached(trouble: Trouble, address: str = ADDRESS) -> Visit:
    return visit_until("connection", unseen(trouble, "as the kernel said"), address=address)


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(HOST, ADDRESS, "12 ms")),
        (unreached(Trouble.TIMEOUT), fails(HOST, ADDRESS, "timed out", "as the kernel said")),
        (unreached(Trouble.REFUSED), fails(HOST, ADDRESS, "refuses connections", "1 try")),
        (unreached(Trouble.RESET), fails(HOST, ADDRESS, "resets connections")),
        (unreached(Trouble.HOST_UNREACHABLE), fails(HOST, ADDRESS, "no route to host")),
        (unreached(Trouble.NETWORK), fails(HOST, ADDRESS, "cannot be reached")),
        (
            replace(unreached(Trouble.NOT_PUBLIC), address="10.0.0.1"),
            not_applicable("as the", owner="mx-not-public"),
        ),
        (unreached(Trouble.BUDGET), unknown("as the kernel said")),
        (unreached(Trouble.NOT_ASKED), unknown("as the kernel said")),
        (unreached(Trouble.DEADLINE), unknown("as the kernel said")),
        (unreached(Trouble.INTERRUPTED), unknown("as the kernel said")),
    ],
)
def test_a_connection_is_made(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


def test_the_second_mx_times_out() -> None:
    want = fails(
        "port 25 of mx2.example.com",
        "no answer within 10 s",
        "after 3 tries",
        remedy=("Open TCP 25 inbound", "withdraw the MX record of mx2.example.com", "fail2ban"),
    )
    want(ask_visit(RULE, MX2, others=[healthy_visit()]))


@pytest.mark.parametrize(
    ("visit", "others", "canaries", "want"),
    [
        (MX2, [], [SILENT4, SILENT4], unknown(CLOSED + "4", remedy=("self-hosted runner",))),
        (MX2, [], [SILENT4, ANSWERING4], fails("mx2.example.com")),
        (MX2, [], [], fails("mx2.example.com")),
        (MX2, [], [SILENT6], fails("mx2.example.com")),
        # Another MX was reached, so no control host was asked.
        (MX2, [healthy_visit()], [], fails("mx2.example.com")),
        (MX2, [], [NO_ADDRESS4], unknown(CLOSED + "4", remedy=("self-hosted runner",))),
        (MX2, [], [NO_ADDRESS4, ANSWERING4], fails("mx2.example.com")),
        (MX2, [], [CUT_OFF4], ENDED),
        (MX2, [], [SILENT4, CUT_OFF4], ENDED),
        (MX2, [], [NOT_CALLED4, NO_ADDRESS4], ENDED),
        (MX2, [], [CUT_OFF4, ANSWERING4], fails("mx2.example.com")),
        (unreached(Trouble.TIMEOUT, V6), [], [SILENT6], unknown(CLOSED + "6", V6)),
        (unreached(Trouble.TIMEOUT, V6), [healthy_visit()], [SILENT6], unknown(CLOSED + "6")),
        (unreached(Trouble.TIMEOUT, V6), [healthy_visit()], [SILENT4], fails(V6)),
        (healthy_visit(), [unreached(Trouble.TIMEOUT, V6)], [SILENT6], passes(ADDRESS)),
    ],
)
def test_the_way_out_is_judged_for_each_address_family(
    visit: Visit, others: list[Visit], canaries: list[CanaryCall], want: Want
) -> None:
    want(ask_visit(RULE, visit, others=others, canaries=canaries))


@pytest.mark.parametrize("trouble", [Trouble.REFUSED, Trouble.TIMEOUT, Trouble.RESET])
def test_an_address_that_the_run_reached_under_another_name_is_not_unreachable(
    trouble: Trouble,
) -> None:
    refused = replace(unreached(trouble), host="mx2.example.com")
    want = unknown("mx2.example.com", "under another MX name", remedy=("for mx2.example.com",))
    want(ask_visit(RULE, refused, others=[healthy_visit()]))
    for other in (
        replace(healthy_visit(), port=26),
        replace(healthy_visit(), address="203.0.114.9"),
    ):
        fails("mx2.example.com")(ask_visit(RULE, refused, others=[other]))


V6_ONLY = unknown(HOST, V6, remedy=("a machine with IPv6",))
ALL_LEFT_OUT = unknown(HOST, V6, remedy=("without -4",))
REACHED = not_applicable("was reached by the other address family")
GIVEN_UP = unreached(Trouble.GIVEN_UP)


@pytest.mark.parametrize(
    ("seen", "others", "canaries", "want"),
    [
        (NO_IPV6, [], [], V6_ONLY),
        (NO_IPV6, [healthy_visit()], [], REACHED),
        (NO_IPV6, [unreached(Trouble.REFUSED)], [], V6_ONLY),
        (NO_IPV6, [replace(healthy_visit(), host="mx2.example.com")], [], V6_ONLY),
        (NO_IPV6, [replace(healthy_visit(), address="2a00:1450::26")], [], V6_ONLY),
        # The other family is closed here: that is the cause, and IPv6 would be no help.
        (NO_IPV6, [unreached(Trouble.TIMEOUT)], [SILENT4], not_applicable(CLOSED + "4")),
        (NO_IPV6, [GIVEN_UP], [SILENT4], not_applicable(CLOSED + "4")),
        (NO_IPV6, [unreached(Trouble.TIMEOUT)], [ANSWERING4], V6_ONLY),
        # Another host's closed family says nothing about this one, which must not pass.
        (NO_IPV6, [MX2], [SILENT4], V6_ONLY),
        (LEFT_OUT, [], [], ALL_LEFT_OUT),
        (LEFT_OUT, [healthy_visit()], [], REACHED),
        (LEFT_OUT, [unreached(Trouble.REFUSED)], [], not_applicable("has an address in the")),
        (LEFT_OUT, [unreached(Trouble.TIMEOUT)], [SILENT4], not_applicable(CLOSED + "4")),
        (LEFT_OUT, [MX2], [], ALL_LEFT_OUT),
    ],
)
def test_an_address_family_that_this_machine_does_not_use(
    seen: object, others: list[Visit], canaries: list[CanaryCall], want: Want
) -> None:
    visit = visit_until("connection", seen, address=V6)
    want(ask_visit(RULE, visit, others=others, canaries=canaries))


@pytest.mark.parametrize(
    ("canaries", "want"),
    [
        ([SILENT4], unknown(f"{HOST} [{ADDRESS}] was not tried, but {CLOSED}4")),
        ([CUT_OFF4], unknown("the run ended before the control hosts had answered")),
        # No run records this; an address that was not tried never fails.
        ([ANSWERING4], unknown("as the kernel said")),
    ],
)
def test_an_address_that_was_given_up_is_unknown(canaries: list[CanaryCall], want: Want) -> None:
    want(ask_visit(RULE, GIVEN_UP, canaries=canaries))


@pytest.mark.parametrize("visit", [unreached(Trouble.TIMEOUT), GIVEN_UP])
def test_what_a_closed_port_leaves_open_names_that_cause(visit: Visit) -> None:
    answer = ask_visit(RULE, visit, canaries=[SILENT4])
    assert isinstance(answer, Unknown)
    assert answer.cause is Cause.CLOSED_PORT


@pytest.mark.parametrize("trouble", [t for t in Trouble if t not in OUR_OWN])
def test_no_trouble_with_connecting_is_a_pass(trouble: Trouble) -> None:
    answer = ask_visit(RULE, unreached(trouble))
    assert type(answer).__name__ in {"Fail", "Unknown", "NotApplicable"}


def test_an_address_that_was_passed_over_and_is_allowed_by_now_is_unknown() -> None:
    # Evidence of a run without --allow-private, judged under a policy with it.
    answer = ask_visit(RULE, unreached(Trouble.NOT_PUBLIC), Policy(allow_private=True))
    unknown("as the kernel", "gathered without", remedy=("with --allow-private",))(answer)
