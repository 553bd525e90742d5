from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.overrides import Override, OverrideKind
from mxcheck.evidence.way_out import WayOut
from mxcheck.judge.notes import run_causes, run_notes
from mxcheck.rules.base import Cause
from mxcheck.rules.facts.egress import DOCS
from tests.build import (
    DOMAIN,
    HOST,
    canary,
    domain_of,
    evidence_of,
    healthy_host,
    unseen,
    visit_until,
)
from tests.saving import as_evidence


def test_the_note_on_a_closed_way_out_names_each_control_host_and_why() -> None:
    calls = (
        replace(canary(unseen(Trouble.TIMEOUT, "no answer within 10 s")), host="mx.example.net"),
        replace(canary(unseen(Trouble.REFUSED, "nobody listens")), host="mx.example.org"),
    )
    [note] = run_notes(as_evidence(evidence_of(canaries=calls)), ())
    assert "(mx.example.net: no answer within 10 s; mx.example.org: nobody listens)" in note
    assert "over IPv4" in note


def test_one_note_counts_what_a_closed_port_leaves_open() -> None:
    silent = unseen(Trouble.TIMEOUT, "no answer within 10 s")
    lacking = unseen(Trouble.NO_ROUTE, "this machine has no route to IPv6")
    visits = (
        visit_until("connection", silent, host="mx1.example.com", address="203.0.114.1"),
        visit_until("connection", lacking, host="mx1.example.com", address="2a00:1450::1"),
        visit_until("connection", silent, host="mx2.example.com", address="203.0.114.2"),
        visit_until(
            "connection",
            unseen(Trouble.GIVEN_UP, "no control host answered"),
            host="mx2.example.com",
            address="203.0.114.3",
        ),
        # Nothing of this host would be judged if the port were open.
        visit_until("connection", lacking, host="mx3.example.com", address="2a00:1450::3"),
    )
    evidence = as_evidence(evidence_of(*visits, canaries=(canary(silent),)))
    [note] = run_notes(evidence, ())
    assert "Not judged for this reason: 4 addresses of 2 MX hosts." in note
    assert run_causes(evidence) == {Cause.CLOSED_PORT: note}
    assert note.endswith(" More: docs/ci.md#port-25")
    [linked] = run_notes(evidence, (), "https://github.com/acme/mxcheck/blob/v1/")
    assert linked.endswith(" More: https://github.com/acme/mxcheck/blob/v1/docs/ci.md#port-25")


def test_a_port_that_is_closed_in_both_families_is_one_note() -> None:
    silent = unseen(Trouble.TIMEOUT, "no answer within 10 s")
    visit = visit_until("connection", silent, address="203.0.114.1")
    calls = (canary(silent), canary(silent, family=6))
    [note] = run_notes(as_evidence(evidence_of(visit, canaries=calls)), ())
    assert note.startswith("outbound port 25 looks closed here over IPv4 and IPv6: ")
    assert "1 address of 1 MX host." in note


def test_a_port_that_is_closed_behind_the_way_out_is_for_that_machine_to_open() -> None:
    silent = unseen(Trouble.TIMEOUT, "no answer within 10 s")
    visit = visit_until("connection", silent, address="203.0.114.1")
    run = replace(evidence_of(visit, canaries=(canary(silent),)), via=WayOut.SSH)
    note, _ = run_notes(as_evidence(run), ())
    assert note.startswith("outbound port 25 looks closed here over IPv4 through --via: ")
    assert "The machine of --via does not reach port 25 either: ask its provider" in note
    assert "Reach the MX hosts through" not in note


def test_the_page_about_a_cause_exists() -> None:
    for link in DOCS.values():
        page, _, anchor = link.partition("#")
        text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
        headings = [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]
        assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


def test_hosts_that_were_half_seen_are_named_in_a_note() -> None:
    lost = unseen(Trouble.SERVFAIL, "SERVFAIL from 192.0.2.53")
    half = replace(healthy_host(), ipv6=lost)
    whole = healthy_host("mx2.example.com")
    blind = replace(healthy_host("mx3.example.com"), ipv4=lost, ipv6=lost)
    [note] = run_notes(as_evidence(evidence_of(domain=domain_of(half, whole, blind))), ())
    assert note.startswith(
        f"the AAAA lookup for {HOST} failed (SERVFAIL from 192.0.2.53): addresses that"
    )


@pytest.mark.parametrize(("count", "named"), [(1, False), (17, True)])
def test_a_domain_with_more_mx_hosts_than_are_looked_at_is_named_in_a_note(
    count: int, *, named: bool
) -> None:
    records = ("0 .", *(f"{number} mx{number}.example.com" for number in range(1, count + 1)))
    domain = replace(domain_of(healthy_host()), mx=Answer(owner=DOMAIN, records=records))
    note = "example.com has 17 MX hosts: those that senders try first were looked at, 1 of them"
    assert run_notes(as_evidence(evidence_of(domain=domain)), ()) == (note,) * named


def test_what_is_ignored_of_a_zone_file_is_named_in_a_note() -> None:
    given = Override(kind=OverrideKind.ZONE_FILE, given="new.zone")
    zone = replace(given, passed_over=("a.example. A, outside the zone", "7 more"))
    notes = run_notes(as_evidence(replace(evidence_of(), overrides=(zone,))), ())
    assert notes[1:] == (
        "of --zone-file new.zone these are ignored: a.example. A, outside the zone; 7 more",
    )
    [note] = run_notes(as_evidence(replace(evidence_of(), overrides=(given,))), ())
    assert "ignored" not in note
