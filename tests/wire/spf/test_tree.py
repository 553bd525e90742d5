import re

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.wire.spf.check import MAX_LOOKUPS, MAX_VOIDS, check_host
from mxcheck.wire.spf.terms import Result
from mxcheck.wire.spf.tree import MAX_DEPTH, Node, tree_of
from tests.spf_zone import TIMEOUT, Zone, client, lookup_in
from tests.vectors.spf_population import DOMAINS, population

VENDOR = {
    "vendor.example": ["TXT v=spf1 include:a.vendor.example include:b.vendor.example ?all"],
    "a.vendor.example": ["TXT v=spf1 ip4:198.51.100.0/24 -all"],
    "b.vendor.example": ["TXT v=spf1 a:mail.vendor.example mx -all", "MX 10 mail.vendor.example"],
    "mail.vendor.example": ["AAAA 2001:db8::1"],
}


def tree(record: str, zone: Zone | None = None) -> Node:
    return tree_of("example.com", lookup_in({**VENDOR, **(zone or {}), "example.com": [record]}))


def test_terms_are_counted_with_all_below_them() -> None:
    root = tree("TXT v=spf1 include:vendor.example mx ip4:192.0.2.1 -all", {})
    assert [one.lookups for one in root.branches] == [5, 1]
    assert (root.lookups, root.voids, root.told_others) == (6, 1, Result.FAIL)
    assert [one.domain for one in root.nodes()] == [
        *("example.com", "vendor.example", "a.vendor.example", "b.vendor.example"),
    ]
    assert list(root.faults()) == []


@pytest.mark.parametrize(
    ("record", "lookups"),
    [
        ("v=spf1 -all include:vendor.example", 0),
        ("v=spf1 mx all redirect=vendor.example", 1),
        ("v=spf1 ip4:192.0.2.1 redirect=vendor.example", 5),
        ("v=spf1 include:open.example include:vendor.example -all", 1),
        ("v=spf1 exists:%{i}._spf.example.com include:%{l}.example.com ptr -all", 3),
        ("v=spf1 include:_spf.%{d} include:_spf.%{o} -all", 2),
    ],
)
def test_only_what_is_reached_counts(record: str, lookups: int) -> None:
    zone = {"open.example": ["TXT v=spf1 +all"], "_spf.example.com": ["TXT v=spf1 -all"]}
    root = tree(f"TXT {record}", zone)
    assert root.lookups == lookups
    assert list(root.faults()) == []


@pytest.mark.parametrize(
    ("record", "domain", "term", "reason"),
    [
        ("v=spf1 moo -all", "example.com", "moo", "no mechanism"),
        ("v=spf1 include:bad.example -all", "bad.example", "ip4:1", "not an IPv4 address"),
        ("v=spf1 include:two.example -all", "two.example", "", "2 records"),
        (
            "v=spf1 include:none.example ~all",
            "example.com",
            "include:none.example",
            "no SPF record",
        ),
        ("v=spf1 redirect=none.example", "example.com", "redirect=none.example", "no SPF record"),
        (
            "v=spf1 include:ring.example -all",
            *("ring.example", "include:%{o}"),
            "a circle: example.com to ring.example to example.com",
        ),
        ("v=spf1 include:%{d}..x%{d} -all", "example.com", "include:%{d}..x%{d}", "looked up"),
    ],
)
def test_a_fault_has_its_record_and_term(record: str, domain: str, term: str, reason: str) -> None:
    zone = {
        "bad.example": ["TXT v=spf1 ip4:1 -all"],
        "two.example": ["TXT v=spf1 -all", "TXT v=spf1 mx -all"],
        "ring.example": ["TXT v=spf1 include:%{o} -all"],
    }
    (fault,) = tree(f"TXT {record}", zone).faults()
    assert (fault.domain, fault.term) == (domain, term)
    assert reason in fault.reason


def test_what_could_not_be_seen_is_named_and_the_rest_is_followed() -> None:
    zone = {"lost.example": [TIMEOUT], "host.example": [TIMEOUT]}
    root = tree("TXT v=spf1 include:lost.example a:host.example include:vendor.example -all", zone)
    assert {name for name, _ in root.unseen_lookups()} == {"lost.example", "host.example"}
    assert root.lookups == 7


def test_a_chain_without_end_is_not_followed() -> None:
    zone = {
        f"d{number}.example": [f"TXT v=spf1 include:d{number + 1}.example -all"]
        for number in range(1000)
    }
    root = tree("TXT v=spf1 include:d0.example -all", zone)
    assert root.lookups == MAX_DEPTH
    (unseen,) = [seen for _, seen in root.unseen_lookups()]
    assert unseen.trouble is Trouble.BUDGET


def test_too_many_mx_names_are_counted() -> None:
    names = [f"MX {number} mx{number}.example.net" for number in range(11)]
    root = tree("TXT v=spf1 mx:many.example -all", {"many.example": names})
    assert [one.mx_names for one in root.branches] == [11]


def is_error(root: Node) -> bool:
    limits = root.lookups > MAX_LOOKUPS or root.voids > MAX_VOIDS
    names = any(one.mx_names for _, one in root.all_branches())
    return limits or names or any(root.faults())


DECIDED_BY_CLIENT = re.compile(r" \S*(?:%\{[^do]|//?0(?= |$)|exists|ptr)\S*")


def for_others(zone: Zone) -> Zone:
    """The same without what may match any client; each host has both families, or none."""
    made = {name: [DECIDED_BY_CLIENT.sub("", one) for one in has] for name, has in zone.items()}
    for has in made.values():
        if any(one.startswith(("A ", "AAAA ")) for one in has):
            has += ["A 192.0.2.1", "AAAA 2001:db8::1"]
    return made


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8:ffff::9"])
def test_it_says_what_an_evaluation_for_a_stranger_says(address: str) -> None:
    """Where no term matches the client or depends on it, and no lookup fails."""
    compared = 0
    for zone in map(for_others, population(seed=4408, zones=100)):
        lookup_of = lookup_in(zone)
        for domain in DOMAINS:
            root = tree_of(domain, lookup_of)
            if any(root.unseen_lookups()):
                continue
            told = check_host(client(address, domain, "h2.example.net"), lookup_of)
            wanted = Result.PERMERROR if is_error(root) else root.told_others
            assert told.result is wanted, (zone[domain], told)
            compared += 1
    assert compared > 500
