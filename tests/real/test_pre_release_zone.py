"""A zone before it is published, as tools write it, laid over what real name servers serve."""

from dataclasses import dataclass

import pytest

from mxcheck.demo.building import tlsa_record
from tests.real.checked import Checked
from tests.real.nameservers import CARELESS_RESOLVER
from tests.real.pre_release import NEW, OLD, World, marks

pytestmark = pytest.mark.real

# In the form of octodns_bind's ZoneFileProvider, and in that of DNSControl's BIND provider.
OCTODNS = """\
$ORIGIN {domain}.

@ 3600 IN SOA ns.test. webmaster.{domain}. (
    1764000000 ; Serial
    3600 ; Refresh
    600 ; Retry
    604800 ; Expire
    3600 ; NXDOMAIN ttl
)

@                   3600 IN MX       10 mx-new.{domain}.
                    3600 IN MX       20 backup.abroad.test.
                    3600 IN NS       ns.test.
_25._tcp.mx-new     3600 IN TLSA     {tlsa}
_mta-sts             300 IN TXT      "v=STSv1; id=20261124;"
_smtp._tls          3600 IN CNAME    _smtp._tls.abroad.test.
mta-sts             3600 IN CNAME    abroad.test.
mx-new              3600 IN A        {address}
"""
DNSCONTROL = """\
$TTL 300
; generated with dnscontrol 2026-11-24T09:00:00Z
@                IN SOA   DEFAULT_NOT_SET. DEFAULT_NOT_SET. 2026112400 3600 600 604800 1440
                 IN NS    ns.test.
                 IN MX    10 mx-new.{domain}.
                 IN MX    20 backup.abroad.test.
;@                IN CF_REDIRECT old.{domain},https://{domain}/$1
_25._tcp.mx-new  IN TLSA  {tlsa}
_mta-sts         IN TXT   "v=STSv1; id=20261124;"
_smtp._tls       IN CNAME _smtp._tls.abroad.test.
mta-sts          IN CNAME abroad.test.
mx-new           IN A     {address}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The file of a zone, as a tool writes and names it."""

    text: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Wrong text that replaces the right text of a file, and what mxcheck must say about it."""

    right: str
    wrong: str
    rule: str
    host: str | None = None


FORMS = (Form(text=OCTODNS, name="{}."), Form(text=DNSCONTROL, name="{}.zone"))
MISTAKES = (
    Mistake(
        right=NEW.address, wrong=OLD.address, rule="dane-mismatch", host="mx-new.new-zone.test"
    ),
    Mistake(
        right="mx-new  ", wrong="mx-gnu  ", rule="mx-unresolvable", host="mx-new.new-zone.test"
    ),
    Mistake(
        right="backup.abroad.test.\n",
        wrong="back.abroad.test.\n",
        rule="mx-unresolvable",
        host="back.abroad.test",
    ),
    Mistake(right="id=20261124", wrong="id=2026-11-24", rule="mta-sts-record-invalid"),
    Mistake(right="_smtp._tls.abroad", wrong="_smtp._ssl.abroad", rule="tls-rpt-missing"),
)
EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=["octodns", "dnscontrol"])
POLICY = "version: STSv1\nmode: enforce\nmx: mx-new.{0}\nmx: backup.abroad.test\nmax_age: 604800\n"


def check(world: World, form: Form, domain: str, *flags: str) -> Checked:
    folder = world.real.folder / domain
    folder.mkdir(exist_ok=True)
    tlsa = tlsa_record(f"mx-new.{domain}", world.issued(NEW)).split(" TLSA ")[1]
    file, policy = folder / form.name.format(domain), folder / "mta-sts.txt"
    file.write_text(form.text.format(domain=domain, address=NEW.address, tlsa=tlsa))
    policy.write_text(POLICY.format(domain))
    given = ("--zone-file", str(file), "--mta-sts-policy", str(policy))
    required = ("--require", "mta-sts,tls-rpt", "--level", "dane-insecure=error")
    return world.real.check(domain, *given, *required, *flags)


@EACH_FORM
def test_a_zone_that_is_right(pre_world: World, form: Form) -> None:
    checked = check(pre_world, form, "new-zone.test")
    assert (checked.exit_code, checked.failures()) == (0, set())
    hosts = [host["host"] for host in checked.report["domains"][0]["mx"]]
    assert hosts == ["mx-new.new-zone.test", "backup.abroad.test"]
    assert marks(checked) >= {
        "dane-mismatch",
        "mta-sts-missing",
        "mta-sts-mx-unlisted",
        "mta-sts-policy-invalid",
        "tls-rpt-missing",
    }
    assert "pass" in {
        result["outcome"]
        for domain in checked.report["domains"]
        for result in domain["results"]
        if result["rule"] == "dane-mismatch"
    }


@EACH_FORM
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.wrong.strip())
def test_one_that_is_not(pre_world: World, form: Form, mistake: Mistake) -> None:
    text = form.text.replace("{address}", NEW.address)
    assert mistake.right in text
    changed = Form(text=text.replace(mistake.right, mistake.wrong), name=form.name)
    checked = check(pre_world, changed, "new-zone.test")
    assert (mistake.rule, mistake.host) in checked.failures()
    assert "(what if: " in checked.failure(mistake.rule)["message"]
    others = {rule for rule, _ in checked.failures()} - {mistake.rule}
    assert others <= {"cert-name-mismatch", "mta-sts-mx-unauthenticated", "mta-sts-mx-unlisted"}


def test_records_in_a_zone_that_is_not_signed_are_ignored(pre_world: World) -> None:
    checked = check(pre_world, FORMS[1], "unsigned-zone.test")
    assert checked.failures() == {("dane-insecure", "mx-new.unsigned-zone.test")}


def test_without_a_resolver_that_validates_nobody_knows(pre_world: World) -> None:
    checked = check(pre_world, FORMS[1], "new-zone.test", "--resolver", CARELESS_RESOLVER)
    assert (checked.exit_code, checked.failures()) == (3, set())
    assert "dane-mismatch" in checked.unknown_rules()


def test_a_live_zone_that_fails_validation_is_not_taken_for_unsigned(pre_world: World) -> None:
    checked = check(pre_world, FORMS[1], "expired-zone.test")
    assert ("dnssec-bogus", None) in checked.failures()
    assert checked.exit_code == 1


def test_of_a_zone_that_is_delegated_and_not_served_yet_dane_is_unknown(pre_world: World) -> None:
    checked = check(pre_world, FORMS[1], "unloaded-zone.test")
    assert (checked.exit_code, checked.failures()) == (3, set())
    assert "dane-mismatch" in checked.unknown_rules()
    assert checked.of_address(NEW.address)["open-relay"] == "pass"
