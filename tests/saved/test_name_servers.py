"""Saved answers of name servers are those to questions that a run asks."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.name_servers import NameServerAnswer, NameServers
from mxcheck.evidence.runs import Evidence
from mxcheck.saved.coherence import oddities
from tests.build import DOMAIN, evidence_of, healthy_domain


@pytest.mark.parametrize(
    ("rdtype", "record", "odd"),
    [
        ("MX", "10 mx1.example.com", ""),
        ("TXT", '"v=STSv1; id=1"', ""),
        ("TLSA", f"3 1 1 {'ab' * 32}", ""),
        ("MX", "x", '.lookup.records[0]: "x" is not a proper MX record'),
        ("TXT", '"open', '.lookup.records[0]: "\\"open" is not a proper TXT record'),
        ("TLSA", "3 1", '.lookup.records[0]: "3 1" is not a proper TLSA record'),
        ("NS", "x", '.rdtype: name servers are not asked for "NS"'),
        ("\0", "x", '.rdtype: name servers are not asked for "\\u0000"'),
    ],
)
@pytest.mark.parametrize("time", ["first", "again"])
def test_records_are_of_the_type_that_was_asked_for(
    time: str, rdtype: str, record: str, odd: str
) -> None:
    lookup = Answer(owner=DOMAIN, records=(record,))
    one = NameServerAnswer(server="ns", address="", name=DOMAIN, rdtype=rdtype, lookup=lookup)
    seen = NameServers(zone=DOMAIN, **{time: (one,)})  # type: ignore[arg-type]
    run = evidence_of(domain=replace(healthy_domain(), name_servers=seen))
    wanted = [f"evidence.domains[0].name_servers.{time}[0]{odd}"] if odd else []
    assert list(oddities(Evidence(runs=(run,)))) == wanted
