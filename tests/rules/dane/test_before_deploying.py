"""What the rules of DANE say of a certificate that is not deployed yet."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.what_if import GivenChain
from mxcheck.rules.base import Fail
from mxcheck.rules.dane import dane_mismatch, dane_unusable
from tests.build import ADDRESS, HOST, authority, healthy_chain, unseen, visit_until
from tests.rules.ask import Want, fails, passes
from tests.rules.dane import cases
from tests.rules.dane.cases import GOOD, NAME, endpoint_case, host_with, record, text_of, tlsa

NEXT = authority().issue(names=(HOST,)).der_chain
EXPIRED = authority().issue(names=(HOST,), not_after=timedelta(days=-3)).der_chain
OF_NEXT = text_of(record(of=NEXT[0]))
OF_ISSUER = text_of(record(2, 0, of=NEXT[1]))


def deploying(chain: tuple[bytes, ...], *records: str, ttl: int = 1800) -> MxHost:
    host = host_with(replace(tlsa(*records), ttl=ttl))
    return replace(host, chain=GivenChain(chain=chain, what_ifs=("--cert-file x",)))


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (deploying(NEXT, OF_NEXT), passes("will present what the TLSA record 3 1 1")),
        (deploying(NEXT, GOOD, OF_NEXT), passes("will present")),
        (deploying(healthy_chain(HOST), GOOD, OF_NEXT), passes("will present")),
        (deploying(NEXT, OF_ISSUER), passes("2 0 1")),
        (
            deploying(NEXT, GOOD),
            fails(
                f"deploying this certificate breaks DANE for {HOST}: it matches no TLSA record at"
                f" {NAME}. Published is {GOOD}; its own record would be {OF_NEXT}.",
                f"The records match what {HOST} presents at {ADDRESS}.",
                remedy=(
                    f"First publish `{NAME}. 1800 IN TLSA {OF_NEXT}` beside what is published",
                    "wait one TTL of 1800 s at least (better two), and then deploy",
                ),
            ),
        ),
        (
            deploying(EXPIRED, OF_ISSUER),
            fails(
                "the anchor is there, but", remedy=("Put right what is said", "Or first publish")
            ),
        ),
        (deploying(NEXT, GOOD, ttl=0), fails(remedy=("3600 IN TLSA", "wait its TTL at least"))),
    ],
)
def test_what_is_deployed_is_held_against_the_records(host: MxHost, want: Want) -> None:
    want(dane_mismatch.RULE.judge(endpoint_case(host)))


def test_the_server_need_not_be_reached() -> None:
    nobody = visit_until("connection", unseen(Trouble.REFUSED, "connection refused"))
    for host, want in (
        (deploying(NEXT, OF_NEXT), passes("will present")),
        (deploying(NEXT, GOOD), fails("breaks DANE")),
    ):
        want(dane_mismatch.RULE.judge(endpoint_case(host, nobody)))


def test_the_record_to_publish_in_place_of_unusable_ones_is_its_own() -> None:
    host = replace(cases.UNUSABLE, chain=GivenChain(chain=NEXT, what_ifs=("--cert-file x",)))
    assert isinstance(host.tlsa[0].lookup, Answer)
    answer = dane_unusable.RULE.judge(endpoint_case(host))
    assert isinstance(answer, Fail)
    assert f"1800 IN TLSA {OF_NEXT}`" in answer.remedy
