from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, ForwardLookup, Lookup, ReverseDns
from mxcheck.evidence.outcome import Trouble
from mxcheck.judge.causes import answer
from mxcheck.model.policy import Policy
from mxcheck.rules.dns.reverse_dns_mismatch import RULE
from tests.build import ADDRESS, HOST, healthy_visit, unseen
from tests.rules.ask import Answered, Want, case_of, fails, not_applicable, passes, unknown

NONE = Absent(absence=Absence.NXDOMAIN)
SERVFAIL = unseen(Trouble.SERVFAIL, "the resolver answers SERVFAIL")
ELSEWHERE = "203.0.114.99"


def names(*forward: tuple[str, Lookup], left_out: tuple[str, ...] = ()) -> ReverseDns:
    listed = tuple(ForwardLookup(name=name, addresses=lookup) for name, lookup in forward)
    ptr = Answer(owner="arpa", records=tuple(name for name, _ in forward) + left_out)
    return ReverseDns(address=ADDRESS, ptr=ptr, forward=listed, left_out=left_out)


def leads_to(*addresses: str) -> Lookup:
    return Answer(owner=HOST, records=addresses)


def ask(reverse: ReverseDns, policy: Policy | None = None) -> Answered:
    case = case_of(replace(healthy_visit(), address=reverse.address), policy or Policy())
    return answer(RULE, replace(case, run=replace(case.run, reverse=(reverse,))))


@pytest.mark.parametrize(
    ("reverse", "want"),
    [
        (names((HOST, leads_to(ADDRESS))), passes(f"{ADDRESS} is {HOST}")),
        (names((HOST, leads_to(ELSEWHERE, ADDRESS))), passes(HOST)),
        (names(("a.example", NONE), (HOST, leads_to(ADDRESS))), passes(HOST)),
        (names(("a.example", SERVFAIL), (HOST, leads_to(ADDRESS))), passes(HOST)),
        (
            ReverseDns(address=ADDRESS, ptr=NONE),
            fails(ADDRESS, "no name (PTR record)", remedy=(ADDRESS, "PTR")),
        ),
        (
            names((HOST, leads_to(ELSEWHERE))),
            fails("no name", "leads back", f"{HOST} ({ELSEWHERE})", remedy=(ADDRESS,)),
        ),
        (names((HOST, NONE)), fails(f"{HOST} (no address of that family)")),
        (ReverseDns(address=ADDRESS), unknown("it was not asked")),
        (
            ReverseDns(address=ADDRESS, ptr=SERVFAIL),
            unknown(ADDRESS, "SERVFAIL", remedy=("--resolver",)),
        ),
        (names((HOST, SERVFAIL)), unknown("SERVFAIL")),
        (names((HOST, NONE), left_out=("b.example",)), unknown("too many names")),
        (
            ReverseDns(address="10.0.0.1", ptr=NONE),
            not_applicable("not public", owner="mx-not-public"),
        ),
    ],
)
def test_a_name_of_the_address_leads_back_to_it(reverse: ReverseDns, want: Want) -> None:
    want(ask(reverse))


def test_a_private_address_counts_where_it_is_allowed() -> None:
    want = fails("10.0.0.1 has no name")
    want(ask(ReverseDns(address="10.0.0.1", ptr=NONE), Policy(allow_private=True)))
