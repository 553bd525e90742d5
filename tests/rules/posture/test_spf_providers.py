"""Customers of the most used providers: an MX check has nothing to say about their SPF."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mxcheck.model.policy import Level, Policy
from mxcheck.rules.base import AnyRule, Fail, Pass, Unknown
from mxcheck.rules.posture import spf_invalid, spf_lookups_exceeded, spf_missing, spf_permissive
from mxcheck.rules.remedies.spf_flat import flattened
from mxcheck.wire.spf.check import MAX_LOOKUPS, check_host
from mxcheck.wire.spf.record import parse_record
from mxcheck.wire.spf.terms import Mechanism
from mxcheck.wire.spf.tree import tree_of
from tests.build import DOMAIN
from tests.rules.posture.spf import ask_in
from tests.spf_zone import TIMEOUT, Zone, client, lookup_in

FILE = Path(__file__).with_name("spf_providers.toml")
PROVIDERS: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
RULES: tuple[AnyRule, ...] = tuple(
    module.RULE for module in (spf_missing, spf_invalid, spf_lookups_exceeded, spf_permissive)
)


def zone_of(*names: str) -> Zone:
    """The records of providers, and a customer of all of them."""
    directives = [
        directive.text
        for name in names
        for directive in parse_record(PROVIDERS[name]["record"]).directives
        if directive.mechanism is not Mechanism.ALL
    ]
    zone = {
        name: (f"TXT {text}",)
        for provider in names
        for name, text in PROVIDERS[provider]["zone"].items()
    }
    return {**zone, DOMAIN: (f"TXT v=spf1 {' '.join(directives)} -all",)}


@pytest.mark.parametrize("name", PROVIDERS)
def test_nothing_is_said_of_a_customer(name: str) -> None:
    provider = PROVIDERS[name]
    for rule in RULES:
        answered = ask_in(rule, {**zone_of(name), DOMAIN: (f"TXT {provider['record']}",)})
        assert isinstance(answered, Pass), (rule.id, answered)
        if rule is spf_invalid.RULE:
            not_followed = "depends on the client" in answered.message
            assert not_followed is provider.get("depends_on_client", False)
        if rule is spf_lookups_exceeded.RULE:
            assert f"needs {provider['lookups']} of at most" in answered.message


@pytest.mark.parametrize("name", [name for name in PROVIDERS if PROVIDERS[name]["zone"]])
@pytest.mark.parametrize("policy", [Policy(), Policy(require=("spf",))])
def test_a_provider_that_does_not_answer_is_at_most_a_warning(name: str, policy: Policy) -> None:
    for lost in PROVIDERS[name]["zone"]:
        zone = {**zone_of(name), lost: (TIMEOUT,)}
        answers = [ask_in(rule, zone, policy) for rule in RULES]
        assert not any(isinstance(one, Fail) for one in answers)
        (unknown,) = [one for one in answers if isinstance(one, Unknown)]
        is_mild = not policy.require and not lost.endswith(f".{DOMAIN}")
        assert unknown.at_most is (Level.WARNING if is_mild else Level.ERROR)


PLAIN = [name for name in PROVIDERS if not PROVIDERS[name].get("depends_on_client")]
CLIENTS = (
    *("209.85.128.1", "35.191.0.9", "2a00:1450:4000::9", "40.107.1.1", "54.240.0.1"),
    *("223.165.113.9", "185.250.236.1", "205.201.131.129", "136.143.188.7", "213.167.81.1"),
    *("216.198.0.1", "203.0.114.1", "203.0.113.9", "2001:db8::9"),
)


def test_all_of_them_together_are_brought_below_the_limit() -> None:
    """What passes by the old records passes by the new ones, and nothing else does."""
    zone = zone_of(*(name for name in PLAIN if name != "mailchimp"))
    root = tree_of(DOMAIN, lookup_in(zone))
    assert root.lookups > MAX_LOOKUPS
    made = flattened(root)
    assert made.lookups <= MAX_LOOKUPS
    assert made.replaced
    assert all(len(record) <= 450 for _, record in made.records)
    new = lookup_in({**zone, **{name: (f"TXT {record}",) for name, record in made.records}})
    assert tree_of(DOMAIN, new).lookups == made.lookups
    for address in CLIENTS:
        told = {
            check_host(client(address), lookup_in(zone_of(name))).result
            for name in PLAIN
            if name != "mailchimp"
        }
        passes = "pass" in told
        assert (check_host(client(address), new).result == "pass") is passes, address


@pytest.mark.parametrize("most", [0, 1, 3])
def test_networks_take_the_place_of_includes_as_far_as_is_wanted(most: int) -> None:
    zone = zone_of("google", "sendgrid")
    root = tree_of(DOMAIN, lookup_in(zone))
    made = flattened(root, most)
    new = lookup_in({**zone, **{name: (f"TXT {record}",) for name, record in made.records}})
    for address in CLIENTS:
        before = check_host(client(address), lookup_in(zone)).result
        assert check_host(client(address), new).result is before, address
    assert tree_of(DOMAIN, new).lookups == made.lookups
