"""What the probe is told to do, from the rules that a policy asks."""

import pytest

from mxcheck.app import Checking
from mxcheck.config.load import Config
from mxcheck.config.output import Screen
from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level, Policy, RelayMode
from mxcheck.model.targets import Target
from mxcheck.probe.settings import ProbeSettings
from mxcheck.rules import RULES
from tests.build import DOMAIN

OFF = [rule.id for rule in RULES if rule.level is Level.OFF]


def told(policy: Policy) -> Target:
    config = Config(
        policy=policy,
        targets=(Target(domain=DOMAIN, policy=policy),),
        probe=ProbeSettings(),
        ca_pem=b"",
        screen=Screen(quiet=True),
    )
    (target,) = Checking(config).probe.targets
    return target


@pytest.mark.parametrize(
    ("policy", "visit", "legacy", "failed", "injection"),
    [
        (Policy(), True, True, True, False),
        (Policy(select=("dns",)), True, False, False, False),
        (Policy(select=("dns",), ignore=("caa-forbids-issuer",)), False, False, False, False),
        (Policy(select=("starttls-missing",)), True, False, False, False),
        (Policy(no_smtp=True), False, False, False, False),
        (Policy(no_smtp=True, require=("dane", "mta-sts")), False, False, False, False),
        (
            Policy(no_smtp=True, levels=dict.fromkeys(OFF, Level.WARNING)),
            *(False, False, False, False),
        ),
        (Policy(select=("tls-legacy-accepted",)), True, True, False, False),
        (Policy(select=("tls-version-old",)), True, False, True, False),
        (Policy(select=("tls-handshake-failed",)), True, False, True, False),
        (Policy(ignore=("tls-legacy-accepted",)), True, False, True, False),
        (Policy(ignore=("tls",)), True, False, True, False),
        (Policy(ignore=("tls", "mta-sts")), True, False, False, False),
        (Policy(select=("starttls-injectable",)), True, False, False, True),
        (Policy(levels={"starttls-injectable": Level.WARNING}), True, True, True, True),
        (Policy(levels={"tls-legacy-accepted": Level.OFF}), True, False, True, False),
    ],
)
def test_a_connection_is_made_only_where_a_rule_asks_for_it(
    policy: Policy,
    *,
    visit: bool,
    legacy: bool,
    failed: bool,
    injection: bool,
) -> None:
    target = told(policy)
    assert (Item.VISIT in target.wanted, Item.OLD_TLS in target.wanted) == (visit, legacy)
    seen = (Item.FAILED_HANDSHAKE in target.wanted, Item.INJECTION in target.wanted)
    assert seen == (failed, injection)


@pytest.mark.parametrize(
    ("policy", "visit", "relay"),
    [
        (Policy(), True, True),
        (Policy(relay=RelayMode.OFF), True, False),
        (Policy(ignore=("relay",)), True, False),
        (Policy(select=("dns",), ignore=("caa-forbids-issuer",)), False, False),
        (Policy(select=("caa-forbids-issuer",)), True, False),
        (Policy(select=("mx-missing", "mx-not-public")), False, False),
        (Policy(select=("cert-expired",)), True, False),
    ],
)
def test_the_probe_asks_no_more_than_the_rules_need(
    policy: Policy, *, visit: bool, relay: bool
) -> None:
    target = told(policy)
    assert (Item.VISIT in target.wanted, Item.RELAY in target.wanted) == (visit, relay)


@pytest.mark.parametrize(
    ("policy", "dnssec", "reverse"),
    [
        (Policy(), True, False),
        (Policy(ignore=("dnssec-bogus", "dane", "cert")), False, False),
        (Policy(ignore=("dnssec-bogus", "cert")), True, False),
        (Policy(select=("dnssec-missing",)), True, False),
        (Policy(select=("reverse-dns-mismatch",)), False, True),
        (Policy(levels={"reverse-dns-mismatch": Level.WARNING}), True, True),
        (Policy(select=("smtp",)), False, False),
    ],
)
def test_dns_is_asked_no_more_than_the_rules_need(
    policy: Policy, *, dnssec: bool, reverse: bool
) -> None:
    target = told(policy)
    assert (Item.RESOLVERS in target.wanted, Item.PTR in target.wanted) == (dnssec, reverse)


@pytest.mark.parametrize(
    ("policy", "dane", "visit"),
    [
        (Policy(), True, True),
        (Policy(select=("dane-insecure",)), True, False),
        (Policy(select=("dane-mismatch",)), True, True),
        (Policy(select=("dane-missing",)), True, False),
        (Policy(select=("dane",), ignore=("dane-mismatch", "dane-pin-fragile")), True, False),
        # What TLSA records promise has a say in the rules about certificates.
        (Policy(select=("cert-untrusted",)), True, True),
        (Policy(ignore=("dane",)), True, True),
        (Policy(ignore=("dane", "cert")), True, True),
        # So they have in whether TLS reports are wanted.
        (Policy(select=("tls-rpt-missing",)), True, False),
        (Policy(ignore=("dane", "cert", "tls-rpt-missing")), False, True),
        (Policy(select=("smtp",)), False, True),
    ],
)
def test_tlsa_records_are_asked_for_where_a_rule_needs_them(
    policy: Policy, *, dane: bool, visit: bool
) -> None:
    target = told(policy)
    assert (Item.TLSA in target.wanted, Item.VISIT in target.wanted) == (dane, visit)


@pytest.mark.parametrize(
    ("policy", "certificate"),
    [
        (Policy(), True),
        (Policy(select=("cert-key-weak",)), True),
        (Policy(select=("dane-mismatch",)), True),
        (Policy(select=("mta-sts-mx-unauthenticated",)), True),
        (Policy(select=("caa-forbids-issuer",)), True),
        (Policy(select=("tls", "smtp", "relay")), False),
        (Policy(ignore=("cert", "dane", "mta-sts", "caa-forbids-issuer")), False),
    ],
)
def test_a_certificate_that_is_given_is_taken_up_where_a_rule_looks_at_it(
    policy: Policy, *, certificate: bool
) -> None:
    assert (Item.GIVEN_CHAIN in told(policy).wanted) is certificate


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        (Policy(), {Item.OTHER_CHAIN, Item.BASE_CHAINS, Item.LARGE_HELLO}),
        (Policy(select=("tls",)), {Item.LARGE_HELLO}),
        (Policy(ignore=("tls-large-hello-fails",)), {Item.OTHER_CHAIN, Item.BASE_CHAINS}),
        (Policy(select=("tls-post-quantum-missing",)), {Item.LARGE_HELLO}),
        (Policy(select=("cert-key-weak",)), {Item.OTHER_CHAIN}),
        (Policy(select=("dane-mismatch",)), {Item.OTHER_CHAIN, Item.BASE_CHAINS}),
        (Policy(select=("mta-sts-mx-unauthenticated",)), {Item.OTHER_CHAIN}),
        (Policy(select=("open-relay", "starttls-missing")), set()),
    ],
)
def test_certificates_and_long_hellos_are_asked_for_where_a_rule_reads_them(
    policy: Policy, wanted: set[Item]
) -> None:
    apart = {Item.OTHER_CHAIN, Item.BASE_CHAINS, Item.LARGE_HELLO}
    assert told(policy).wanted & apart == wanted


@pytest.mark.parametrize(
    ("policy", "first"),
    [
        (Policy(), {Item.OTHER_CHAIN, Item.BASE_CHAINS}),
        (Policy(levels={"tls-legacy-accepted": Level.ERROR}), {Item.OLD_TLS}),
        (Policy(select=("starttls-injectable",)), {Item.INJECTION}),
        (Policy(levels={"tls-large-hello-fails": Level.ERROR}), {Item.LARGE_HELLO}),
    ],
)
def test_what_rules_at_error_level_read_comes_first(policy: Policy, first: set[Item]) -> None:
    target = told(policy)
    late = {Item.OLD_TLS, Item.LARGE_HELLO, Item.INJECTION}
    assert first <= target.first
    assert target.first & late == first & late
