"""SPF: the RFC 7208 test suite (openspf.org), and pyspf beside it; the sdist of pyspf has both."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from itertools import product
from typing import Any

import pytest
from ruamel.yaml import YAML

from mxcheck.wire.spf.check import check_host
from mxcheck.wire.spf.client import Client
from tests.spf_zone import TIMEOUT, Zone, client, lookup_in
from tests.vectors.pyspf import RELIEFS, Pyspf
from tests.vectors.spf_population import DOMAINS, population
from tests.vectors.tally import Record, Tally, folder_of

CASES = 203
ASKED = ("192.0.2.1", "192.0.2.77", "2001:db8::1", "203.0.113.9")
"""Addresses in the zones of the population, and one that is in none."""


def test_rfc7208_suite(record_property: Record) -> None:
    path = folder_of("pyspf", wanted_in_ci=True) / "test" / "rfc7208-tests.yml"
    scenarios = list(YAML(typ="safe").load_all(path.read_text(encoding="utf-8")))
    tally = Tally()
    for scenario in scenarios:
        lookup_of = lookup_in(zone_of(scenario["zonedata"]))
        for name, case in scenario["tests"].items():
            client = Client.of(ip_address(case["host"]), case["mailfrom"], case["helo"])
            ours = str(check_host(client, lookup_of).result)
            theirs = [case["result"]] if isinstance(case["result"], str) else case["result"]
            tally.compare(name, ours, ours if ours in theirs else theirs)
    assert tally.agreed + len(tally.disagreed) == CASES
    tally.check(record_property, "RFC 7208 suite, pyspf 2.0.14")


@pytest.mark.timeout(300)
def test_pyspf_says_the_same(record_property: Record) -> None:
    """A disagreement is one that ADR 20 names: it is gone if pyspf is relieved of that alone."""
    oracle = Pyspf(folder_of("pyspf", wanted_in_ci=True) / "spf.py")
    tally = Tally()
    for number, zone in enumerate(population(seed=7208, zones=150)):
        for domain, address in product(DOMAINS, ASKED):
            asked = client(address, domain, "h2.example.net")
            ours = str(check_host(asked, lookup_in(zone)).result)
            theirs, _ = oracle.check(zone, asked)
            reliefs = oracle.reliefs_until(ours, zone, asked)
            name = reliefs[0] if reliefs else f"zone {number}, {domain}, {address}"
            tally.compare(name, ours, theirs)
    tally.check(record_property, "SPF beside pyspf", tuple(RELIEFS))


def zone_of(zonedata: Mapping[str, Sequence[Any]]) -> Zone:
    return {name: tuple(_records(entries)) for name, entries in zonedata.items()}


def _records(entries: Sequence[Any]) -> Iterator[str]:
    """The records of a name; those of the gone type SPF are TXT, unless it has TXT of its own."""
    pairs = [pair for entry in entries if entry != TIMEOUT for pair in entry.items()]
    has_txt = any(rdtype == "TXT" for rdtype, _ in pairs)
    for rdtype, value in pairs:
        if rdtype == "SPF" and has_txt:
            continue
        if rdtype in {"SPF", "TXT"}:
            strings = value if isinstance(value, list) else [value]
            if strings != ["NONE"]:
                yield f"TXT {''.join(strings)}"
        elif rdtype == "MX":
            yield f"MX {value[0]} {value[1]}"
        else:
            yield f"{rdtype} {value}"
    if TIMEOUT in entries:
        yield TIMEOUT
