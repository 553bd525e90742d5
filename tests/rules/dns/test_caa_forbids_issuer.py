from collections.abc import Mapping
from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, CaaLookup, Lookup
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.overrides import OverrideChain
from mxcheck.rules.base import MxCase
from mxcheck.rules.dns.caa_forbids_issuer import RULE
from mxcheck.rules.facts.caa_domains import caa_domains_of
from tests.build import (
    DOMAIN,
    HOST,
    chain_visit,
    evidence_of,
    healthy_domain,
    healthy_visit,
    trust,
    unseen,
    visit_until,
)
from tests.odd_certificates import issued_by
from tests.rules.ask import MAIL, Answered, Want, fails, not_applicable, passes, unknown

NONE = Absent(absence=Absence.NODATA)
LETS_ENCRYPT = issued_by("Let's Encrypt", HOST)
NAMES = (HOST, DOMAIN, "com")


def caa(*records: str, owner: str = DOMAIN) -> Answer:
    return Answer(owner=owner, records=records, ttl=300)


def judge(chain: tuple[bytes, ...], lookups: Mapping[str, Lookup], given: bool = False) -> Answered:  # noqa: FBT001, FBT002
    looked_up = tuple(CaaLookup(name=name, lookup=lookup) for name, lookup in lookups.items())
    domain = replace(healthy_domain(), caa=looked_up)
    host = domain.hosts[0]
    visit = healthy_visit() if given else chain_visit(chain)
    if given:
        host = replace(host, chain=OverrideChain(chain=chain, overrides=()))
    return RULE.judge(
        MxCase(
            run=evidence_of(visit, domain=replace(domain, hosts=(host,))),
            policy=MAIL,
            trust=trust(),
            domain=domain,
            host=host,
        )
    )


def climbed(**found: Lookup) -> dict[str, Lookup]:
    """No CAA record at the host, its domain and above it, but for these."""
    names = {"host": HOST, "domain": DOMAIN, "top": "com"}
    return dict.fromkeys(NAMES, NONE) | {names[key]: lookup for key, lookup in found.items()}


@pytest.mark.parametrize(
    ("lookups", "want"),
    [
        (climbed(domain=caa('0 issue "letsencrypt.org"')), passes(f"records of {DOMAIN} allow")),
        (climbed(host=caa('0 issue "letsencrypt.org"', owner=HOST)), passes(f"of {HOST} allow")),
        (
            climbed(domain=caa('0 issue "letsencrypt.org; validationmethods=dns-01"')),
            passes("O=Let's Encrypt"),
        ),
        (climbed(domain=caa('0 iodef "mailto:a@example.com"')), passes()),
        (climbed(domain=caa('0 issuewild "sectigo.com"')), passes()),
        (
            climbed(domain=caa('0 issue "sectigo.com"', '0 issue "digicert.com"')),
            fails(
                f"the certificate of {HOST} for {HOST} is by O=Let's Encrypt, but the CAA records"
                f" of {DOMAIN} allow only sectigo.com, digicert.com to issue it",
                remedy=(f'Publish `{DOMAIN}. CAA 0 issue "letsencrypt.org"`',),
            ),
        ),
        (climbed(domain=caa('0 issue ";"')), fails("allow nobody to issue it")),
        (
            climbed(domain=caa('128 tbs "x"', '0 issue "letsencrypt.org"')),
            fails("nobody (their property tbs is critical and unknown)"),
        ),
        # The nearest records count, whatever is above them.
        (
            climbed(
                host=caa('0 issue "letsencrypt.org"', owner=HOST), domain=caa('0 issue "a.example"')
            ),
            passes(),
        ),
        (
            climbed(
                host=caa('0 issue "a.example"', owner=HOST), domain=caa('0 issue "letsencrypt.org"')
            ),
            fails(f"records of {HOST} allow only a.example", remedy=(f"`{HOST}. CAA 0 issue",)),
        ),
        (climbed(top=caa('0 issue "a.example"', owner="com")), fails("records of com allow")),
        (climbed(), not_applicable("no CAA record")),
        (
            climbed(host=unseen(Trouble.SERVFAIL, "the resolver answers SERVFAIL")),
            unknown("the resolver answers SERVFAIL"),
        ),
        ({HOST: NONE}, unknown("not asked")),
        (climbed(domain=caa("junk")), unknown("cannot be read")),
    ],
)
def test_the_authority_may_issue_again(lookups: Mapping[str, Lookup], want: Want) -> None:
    want(judge(LETS_ENCRYPT, lookups))
    want(judge(LETS_ENCRYPT, lookups, given=True))


WILDCARD = issued_by("Let's Encrypt", "*.example.com")


@pytest.mark.parametrize(
    ("records", "want"),
    [
        (('0 issue "letsencrypt.org"',), passes()),
        (('0 issuewild "letsencrypt.org"', '0 issue "a.example"'), passes()),
        (
            ('0 issue "letsencrypt.org"', '0 issuewild "a.example"'),
            fails("for *.example.com", "only a.example", remedy=("CAA 0 issuewild",)),
        ),
        (('0 issue "letsencrypt.org"', '0 issuewild ";"'), fails("nobody")),
        (('0 issue "a.example"',), fails("only a.example", remedy=("CAA 0 issue ",))),
    ],
)
def test_a_wildcard_is_asked_for_behind_its_star(records: tuple[str, ...], want: Want) -> None:
    want(judge(WILDCARD, {DOMAIN: caa(*records), "com": NONE}))


def test_every_name_at_or_below_the_domain_counts() -> None:
    chain = issued_by("Let's Encrypt", HOST, "www.example.com", "other.example")
    lookups = climbed(domain=caa('0 issue "letsencrypt.org"'))
    limited = caa('0 issue "a.example"', owner="www.example.com")
    fails("for www.example.com")(judge(chain, lookups | {"www.example.com": limited}))
    passes()(judge(chain, lookups | {"www.example.com": NONE}))


@pytest.mark.parametrize("organization", ["Nobody's Authority", "Demo Root CA", ""])
def test_an_authority_that_is_not_known_is_not_judged(organization: str) -> None:
    lookups = climbed(domain=caa('0 issue ";"'))
    not_applicable("whose CAA domain is known")(judge(issued_by(organization, HOST), lookups))


@pytest.mark.parametrize(
    ("organization", "issue"),
    [
        ("Let's Encrypt", "letsencrypt.org"),
        ("ZeroSSL", "sectigo.com"),
        ("DigiCert Inc", "www.digicert.com"),
        ("DigiCert Inc", "geotrust.com"),
        ("Google Trust Services", "pki.goog"),
        ("Sectigo Limited", "comodoca.com"),
        ("Amazon", "amazontrust.com"),
        ("GlobalSign nv-sa", "globalsign.com"),
    ],
)
def test_each_domain_of_an_authority_means_it(organization: str, issue: str) -> None:
    chain = issued_by(organization, HOST)
    passes()(judge(chain, climbed(domain=caa(f'0 issue "{issue}"'))))
    fails("a.example")(judge(chain, climbed(domain=caa('0 issue "a.example"'))))


def test_each_row_of_the_table_has_a_source_and_domains() -> None:
    row = caa_domains_of(("Let's Encrypt",))
    assert row
    assert row.source.startswith("https://")
    assert caa_domains_of(("unknown", "Amazon")) == caa_domains_of(("Amazon",))
    assert caa_domains_of(()) is None


def test_without_a_certificate_there_is_nothing_to_judge() -> None:
    domain = replace(healthy_domain(), caa=())
    visit = visit_until("tls", unseen(Trouble.HANDSHAKE))
    case = MxCase(
        run=evidence_of(visit, domain=domain),
        policy=MAIL,
        trust=trust(),
        domain=domain,
        host=domain.hosts[0],
    )
    not_applicable("no certificate of mx1.example.com was seen")(RULE.judge(case))
