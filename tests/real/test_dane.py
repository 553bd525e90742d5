"""DANE by real servers and signed zones: mxcheck is held to what Postfix itself does."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.real.checked import Checked, Result
from tests.real.dane.case import Case, Delivery
from tests.real.dane.cases import CASES
from tests.real.dane.posttls_finger import delivery_of, finger
from tests.real.dane.sender import Sender, deliveries_by
from tests.real.nameservers import CARELESS_RESOLVER, FAR_RESOLVER
from tests.real.world import RealWorld

pytestmark = pytest.mark.real

BY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
AT_ONCE = 8
RULES = "dane,dane-missing,cert,starttls-missing,starttls-refused"

# Authenticated, but by a name that other senders do not look for (RFC 7672 3.2.2, 3.2.3), or with
# a key or a digest that is weak.
STILL_FAILING = {
    **dict.fromkeys(
        (
            "ta-common-name",
            "ta-domain-name",
            "ta-domain-alias",
            "ta-domain-alias-end",
            "host-alias-names",
            "path-address-and-cn",
            "path-wildcard-cn",
            "named-target-authority",
        ),
        "cert-name-mismatch",
    ),
    "path-weak-key": "cert-key-weak",
    "path-weak-key-ee": "cert-key-weak",
    "path-weak-digest": "cert-signature-weak",
}

Outcomes = Mapping[str, Result]  # of one domain, by rule


@pytest.fixture(scope="module")
def said(dane_world: RealWorld) -> dict[str, str]:
    """What posttls-finger says of each domain."""
    domains = [case.domain for case in CASES]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda domain: finger(dane_world.namespace, domain), domains)
        return dict(zip(domains, answers, strict=True))


@pytest.fixture(scope="module")
def tried(dane_world: RealWorld) -> dict[str, str]:
    """What a sender's log says of each domain."""
    sender = Sender(dane_world.namespace, dane_world.folder / "sender")
    try:
        return sender.try_all([case.domain for case in CASES])
    finally:
        sender.stop()


@pytest.fixture(scope="module")
def judged(dane_world: RealWorld) -> dict[str, Outcomes]:
    """Return what mxcheck finds, in one run over all domains with the same time budget."""
    outcomes: dict[str, Outcomes] = {}
    for time_budget in {case.time_budget for case in CASES}:
        domains = [case.domain for case in CASES if case.time_budget == time_budget]
        flags = ("--select", RULES, "--timeout", str(time_budget))
        outcomes |= outcomes_of(dane_world.check(*domains, *flags))
    return outcomes


def outcomes_of(checked: Checked) -> dict[str, Outcomes]:
    return {
        domain["domain"]: {result["rule"]: result for result in domain["results"]}
        for domain in checked.report["domains"]
    }


def failed(outcomes: Outcomes, level: str = "") -> set[str]:
    return {
        rule
        for rule, result in outcomes.items()
        if result["outcome"] == "fail" and level in {"", result["level"]}
    }


def delivery_by(outcomes: Outcomes) -> Delivery:
    """Read mxcheck's results as what becomes of a message (RFC 7672 2.2)."""
    failures = failed(outcomes)
    if "dane-lookup-failed" in failures:
        return Delivery.DEFERRED
    if "dane-mismatch" in failures:
        return Delivery.REFUSED
    # First: of an alias that leads nowhere there is no record, which dane-unusable warns of too.
    if failures & {"dane-insecure", "dane-missing"}:
        return Delivery.AS_EVER
    if "dane-unusable" in failures:
        return Delivery.ENCRYPTED
    assert outcomes["dane-mismatch"]["outcome"] == "pass", told(outcomes)
    return Delivery.AUTHENTICATED


def told(outcomes: Outcomes) -> str:
    """Return what there is to say of a comparison that fails."""
    return "\n".join(
        f"{result['outcome']} {rule}: {result['message']}" for rule, result in outcomes.items()
    )


@BY_CASE
def test_postfix_says_what_the_table_says(said: dict[str, str], case: Case) -> None:
    assert delivery_of(said[case.domain]) is case.by_postfix, said[case.domain]


@BY_CASE
def test_postfix_does_what_the_table_says(tried: dict[str, str], case: Case) -> None:
    assert case.by_postfix in deliveries_by(tried[case.domain]), tried[case.domain]


@BY_CASE
def test_mxcheck_agrees(judged: dict[str, Outcomes], case: Case) -> None:
    outcomes = judged[case.domain]
    assert delivery_by(outcomes) is case.delivery, told(outcomes)
    assert "unknown" not in {result["outcome"] for result in outcomes.values()}, told(outcomes)


@BY_CASE
def test_certificates_are_judged_by_what_dane_says_of_them(
    judged: dict[str, Outcomes], case: Case
) -> None:
    """Without DANE no certificate here is good: nobody knows the authority."""
    outcomes = judged[case.domain]
    failures = {rule for rule in failed(outcomes, "error") if rule.startswith("cert-")}
    if case.delivery is not Delivery.AUTHENTICATED:
        without_tls = bool(failed(outcomes) & {"starttls-missing", "starttls-refused"})
        assert bool(failures & {"cert-untrusted", "cert-chain-incomplete"}) is not without_tls
    else:
        expected = {STILL_FAILING[case.name]} if case.name in STILL_FAILING else set()
        assert failures == expected, told(outcomes)


@pytest.mark.parametrize(
    ("domain", "rule"),
    [
        ("ee-expired.test", "cert-expired"),
        ("ee-not-yet-valid.test", "cert-not-yet-valid"),
        ("ee-self-signed-expired-wrong-name.test", "cert-expired"),
    ],
)
def test_dates_that_dane_passes_over_are_warnings(
    judged: dict[str, Outcomes], domain: str, rule: str
) -> None:
    assert failed(judged[domain], "warning") == {rule}
    assert "senders that use DANE refuse" not in judged[domain][rule]["message"]


def test_a_certificate_that_only_dane_vouches_for(dane_world: RealWorld) -> None:
    checked = dane_world.check("ee-self-signed-expired-wrong-name.test")
    assert checked.exit_code == 0
    assert checked.failures() == set()


def test_the_same_without_dane(dane_world: RealWorld) -> None:
    checked = dane_world.check("no-tlsa-self-signed.test")
    assert checked.exit_code == 1
    failures = {rule for rule, _ in checked.failures()}
    assert failures == {"cert-expired", "cert-name-mismatch", "cert-untrusted"}


def test_dane_may_be_required(dane_world: RealWorld) -> None:
    domains = ("ee-key-sha256.test", "no-tlsa.test", "all-unsigned.test", "usage-1.test")
    checked = dane_world.check(*domains, "--select", "dane", "--require", "dane")
    outcomes = outcomes_of(checked)
    assert [failed(outcomes[domain], "error") for domain in domains] == [
        set(),
        {"dane-missing"},
        {"dane-insecure"},
        {"dane-unusable"},
    ]


class TestResolverThatIsNotBelieved:
    @pytest.mark.parametrize(
        ("resolver", "words"),
        [(CARELESS_RESOLVER, "does not validate"), (FAR_RESOLVER, "is not trusted")],
    )
    @pytest.mark.parametrize("domain", ["ee-key-sha256.test", "ee-wrong-key-sha256.test"])
    def test_records_are_neither_heeded_nor_ignored(
        self, dane_world: RealWorld, domain: str, resolver: str, words: str
    ) -> None:
        checked = dane_world.check(domain, "--select", "dane", "--resolver", resolver)
        assert checked.exit_code == 3
        assert checked.failures() == set()
        assert "dane-mismatch" in checked.unknown_rules()
        for result in checked.results("unknown"):
            assert words in result["message"]
            assert "--resolver https://" in result["remedy"]

    def test_the_user_may_vouch_for_it(self, dane_world: RealWorld) -> None:
        flags = ("--select", "dane", "--resolver", FAR_RESOLVER, "--trust-ad")
        checked = dane_world.check("ee-key-sha256.test", *flags)
        assert checked.exit_code == 0

    def test_nothing_is_unknown_where_there_are_no_records(self, dane_world: RealWorld) -> None:
        """Nor where the name servers of an unsigned zone fail at TLSA (RFC 7672 2.2.2)."""
        domains = ("no-tlsa.test", "tlsa-unloaded-insecure-host.test")
        flags = ("--select", "dane,smtp", "--resolver", CARELESS_RESOLVER)
        checked = dane_world.check(*domains, *flags)
        assert checked.exit_code == 0
        assert checked.unknown_rules() == set()
