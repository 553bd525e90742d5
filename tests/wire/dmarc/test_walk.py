from collections.abc import Mapping

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble
from mxcheck.wire.dmarc.record import Request
from mxcheck.wire.dmarc.reports import (
    hosts_within,
    outside_hosts,
    permission_name,
    why_not_permitted,
)
from mxcheck.wire.dmarc.walk import Discovery, discover, walk_targets
from tests.build import txt, unseen

NONE = Absent(absence=Absence.NXDOMAIN)
DEEP = "a.b.c.d.e.f.g.h.i.j.mail.example.com"


def found(domain: str, records: Mapping[str, str | Lookup]) -> tuple[Discovery, list[str]]:
    """What a walk shows, and the names that it asked for."""
    asked: list[str] = []

    def lookup(name: str) -> Lookup:
        asked.append(name)
        record = records.get(name.removeprefix("_dmarc."), NONE)
        return txt(record) if isinstance(record, str) else record

    return discover(domain, lookup), asked


def test_a_walk_asks_eight_names_at_most() -> None:
    # The example of RFC 9989 4.10.
    assert list(walk_targets(DEEP)) == [
        DEEP,
        "g.h.i.j.mail.example.com",
        "h.i.j.mail.example.com",
        "i.j.mail.example.com",
        "j.mail.example.com",
        "mail.example.com",
        "example.com",
        "com",
    ]
    assert list(walk_targets("a.b.c.d.e.f.example.com"))[1] == "b.c.d.e.f.example.com"
    assert list(walk_targets("example.com")) == ["example.com", "com"]


REJECT = "v=DMARC1; p=reject"
ALL_NONE = "v=DMARC1; p=none"

# Domain; records; where the record that applies is; the organization; the policy in force.
CASES: list[tuple[str, dict[str, str | Lookup], str, str, str | None]] = [
    ("example.com", {"example.com": REJECT}, "example.com", "example.com", "reject"),
    ("mail.example.com", {"example.com": REJECT}, "example.com", "example.com", "reject"),
    ("m.example.com", {"m.example.com": REJECT}, "m.example.com", "m.example.com", "reject"),
    # The fewest labels are the organization, but the own record is the policy (4.10.2, rule 3).
    (
        "mail.example.com",
        {"mail.example.com": ALL_NONE, "example.com": REJECT},
        "mail.example.com",
        "example.com",
        "none",
    ),
    # An intermediate record counts for nobody below it.
    (
        "a.b.example.com",
        {"b.example.com": ALL_NONE, "example.com": REJECT},
        "example.com",
        "example.com",
        "reject",
    ),
    # Rule 1: psd=n ends the walk.
    (
        "a.b.example.com",
        {"b.example.com": "v=DMARC1; p=reject; psd=n", "example.com": ALL_NONE},
        "b.example.com",
        "b.example.com",
        "reject",
    ),
    # Rule 2: one label below psd=y.
    ("a.giant.bank", {"bank": f"{REJECT}; psd=y"}, "bank", "giant.bank", "reject"),
    (
        "a.giant.bank",
        {"giant.bank": ALL_NONE, "bank": f"{REJECT}; psd=y"},
        "giant.bank",
        "giant.bank",
        "none",
    ),
    # Not of the record where the walk began.
    ("bank", {"bank": f"{REJECT}; psd=y"}, "bank", "bank", "reject"),
    ("x.co.uk", {"co.uk": f"{REJECT}; sp=none; psd=y", "uk": REJECT}, "co.uk", "x.co.uk", "none"),
    # sp for subdomains.
    (
        "a.example.com",
        {"example.com": f"{REJECT}; sp=quarantine"},
        "example.com",
        "example.com",
        "quarantine",
    ),
    # Several records count as none, and the walk goes on (4.10.1).
    (
        "mail.example.com",
        {"mail.example.com": txt(REJECT, ALL_NONE), "example.com": REJECT},
        "example.com",
        "example.com",
        "reject",
    ),
    ("example.com", {"example.com": txt(REJECT, ALL_NONE)}, "", "example.com", None),
    ("example.com", {}, "", "example.com", None),
    (DEEP, {"example.com": ALL_NONE}, "example.com", "example.com", "none"),
    # "b.…" of the skipped labels is never asked about.
    (DEEP, {DEEP.partition(".")[2]: REJECT}, "", DEEP, None),
]


@pytest.mark.parametrize(("domain", "records", "location", "organization", "policy"), CASES)
def test_the_record_and_the_organization(
    domain: str,
    records: dict[str, str | Lookup],
    location: str,
    organization: str,
    policy: str | None,
) -> None:
    discovery, _ = found(domain, records)
    assert discovery.location == location
    assert discovery.organization == organization
    assert discovery.request() == (Request(policy) if policy else None)


def test_a_walk_stops_at_psd() -> None:
    _, asked = found("a.b.example.com", {"b.example.com": "v=DMARC1; p=none; psd=n"})
    assert asked == ["_dmarc.a.b.example.com", "_dmarc.b.example.com"]


def test_the_policy_for_a_name_that_does_not_exist() -> None:
    discovery, _ = found("gone.example.com", {"example.com": "v=DMARC1; p=none; np=reject"})
    assert discovery.request(exists=False) is Request.REJECT
    assert discovery.request() is Request.NONE


@pytest.mark.parametrize(
    ("records", "record_known", "organization_known"),
    [
        ({"example.com": REJECT, "com": unseen(Trouble.TIMEOUT)}, True, False),
        ({"example.com": unseen(Trouble.TIMEOUT)}, False, False),
        ({"com": unseen(Trouble.TIMEOUT)}, False, False),
        ({"example.com": REJECT}, True, True),
    ],
)
def test_a_lookup_that_failed_leaves_open_what_rests_on_it(
    records: dict[str, str | Lookup], *, record_known: bool, organization_known: bool
) -> None:
    discovery, _ = found("example.com", records)
    assert (discovery.record_unseen is None) is record_known
    assert (discovery.organization_unseen is None) is organization_known


OUTSIDE: list[tuple[str, dict[str, str | Lookup], tuple[str, ...], tuple[str, ...]]] = [
    ("mailto:a@example.com", {}, (), ()),
    ("mailto:a@example.net,mailto:b@example.net", {}, (), ("example.net",)),
    ("mailto:a@in.example.com", {}, ("in.example.com",), ()),
    ("mailto:a@notexample.com", {}, (), ("notexample.com",)),
    # A subdomain that is an organization of its own.
    (
        "mailto:a@in.example.com",
        {"in.example.com": "v=DMARC1; p=none; psd=n"},
        ("in.example.com",),
        ("in.example.com",),
    ),
    ("tel:123", {}, (), ()),
]


@pytest.mark.parametrize(("rua", "records", "within", "outside"), OUTSIDE)
def test_hosts_outside_the_organization(
    rua: str,
    records: dict[str, str | Lookup],
    within: tuple[str, ...],
    outside: tuple[str, ...],
) -> None:
    own: dict[str, str | Lookup] = {"example.com": f"v=DMARC1; p=none; rua={rua}"}
    discovery, _ = found("example.com", own)
    assert hosts_within(discovery) == within

    def lookup(name: str) -> Lookup:
        record = (own | records).get(name.removeprefix("_dmarc."), NONE)
        return txt(record) if isinstance(record, str) else record

    assert outside_hosts(discovery, lookup) == outside


def test_permissions() -> None:
    name = permission_name("example.com", "reports.example.net")
    assert name == "example.com._report._dmarc.reports.example.net"
    assert not permission_name("a" * 60 + ".example", f"{'b' * 60}.{'c' * 60}.{'d' * 60}.example")
    assert not why_not_permitted(["v=DMARC1"], "r.example")
    assert not why_not_permitted(["x", "v=DMARC1; rua=mailto:b@r.example"], "r.example")
    assert "no record" in why_not_permitted(["v=dmarc1"], "r.example")
    assert "no record" in why_not_permitted([], "r.example")
    elsewhere = ["v=DMARC1; rua=mailto:b@else.example"]
    assert "names another host, else.example" in why_not_permitted(elsewhere, "r.example")


def test_the_strings_of_a_record_are_joined() -> None:
    shown, _ = found(
        "example.com", {"example.com": Answer(owner="x", records=('"v=DMARC1; p=" "none"',))}
    )
    assert shown.request() is Request.NONE
