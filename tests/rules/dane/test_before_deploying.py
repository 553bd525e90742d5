"""What the rules of DANE say of a certificate that is not deployed yet."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.overrides import OverrideChain
from mxcheck.judge.causes import answer
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


def deploying(
    chain: tuple[bytes, ...], *records: str, ttl: int = 1800, wildcard: str = ""
) -> MxHost:
    host = host_with(replace(tlsa(*records), ttl=ttl, wildcard=wildcard))
    return replace(host, chain=OverrideChain(chain=chain, overrides=("--cert-file x",)))


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
    want(answer(dane_mismatch.RULE, endpoint_case(host)))


OTHER_ISSUER = text_of(record(2, 0, of=authority().issue(names=(HOST,)).der_chain[0]))
KEEP, CHAIN = "keep the key when you renew", "deploy a chain that leads to the authority"


@pytest.mark.parametrize(
    ("records", "alternative"),
    [
        ((GOOD,), KEEP),
        ((GOOD, OTHER_ISSUER), KEEP),
        ((OTHER_ISSUER,), CHAIN),
        ((text_of(record(3, 0)),), ""),  # of the certificate itself, which is another one
    ],
)
def test_another_way_is_named_where_there_is_one(
    records: tuple[str, ...], alternative: str
) -> None:
    answered = answer(dane_mismatch.RULE, endpoint_case(deploying(NEXT, *records)))
    assert isinstance(answered, Fail)
    assert [way for way in (KEEP, CHAIN) if way in answered.remedy] == [alternative] * bool(
        alternative
    )


def test_beside_a_wildcard_the_record_is_one_of_the_wildcard() -> None:
    """A name of its own would hide the records that the server of now needs (RFC 4592 2.2.1)."""
    answered = answer(
        dane_mismatch.RULE, endpoint_case(deploying(NEXT, GOOD, wildcard=f"*.{HOST}"))
    )
    assert isinstance(answered, Fail)
    assert f"First publish `*.{HOST}. 1800 IN TLSA {OF_NEXT}`" in answered.remedy


def test_the_time_to_wait_is_that_of_the_live_records() -> None:
    host = deploying(NEXT, GOOD, ttl=60)
    [given] = host.tlsa
    live = replace(host, tlsa=(replace(given, live=replace(tlsa(GOOD), ttl=7200)),))
    answered = answer(dane_mismatch.RULE, endpoint_case(live))
    assert isinstance(answered, Fail)
    assert "wait one TTL of 7200 s" in answered.remedy


def test_the_server_need_not_be_reached() -> None:
    nobody = visit_until("connection", unseen(Trouble.REFUSED, "connection refused"))
    for host, want in (
        (deploying(NEXT, OF_NEXT), passes("will present")),
        (deploying(NEXT, GOOD), fails("breaks DANE")),
    ):
        want(answer(dane_mismatch.RULE, endpoint_case(host, nobody)))


def test_the_record_to_publish_in_place_of_unusable_ones_is_its_own() -> None:
    host = replace(cases.UNUSABLE, chain=OverrideChain(chain=NEXT, overrides=("--cert-file x",)))
    assert isinstance(host.tlsa[0].lookup, Answer)
    answered = answer(dane_unusable.RULE, endpoint_case(host))
    assert isinstance(answered, Fail)
    assert f"1800 IN TLSA {OF_NEXT}`" in answered.remedy
