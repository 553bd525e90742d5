"""DNSSEC by a real resolver that validates, and by servers that do not or are not trusted."""

import pytest

from tests.real.checked import Checked, Result
from tests.real.domains import NAMESERVER
from tests.real.nameservers import (
    CARELESS_RESOLVER,
    DOCKER_RESOLVER,
    FAR_RESOLVER,
    PLAIN_RESOLVER,
    RESOLVER,
    RESOLVER_NAME,
)
from tests.real.world import RealWorld

pytestmark = pytest.mark.real

DOT = f"tls://{RESOLVER}#{RESOLVER_NAME}"
DOT_BY_ADDRESS = f"tls://{RESOLVER}"
DOH = f"https://{RESOLVER}/dns-query"
SYSTEM = ""
NOT_VALIDATING = NAMESERVER  # NSD answers for its zones as they are

BY_ANY_WAY = pytest.mark.parametrize("resolver", [SYSTEM, RESOLVER, DOT, DOT_BY_ADDRESS, DOH])


def check(
    world: RealWorld,
    domains: str | tuple[str, ...],
    rule: str,
    *flags: str,
    resolver: str = SYSTEM,
) -> Checked:
    through = ("--resolver", resolver) if resolver else ()
    names = (domains,) if isinstance(domains, str) else domains
    return world.check(*names, "--select", rule, *through, *flags)


def verdicts_of(checked: Checked) -> dict[str, str]:
    return {domain["domain"]: domain["verdict"] for domain in checked.report["domains"]}


def result_of(checked: Checked, rule: str) -> Result:
    [domain] = checked.report["domains"]
    [result] = [result for result in domain["results"] if result["rule"] == rule]
    return result


@BY_ANY_WAY
@pytest.mark.parametrize(
    ("domain", "code", "words"),
    [
        ("healthy.test", 0, "is DNSSEC-secure"),
        ("implicit.test", 0, "is DNSSEC-secure"),
        ("unsigned.test", 1, "not DNSSEC-secure"),
    ],
)
def test_dnssec_missing(
    real_world: RealWorld, resolver: str, domain: str, code: int, words: str
) -> None:
    checked = check(real_world, domain, "dnssec-missing", resolver=resolver)
    assert checked.exit_code == code
    assert words in result_of(checked, "dnssec-missing")["message"]


@BY_ANY_WAY
def test_dnssec_bogus(real_world: RealWorld, resolver: str) -> None:
    checked = check(real_world, "bogus.test", "dnssec-bogus", resolver=resolver)
    assert checked.exit_code == 1
    message = result_of(checked, "dnssec-bogus")["message"]
    assert "with checking disabled it shows 10 mx.healthy.test" in message
    assert "extended DNS error" in message


def test_every_part_of_an_answer_through_aliases_is_to_be_secure(real_world: RealWorld) -> None:
    """RFC 4035 3.2.3."""
    domains = ("secure.aliases.test", "insecure.aliases.test", "secure.unsigned-aliases.test")
    checked = check(real_world, domains, "dnssec-missing")
    assert verdicts_of(checked) == dict(zip(domains, ("pass", "fail", "fail"), strict=True))


def test_ways_of_being_bogus(real_world: RealWorld) -> None:
    domains = ("bogus.test", "wrong-ds.test", "bogus.aliases.test")
    checked = check(real_world, domains, "dnssec-bogus")
    assert verdicts_of(checked) == dict.fromkeys(domains, "fail")


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        ("bogus-host.test", "mx.bogus.test A"),
        ("bogus-sts.test", "_mta-sts.bogus-sts.test TXT"),
        ("bogus-policy.test", "mta-sts.bogus-policy.test A"),
    ],
)
def test_every_answer_that_mail_depends_on(
    real_world: RealWorld, domain: str, question: str
) -> None:
    checked = real_world.check(domain)
    assert checked.failures() == {("dnssec-bogus", None)}
    assert checked.unknown_rules() == set()
    result = result_of(checked, "dnssec-bogus")
    assert f"{question} fails DNSSEC validation" in result["message"]
    assert f"`delv +vtrace {question}`" in result["remedy"]


def test_a_circle_of_aliases_is_named(real_world: RealWorld) -> None:
    checked = real_world.check("alias-loop.test")
    assert checked.failures() == set()
    assert checked.unknown_rules() == {"mx-unresolvable"}
    [unknown] = checked.results("unknown")
    assert "mx.alias-loop.test to loop.alias-loop.test to mx.alias-loop.test" in unknown["message"]


@pytest.mark.parametrize("domain", ["healthy.test", "unsigned.test", "nodata.test"])
def test_what_is_not_bogus(real_world: RealWorld, domain: str) -> None:
    assert check(real_world, domain, "dnssec-bogus").exit_code == 0


def test_one_cause_is_named_once(real_world: RealWorld) -> None:
    levels = ("--level", "dnssec-missing=error", "--level", "reverse-dns-mismatch=error")
    checked = real_world.check("bogus.test", *levels)
    assert checked.failures() == {("dnssec-bogus", None)}
    assert checked.unknown_rules() == set()


def test_a_server_that_fails_otherwise_is_not_bogus(real_world: RealWorld) -> None:
    checked = real_world.check("unloaded.test", "--level", "dnssec-missing=error")
    assert checked.failures() == set()
    assert checked.unknown_rules() == {"mx-missing"}
    result = result_of(checked, "mx-missing")
    assert "as if no name server of its zone answered" in result["message"]
    assert "`dig +trace`" in result["remedy"]


@pytest.mark.parametrize(
    ("resolver", "flags", "words"),
    [
        (NOT_VALIDATING, (), "does not validate"),
        (NOT_VALIDATING, ("--trust-ad",), "does not validate"),
        (CARELESS_RESOLVER, (), "does not validate"),
        (CARELESS_RESOLVER, ("--trust-ad",), "does not validate"),
        (FAR_RESOLVER, (), "is not trusted"),
        (PLAIN_RESOLVER, (), "127.0.0.2 is on this machine, but may be a forwarder"),
        (DOCKER_RESOLVER, (), "127.0.0.11, Docker's forwarder, passes on the AD bit"),
        (SYSTEM, ("--no-trust-ad",), "is not trusted"),
        (DOH, ("--no-trust-ad",), "is not trusted"),
    ],
)
def test_a_resolver_that_is_not_believed(
    real_world: RealWorld, resolver: str, flags: tuple[str, ...], words: str
) -> None:
    domains = ("healthy.test", "unsigned.test")
    checked = check(real_world, domains, "dnssec-missing", *flags, resolver=resolver)
    assert checked.exit_code == 3
    results = checked.results("unknown")
    assert len(results) == len(domains)
    for result in results:
        assert words in result["message"]
        assert "--resolver https://" in result["remedy"]


def test_what_settles_it_for_a_resolver_on_loopback(real_world: RealWorld) -> None:
    asked = (real_world, "healthy.test", "dnssec-missing")
    [unknown] = check(*asked, resolver=PLAIN_RESOLVER).results("unknown")
    assert "`options trust-ad` in /etc/resolv.conf" in unknown["remedy"]
    assert check(*asked, "--trust-ad", resolver=PLAIN_RESOLVER).exit_code == 0


def test_a_far_resolver_is_believed_where_the_user_vouches_for_it(real_world: RealWorld) -> None:
    domains = ("healthy.test", "unsigned.test")
    far = ("--trust-ad", "--require", "dnssec")
    checked = check(real_world, domains, "dns", *far, resolver=FAR_RESOLVER)
    assert verdicts_of(checked) == {"healthy.test": "pass", "unsigned.test": "fail"}


@pytest.mark.parametrize("resolver", [NOT_VALIDATING, CARELESS_RESOLVER])
def test_what_validation_would_hide_does_not_pass_without_it(
    real_world: RealWorld, resolver: str
) -> None:
    checked = check(real_world, "bogus.test", "dnssec-bogus", resolver=resolver)
    assert checked.exit_code == 3
    assert result_of(checked, "dnssec-bogus")["outcome"] == "not-applicable"


def test_a_default_run_without_validation_is_no_failure(real_world: RealWorld) -> None:
    checked = real_world.check("addresses.test", "--resolver", NOT_VALIDATING)
    assert "dnssec-bogus" not in checked.unknown_rules()
    assert result_of(checked, "dnssec-bogus")["outcome"] == "not-applicable"


@pytest.mark.parametrize("resolver", [DOT, DOH])
def test_a_certificate_that_is_not_trusted_is_not_passed_over(
    real_world: RealWorld, resolver: str
) -> None:
    flags = ("--select", "dns", "--retries", "0", "--resolver", resolver)
    done = real_world.run("check", "healthy.test", *flags)
    assert done.returncode == 3
    assert "certificate verify failed" in " ".join(done.stdout.split())


def test_an_address_without_a_name(real_world: RealWorld) -> None:
    checked = check(real_world, "closed.test", "reverse-dns-mismatch")
    assert checked.exit_code == 1
    assert "has no name (PTR record)" in result_of(checked, "reverse-dns-mismatch")["message"]


def test_an_alias_is_a_warning(real_world: RealWorld) -> None:
    checked = check(real_world, "alias.test", "mx-is-alias")
    assert checked.exit_code == 0
    [warning] = checked.results("fail", "warning")
    assert "mx.healthy.test" in warning["message"]
