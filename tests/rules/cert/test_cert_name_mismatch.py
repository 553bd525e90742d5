from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.cert.cert_expired import RULE as EXPIRED
from mxcheck.rules.cert.cert_name_mismatch import RULE
from tests.build import (
    ADDRESS,
    HOST,
    authority,
    chain_visit,
    expired_visit,
    healthy_tls,
    healthy_visit,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
REMEDY = ("(for example with certbot)", f"with the exact MX host {HOST} in its SAN")


def lacking(*listed: str, why: str = "") -> Want:
    note = f" But {why}." if why else ""
    seen = f"is not for {HOST}; its SAN lists {', '.join(listed)}.{note} But no policy"
    return fails(WHERE, seen)


@pytest.mark.parametrize(
    ("names", "want"),
    [
        ((HOST,), passes(HOST)),
        (("MX1.Example.COM",), passes(HOST)),
        (("mail.example.com", HOST), passes(HOST)),
        (("*.example.com",), passes("*.example.com")),
        (("mail.example.com",), fails(WHERE, "mail.example.com", remedy=REMEDY)),
        (("example.com", "mx2.example.com"), lacking("example.com", "mx2.example.com")),
        # A wildcard matches one label, no more, no less, and never a part of one.
        (("*.com",), lacking("*.com")),
        (("*.mx1.example.com",), lacking("*.mx1.example.com")),
        (
            ("mx*.example.com",),
            lacking("mx*.example.com", why="a wildcard must be the whole leftmost label"),
        ),
        (("*",), lacking("*")),
        ((ADDRESS,), lacking("no dNSName at all")),
        ((), lacking("no dNSName at all")),
    ],
)
def test_the_san_holds_the_mx_host(names: tuple[str, ...], want: Want) -> None:
    issued = authority().issue(names=names, common_name="unrelated.example")
    want(ask_visit(RULE, chain_visit(issued.der_chain)))


@pytest.mark.parametrize("names", [(), ("mail.example.com",)])
def test_the_cn_alone_does_not_count(names: tuple[str, ...]) -> None:
    issued = authority().issue(names=names, common_name=HOST)
    want = fails(f"Its CN is {HOST}, which does not count")
    want(ask_visit(RULE, chain_visit(issued.der_chain)))


def test_a_wildcard_does_not_span_labels() -> None:
    issued = authority().issue(names=("*.example.com",))
    host = "a.mx1.example.com"
    visit = replace(healthy_visit(host), tls=replace(healthy_tls(), chain=issued.der_chain))
    fails(f"is not for {host}; its SAN lists *.example.com.")(ask_visit(RULE, visit))


@pytest.mark.parametrize("host", ["mx_1.example.com", "_mx1.example.com", "_.example.com"])
def test_a_wildcard_does_not_match_a_label_with_an_underscore(host: str) -> None:
    for names, want in (
        (("*.example.com",), fails("But a wildcard matches letters, digits and hyphens alone.")),
        ((host,), passes(host)),
        (("*.example.com", host), passes(host)),
    ):
        chain = authority().issue(names=names, common_name="a.example").der_chain
        want(ask_visit(RULE, replace(healthy_visit(host), tls=replace(healthy_tls(), chain=chain))))


def test_the_message_says_who_minds_and_how_to_make_it_milder() -> None:
    issued = authority().issue(names=("mail.example.com",))
    want = fails(
        "no policy promises it; most senders still deliver",
        'levels = { "cert-name-mismatch" = "warning" }',
    )
    want(ask_visit(RULE, chain_visit(issued.der_chain)))


def test_an_expired_certificate_with_another_name_is_two_findings() -> None:
    visit = expired_visit()
    fails("expired", remedy=("certbot",))(ask_visit(EXPIRED, visit))
    fails("mail.example.com", remedy=REMEDY)(ask_visit(RULE, visit))


def test_it_needs_a_certificate() -> None:
    broken = visit_until("tls", unseen(Trouble.HANDSHAKE))
    not_applicable(owner="tls-handshake-failed")(ask_visit(RULE, broken))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((b"junk",))))
