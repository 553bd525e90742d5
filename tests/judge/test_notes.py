from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.overrides import Override, OverrideKind
from mxcheck.judge.notes import run_notes
from tests.build import DOMAIN, HOST, canary, domain_of, evidence_of, healthy_host, unseen
from tests.saving import as_evidence


def test_the_note_on_a_closed_way_out_names_each_control_host_and_why() -> None:
    calls = (
        replace(canary(unseen(Trouble.TIMEOUT, "no answer within 10 s")), host="mx.example.net"),
        replace(canary(unseen(Trouble.REFUSED, "nobody listens")), host="mx.example.org"),
    )
    [note] = run_notes(as_evidence(evidence_of(canaries=calls)), ())
    assert "(mx.example.net: no answer within 10 s; mx.example.org: nobody listens)" in note
    assert "over IPv4" in note


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
