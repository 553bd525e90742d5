from dataclasses import replace

import pytest

from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.judge.causes import answer
from mxcheck.rules.dane.dane_no_spare import RULE
from tests.build import (
    ADDRESS,
    HOST,
    authority,
    chain_visit,
    evidence_of,
    healthy_chain,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, fails, not_applicable, passes, unknown
from tests.rules.dane import cases
from tests.rules.dane.cases import (
    GOOD,
    NAME,
    STALE,
    endpoint_case,
    host_with,
    record,
    text_of,
    tlsa,
)

LEAF, ISSUER = healthy_chain(HOST)
WHOLE_LEAF = text_of(record(3, 0, of=LEAF))
OF_ISSUER = text_of(record(2, 1, of=ISSUER))
STRONGER = text_of(record(3, 1, 2, of=LEAF))
OTHER = authority().issue(names=(HOST,)).der_chain
OF_OTHER = text_of(record(of=OTHER[0]))


@pytest.mark.parametrize(
    ("records", "want"),
    [
        ((GOOD, STALE), passes("the key can change", STALE)),
        ((GOOD, OF_ISSUER), passes(OF_ISSUER)),
        ((STALE, OF_ISSUER), passes()),
        ((GOOD,), fails("no second TLSA record", GOOD, remedy=(f"at `{NAME}.`", "two TTLs"))),
        ((OF_ISSUER,), fails("no second TLSA record", OF_ISSUER)),
        # Both are about the certificate in use.
        ((GOOD, WHOLE_LEAF), fails("no second TLSA record")),
        # RFC 7671 9: beside a stronger digest the other one does not count.
        ((STALE, STRONGER), fails("no second TLSA record")),
        ((GOOD, "1 1 1 00", "3 9 1 00"), fails("no second TLSA record")),
        (("1 1 1 00",), fails("usable is none")),
    ],
)
def test_a_second_record_allows_a_change_of_key(records: tuple[str, ...], want: Want) -> None:
    want(cases.ask(RULE, host_with(tlsa(*records))))


def test_a_record_for_each_of_two_keys_in_use_is_no_spare() -> None:
    host = replace(host_with(tlsa(GOOD, OF_OTHER)), addresses=(ADDRESS, "203.0.114.26"))
    case = endpoint_case(host)
    second = replace(chain_visit(OTHER), address="203.0.114.26")
    case = replace(case, run=evidence_of(case.visit, second, domain=case.domain))
    fails("no second TLSA record")(answer(RULE, case))


@pytest.mark.parametrize(
    ("records", "want"),
    [
        ((GOOD, STALE), unknown("which of the TLSA records", remedy=("reach the server",))),
        ((GOOD,), fails("no second TLSA record")),
    ],
)
def test_a_server_that_was_not_seen(records: tuple[str, ...], want: Want) -> None:
    silent = visit_until("connection", unseen(Trouble.TIMEOUT))
    want(answer(RULE, endpoint_case(host_with(tlsa(*records)), silent)))


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (cases.ABSENT, not_applicable("has no TLSA record", owner="dane-missing")),
        (cases.INSECURE, not_applicable("not DNSSEC-secure", owner="dane-insecure")),
        (cases.FAILED, not_applicable(owner="dane-lookup-failed")),
    ],
)
def test_without_records_there_is_nothing_to_judge(host: MxHost, want: Want) -> None:
    want(cases.ask(RULE, host))
