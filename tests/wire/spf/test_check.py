"""The evaluation, case by case; tests/vectors/test_spf.py has the public suite."""

import pytest

from mxcheck.wire.spf.check import Evaluation, check_host
from mxcheck.wire.spf.client import Client
from mxcheck.wire.spf.terms import Result
from tests.spf_zone import TIMEOUT, client, lookup_in

HOST = "A 192.0.2.1"
ZONE = {
    "example.com": ["TXT v=spf1 mx include:vendor.example -all", "MX 10 mail.example.com"],
    "mail.example.com": [HOST, "AAAA 2001:db8::1"],
    "vendor.example": ["TXT v=spf1 ip4:198.51.100.0/24 ?all"],
    "lost.example": ["TXT v=spf1 include:timeout.example -all"],
    "timeout.example": [TIMEOUT],
    "empty.example": ["TXT v=spf1 include:example.net -all"],
    "off.example": ["TXT v=spf1 -include:vendor.example +all"],
    "away.example": ["TXT v=spf1 redirect=vendor.example"],
    "nowhere.example": ["TXT v=spf1 redirect=example.net"],
    "voids.example": ["TXT v=spf1 a:x.example.net a:y.example.net exists:z.example.net -all"],
    "bad.example": ["TXT v=spf1 ip4:192.0.2.1 moo -all"],
    "many.example": [f"TXT v=spf1 {'a:mail.example.com ' * 11}-all"],
    "names.example": ["TXT v=spf1 ptr:example.com -all"],
    "1.2.0.192.in-addr.arpa": ["PTR mail.example.com", "PTR liar.example.com"],
    "9.100.51.198.in-addr.arpa": [TIMEOUT],
}


def told(domain: str, address: str = "192.0.2.99") -> Evaluation:
    return check_host(client(address, domain), lookup_in(ZONE))


@pytest.mark.parametrize(
    ("domain", "address", "result", "where"),
    [
        ("example.com", "192.0.2.1", Result.PASS, ("example.com", "mx")),
        ("example.com", "::ffff:192.0.2.1", Result.PASS, ("example.com", "mx")),
        ("example.com", "2001:db8::1", Result.PASS, ("example.com", "mx")),
        ("example.com", "198.51.100.9", Result.PASS, ("vendor.example", "ip4:198.51.100.0/24")),
        ("example.com", "192.0.2.99", Result.FAIL, ("example.com", "-all")),
        ("example.com", "2001:db8::99", Result.FAIL, ("example.com", "-all")),
        ("off.example", "198.51.100.9", Result.FAIL, ("off.example", "-include:vendor.example")),
        ("off.example", "192.0.2.99", Result.PASS, ("off.example", "+all")),
        ("away.example", "192.0.2.99", Result.NEUTRAL, ("vendor.example", "?all")),
        ("names.example", "192.0.2.1", Result.PASS, ("names.example", "ptr:example.com")),
        ("names.example", "198.51.100.9", Result.FAIL, ("names.example", "-all")),
    ],
)
def test_the_term_that_decides_is_named(
    domain: str, address: str, result: Result, where: tuple[str, str]
) -> None:
    seen = told(domain, address)
    assert (seen.result, seen.domain, seen.term) == (result, *where)


@pytest.mark.parametrize(
    ("domain", "result", "reason"),
    [
        ("example.net", Result.NONE, "it has no SPF record"),
        ("localhost", Result.NONE, "it is not a full domain name"),
        ("a..example", Result.NONE, "it is not a full domain name"),
        ("lost.example", Result.TEMPERROR, "TXT timeout.example: no answer"),
        ("empty.example", Result.PERMERROR, "example.net has no SPF record"),
        ("nowhere.example", Result.PERMERROR, "example.net has no SPF record"),
        ("voids.example", Result.PERMERROR, "more than 2 terms look up what does not exist"),
        ("many.example", Result.PERMERROR, "more than 10 terms look something up"),
        ("bad.example", Result.PERMERROR, "there is no mechanism 'moo'"),
    ],
)
def test_an_error_has_its_reason(domain: str, result: Result, reason: str) -> None:
    seen = told(domain)
    assert seen.result is result
    assert reason in seen.reason
    assert bool(seen.unseen) is (result is Result.TEMPERROR)


def test_what_an_earlier_term_matches_needs_no_further_lookup() -> None:
    zone = {**ZONE, "example.com": ["TXT v=spf1 a:mail.example.com include:timeout.example -all"]}
    assert check_host(client("192.0.2.1"), lookup_in(zone)).result is Result.PASS


def test_without_a_sender_the_name_in_helo_is_asked_about() -> None:
    bounce = Client.of(client("192.0.2.1").address, "", "example.com")
    assert bounce.sender == "postmaster@example.com"
    assert check_host(bounce, lookup_in(ZONE)).result is Result.PASS


def test_a_name_that_is_too_long_loses_its_first_labels() -> None:
    sender = "a" * 60
    zone = {
        "example.com": [f"TXT v=spf1 exists:%{{l}}.{'%{d}.' * 18}example.com -all"],
        f"{'example.com.' * 19}"[:-1]: [HOST],
    }
    asked = Client.of(client("192.0.2.1").address, f"{sender}@example.com", "")
    assert check_host(asked, lookup_in(zone)).result is Result.PASS


def test_the_sender_may_have_any_character() -> None:
    zone = {
        "example.com": ["TXT v=spf1 exists:%{l}.x.example.com -all"],
        'any "thing\\.x.example.com': [HOST],
    }
    asked = Client.of(client("192.0.2.1").address, 'any "thing\\@example.com', "")
    assert check_host(asked, lookup_in(zone)).result is Result.PASS
