"""How MX hosts are dealt out to shards, and what the shards of a run are together."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, CaaLookup, ReverseDns
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.runs import Evidence
from mxcheck.evidence.shard import Shard, number_of
from mxcheck.evidence.way_out import WayOut
from tests.build import ADDRESS, DOMAIN, OBSERVED_AT, evidence_of, healthy_host, healthy_visit
from tests.saved.sharded import address_of, name_for, shard_of

NAMES = [f"mx{number}.example.net" for number in range(2000)]
FIRST, SECOND, THIRD = (name_for(number, 3) for number in (1, 2, 3))
"""An MX host for each of three shards."""
OTHER = "203.0.114.99"


@pytest.mark.parametrize("count", [1, 2, 3, 7, 200])
def test_each_host_is_dealt_to_one_shard(count: int) -> None:
    shards = [Shard(number=number, count=count) for number in range(1, count + 1)]
    dealt = Counter(str(shard) for name in NAMES for shard in shards if shard.visits(name))
    assert dealt.total() == len(NAMES)
    assert max(dealt.values()) < 2 * len(NAMES) / count + 20


def test_the_number_depends_on_the_name_alone() -> None:
    # Machines with different versions of mxcheck may look at the shards of one run.
    assert [number_of(f"mx{n}.example.com", 4) for n in range(1, 9)] == [1, 1, 3, 4, 2, 3, 1, 1]


def test_visits_are_those_of_all_shards_and_what_is_known_of_the_machine_is_its_own() -> None:
    hours = timedelta(hours=1)
    first = shard_of(1, 3, FIRST, SECOND, THIRD)
    second = replace(shard_of(2, 3, FIRST, SECOND, THIRD), observed_at=OBSERVED_AT + hours)
    third = replace(shard_of(3, 3, FIRST, SECOND, THIRD), via=WayOut.SSH)
    [run] = Evidence(runs=(third, first, second)).judged
    assert {visit.host for visit in run.visits} == {FIRST, SECOND, THIRD}
    assert [run.seen_from(name).via for name in (FIRST, SECOND, THIRD)] == [None, None, WayOut.SSH]
    assert run.seen_from(SECOND).observed_at - run.observed_at == hours
    assert run.seen_from(SECOND).visit(THIRD, address_of(THIRD)) == run.visit(
        THIRD, address_of(THIRD)
    )
    assert run.resolvers == first.resolvers


def test_a_run_that_is_not_sharded_stays_as_it_is() -> None:
    run, shard = evidence_of(), shard_of(2, 3, SECOND)
    merged, other = Evidence(runs=(run, shard)).judged
    assert other is run
    assert merged.shard == shard.shard


@pytest.mark.parametrize(
    ("given", "trouble", "detail"),
    [
        ((1, 2), Trouble.OTHER_SHARD, "shard 3/3 was to visit it, and is missing"),
        ((1, 3), None, ""),
    ],
)
def test_what_a_missing_shard_was_to_visit_is_unseen(
    given: tuple[int, ...], trouble: Trouble | None, detail: str
) -> None:
    runs = tuple(shard_of(number, 3, FIRST, THIRD) for number in given)
    evidence = Evidence(runs=runs)
    [run] = evidence.judged
    seen = run.visit(THIRD, address_of(THIRD)).connection
    if trouble:
        assert seen == Unseen(trouble=trouble, detail=detail)
    else:
        assert not isinstance(seen, Unseen)
    assert [str(shard) for shard in evidence.missing_shards] == [
        f"{number}/3" for number in (1, 2, 3) if number not in given
    ]


def test_what_its_shard_was_not_led_to_is_unseen() -> None:
    first, third = shard_of(1, 3, FIRST, THIRD), shard_of(3, 3, FIRST)
    [run] = Evidence(runs=(first, third)).judged
    seen = run.visit(THIRD, address_of(THIRD)).connection
    assert isinstance(seen, Unseen)
    assert seen.detail == "shard 3/3 was to visit it, and its DNS answers did not lead there"


def test_hosts_that_only_other_shards_were_led_to_are_named() -> None:
    first, third = shard_of(1, 3, FIRST), shard_of(3, 3, FIRST, THIRD)
    [run] = Evidence(runs=(third, first)).judged
    assert run.named_elsewhere(DOMAIN) == (f"{THIRD} (shard 3/3)",)
    assert run.named_elsewhere("other.example") == ()
    assert THIRD not in {visit.host for visit in run.visits}


def test_a_host_has_the_addresses_at_which_it_was_visited() -> None:
    """The answers of large providers change from one question to the next."""
    first, third = shard_of(1, 3, THIRD), shard_of(3, 3, THIRD, address=OTHER)
    [run] = Evidence(runs=(first, third)).judged
    [host] = run.domains[0].hosts
    assert host.addresses == (OTHER,)
    assert host.ipv4 == healthy_host(THIRD, OTHER).ipv4
    assert not isinstance(run.visit(THIRD, OTHER).connection, Unseen)


def test_dns_that_only_its_shard_saw_of_a_host_is_not_judged() -> None:
    """The first shard is told that there is no address: that is what is judged."""
    nowhere = replace(healthy_host(THIRD), ipv4=Absent(absence=Absence.NODATA), addresses=())
    first, third = with_host(shard_of(1, 3, THIRD), nowhere), shard_of(3, 3, THIRD)
    [run] = Evidence(runs=(first, third)).judged
    assert run.domains[0].hosts == (nowhere,)
    assert run.visits == ()


def test_caa_records_are_of_all_certificates() -> None:
    lookups = [
        CaaLookup(name=name, lookup=Answer(owner=name, records=(f'0 issue "{issuer}"',)))
        for name, issuer in (("b.example", "one"), ("b.example", "two"), ("a.example", "one"))
    ]
    first = with_caa(shard_of(1, 3, FIRST, THIRD), lookups[0])
    third = with_caa(shard_of(3, 3, FIRST, THIRD), *lookups[1:])
    [run] = Evidence(runs=(first, third)).judged
    assert run.domains[0].caa == (lookups[2], lookups[0])


def test_names_of_addresses_are_those_of_all_shards_the_first_before_the_others() -> None:
    names = [ReverseDns(address=ADDRESS), ReverseDns(address=ADDRESS, ptr=unasked()), other()]
    first = replace(shard_of(1, 3, FIRST), reverse=(names[0],))
    third = replace(shard_of(3, 3, FIRST), reverse=(names[1], names[2]))
    [run] = Evidence(runs=(third, first)).judged
    assert run.reverse == (names[0], names[2])


def unasked() -> Unseen:
    return Unseen(trouble=Trouble.TIMEOUT, detail="nobody answers")


def other() -> ReverseDns:
    return ReverseDns(address=OTHER)


def with_host(run: Run, host: MxHost) -> Run:
    return with_domain(run, replace(run.domains[0], hosts=(host,)))


def with_caa(run: Run, *lookups: CaaLookup) -> Run:
    return with_domain(run, replace(run.domains[0], caa=lookups))


def with_domain(run: Run, domain: Domain) -> Run:
    return replace(run, domains=(domain,))


def test_the_visits_of_a_merged_run_are_found_by_address_too() -> None:
    runs = tuple(shard_of(number, 3, FIRST, SECOND, THIRD) for number in (1, 2, 3))
    [run] = Evidence(runs=runs).judged
    assert {(address_of(name), 25, "tls") for name in (FIRST, SECOND, THIRD)} < run.shown
    address = address_of(FIRST)
    assert run.visit(FIRST, address) == replace(healthy_visit(FIRST, address), relay=())
