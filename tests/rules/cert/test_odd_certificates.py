"""Certificates that are odd in one place: the rest is judged, and trust is what OpenSSL says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.demo.certificates import Authority, Issued
from mxcheck.rules.base import AnyRule, Fail, Pass, Unknown
from mxcheck.rules.cert import (
    cert_chain_incomplete,
    cert_expired,
    cert_expiring,
    cert_key_weak,
    cert_name_mismatch,
    cert_not_yet_valid,
    cert_signature_weak,
    cert_untrusted,
)
from mxcheck.rules.dane import dane_mismatch
from mxcheck.rules.trust import Trusted
from tests import openssl
from tests.build import HOST, OBSERVED_AT, authority, chain_visit, root, trust
from tests.fuzz.der import Node
from tests.odd_certificates import (
    AUTHORITY_KEY,
    BMP,
    GENERALIZED_TIME,
    IA5,
    ISSUER,
    KEY_USAGE,
    PRINTABLE,
    SAN,
    SERIAL,
    SUBJECT,
    TELETEX,
    UTC_TIME,
    UTF8,
    VALIDITY,
    extension,
    fields_of,
    name,
    sequence,
    signed,
    with_extensions,
    with_field,
)
from tests.rules.ask import ask_visit, fails, passes, unknown
from tests.rules.chains import der
from tests.rules.dane.cases import endpoint_case, host_with, record, text_of, tlsa

RULES: Mapping[str, AnyRule] = {
    module.RULE.id: module.RULE
    for module in (
        cert_expired,
        cert_not_yet_valid,
        cert_expiring,
        cert_name_mismatch,
        cert_chain_incomplete,
        cert_untrusted,
        cert_key_weak,
        cert_signature_weak,
    )
}
ROOTS = der((root().certificate,))
Chain = tuple[bytes, ...]
Change = Callable[[bytes, Authority], bytes]


def leaf_with(change: Change, issued: Issued | None = None) -> Chain:
    """The healthy chain, with a leaf that is changed."""
    leaf, *rest = (issued or authority().issue(names=(HOST,))).der_chain
    return (change(leaf, authority()), *rest)


def intermediate_with(change: Change) -> Chain:
    """The healthy chain, with an intermediate that is changed."""
    leaf, intermediate = authority().issue(names=(HOST,)).der_chain
    return (leaf, change(intermediate, root()))


def subject(*attributes: tuple[int, bytes]) -> Change:
    """Another subject."""
    return lambda der, issuer: with_field(der, issuer.key, SUBJECT, name(*attributes))


def adding(identifier: str, value: bytes, *, critical: bool = False) -> Change:
    """One more extension, or the same a second time."""
    return lambda der, issuer: with_extensions(
        der,
        issuer.key,
        lambda old: [*old.values(), extension(identifier, value, critical=critical)],
    )


def instead(identifier: str, value: bytes) -> Change:
    """Another value of an extension."""
    return lambda der, issuer: with_extensions(
        der,
        issuer.key,
        lambda old: list((old | {identifier: extension(identifier, value)}).values()),
    )


def dates(*moments: tuple[int, bytes]) -> Change:
    """Another validity."""
    validity = Node(0x30, b"", tuple(Node(tag, text) for tag, text in moments))
    return lambda der, issuer: with_field(der, issuer.key, VALIDITY, validity)


def named_alike(subject_: tuple[int, bytes], issuer_: tuple[int, bytes]) -> Chain:
    """A chain whose authority's name is written in two ways."""
    leaf, intermediate = authority().issue(names=(HOST,)).der_chain
    above = with_field(intermediate, root().key, SUBJECT, name(subject_))
    return (with_field(leaf, authority().key, ISSUER, name(issuer_)), above)


def version(number: int) -> Change:
    """Another version number."""

    def change(der: bytes, issuer: Authority) -> bytes:
        fields = fields_of(der)
        numbered = replace(fields[0], inside=(Node(0x02, bytes((number,))),))
        return signed(der, issuer.key, numbered, *fields[1:])

    return change


DNS_NAME = Node(0x82, HOST.encode())
SUBJECT_KEY = "551d0e"
POLICIES, UNKNOWN_EXTENSION, NAME_CONSTRAINTS = "551d20", "2b0601040183c5000101", "551d1e"
LATIN_1 = sequence(  # one policy with a notice (RFC 5280 4.2.1.4) that is not ASCII
    Node(
        0x30,
        b"",
        (
            Node(0x06, bytes.fromhex("2a0304")),
            Node(
                0x30,
                b"",
                (
                    Node(
                        0x30,
                        b"",
                        (
                            Node(0x06, bytes.fromhex("2b06010505070202")),
                            Node(0x30, b"", (Node(0x1A, b"Soci\xe9t\xe9"),)),
                        ),
                    ),
                ),
            ),
        ),
    )
)
EARLY, LATE = (UTC_TIME, b"260101000000Z"), (UTC_TIME, b"260401000000Z")
NAMED = "Demo Issuing CA"

SOUND: dict[str, Chain] = {
    "a star in a PrintableString": leaf_with(subject((PRINTABLE, b"*.example.com"))),
    "an underscore in a PrintableString": leaf_with(subject((PRINTABLE, b"mx_1.example.com"))),
    "an at sign in a PrintableString": leaf_with(subject((PRINTABLE, b"a@example.com"))),
    "Latin-1 in a PrintableString": leaf_with(subject((PRINTABLE, b"Soci\xe9t\xe9"))),
    "Latin-1 in a TeletexString": leaf_with(subject((TELETEX, b"Soci\xe9t\xe9"))),
    "Latin-1 in an IA5String": leaf_with(subject((IA5, b"Soci\xe9t\xe9"))),
    "a BMPString": leaf_with(subject((BMP, "mx1.example.com".encode("utf-16-be")))),
    "an empty subject": leaf_with(subject()),
    "an empty common name": leaf_with(subject((UTF8, b""))),
    "two common names": leaf_with(subject((UTF8, b"a"), (UTF8, b"b"))),
    "a very long common name": leaf_with(subject((UTF8, b"a" * 3000))),
    "a NUL in the common name": leaf_with(subject((UTF8, b"mx1.example.com\0.example"))),
    "Latin-1 in a policy notice": leaf_with(adding(POLICIES, LATIN_1)),
    "Latin-1 in a policy notice above": intermediate_with(adding(POLICIES, LATIN_1)),
    "junk in the policies": leaf_with(adding(POLICIES, b"junk")),
    "junk in an extension that nobody knows": leaf_with(adding(UNKNOWN_EXTENSION, b"junk")),
    "the same unknown extension twice": leaf_with(
        lambda der, issuer: with_extensions(
            der,
            issuer.key,
            lambda old: [*old.values(), *(extension(UNKNOWN_EXTENSION, b"\5\0"),) * 2],
        )
    ),
    "an EDIPartyName in the SAN": leaf_with(
        instead(SAN, sequence(Node(0xA5, b"", (Node(0xA1, b"", (Node(UTF8, b"x"),)),)), DNS_NAME))
    ),
    "an address of fifteen bytes in the SAN": leaf_with(
        instead(SAN, sequence(Node(0x87, b"x" * 15), DNS_NAME))
    ),
    "Latin-1 in the SAN": leaf_with(instead(SAN, sequence(Node(0x82, b"\xe9.example"), DNS_NAME))),
    "a NUL in the SAN": leaf_with(instead(SAN, sequence(Node(0x82, b"a\0b.example"), DNS_NAME))),
    "version 6": leaf_with(version(5)),
    "a serial number of thirty bytes": leaf_with(
        lambda der, issuer: with_field(der, issuer.key, SERIAL, Node(0x02, b"\x7f" * 30))
    ),
    "a negative serial number": leaf_with(
        lambda der, issuer: with_field(der, issuer.key, SERIAL, Node(0x02, b"\xff"))
    ),
    "GeneralizedTime before 2050": leaf_with(
        dates((GENERALIZED_TIME, b"20260101000000Z"), (GENERALIZED_TIME, b"20260401000000Z"))
    ),
    "an authority in two string types": named_alike(
        (UTF8, NAMED.encode()), (PRINTABLE, NAMED.encode())
    ),
    "an authority in another case": named_alike((UTF8, NAMED.encode()), (UTF8, b"demo ISSUING ca")),
    "an authority with more spaces": named_alike(
        (UTF8, NAMED.encode()), (UTF8, b" Demo  Issuing\tCA ")
    ),
    "an authority as BMPString": named_alike(
        (UTF8, NAMED.encode()), (BMP, NAMED.encode("utf-16-be"))
    ),
}
"""Each odd in one place that no sender minds."""


@pytest.mark.parametrize("odd", SOUND)
@pytest.mark.parametrize("rule", RULES)
def test_what_no_sender_minds_passes(odd: str, rule: str) -> None:
    assert openssl.trusts(SOUND[odd], ROOTS, OBSERVED_AT)
    passes()(ask_visit(RULES[rule], chain_visit(SOUND[odd])))


def test_an_odd_certificate_that_has_expired_is_reported() -> None:
    ended = authority().issue(names=(HOST,), not_after=timedelta(days=-3))
    for change in (subject((PRINTABLE, b"*_\xe9")), adding(POLICIES, LATIN_1)):
        visit = chain_visit(leaf_with(change, ended))
        fails("3 days ago")(ask_visit(cert_expired.RULE, visit))


UNSOUND: dict[str, Chain] = {
    "junk in the SAN": leaf_with(instead(SAN, b"junk")),
    "two SANs": leaf_with(adding(SAN, sequence(DNS_NAME))),
    "junk in the key usage": leaf_with(instead(KEY_USAGE, b"junk")),
    "two key usages": leaf_with(adding(KEY_USAGE, bytes.fromhex("03020780"))),
    "an empty key usage": leaf_with(instead(KEY_USAGE, bytes.fromhex("030100"))),
    "junk in the authority key identifier": leaf_with(instead(AUTHORITY_KEY, b"junk")),
    "junk in the subject key identifier above": intermediate_with(instead(SUBJECT_KEY, b"junk")),
    "junk in the name constraints": leaf_with(adding(NAME_CONSTRAINTS, b"junk")),
    "junk in the key usage above": intermediate_with(instead(KEY_USAGE, b"junk")),
    "an unknown critical extension": leaf_with(adding(UNKNOWN_EXTENSION, b"\5\0", critical=True)),
    "an unknown critical extension above": intermediate_with(
        adding(UNKNOWN_EXTENSION, b"\5\0", critical=True)
    ),
    "no notBefore": leaf_with(dates((UTC_TIME, b"junk"), LATE)),
    "no notAfter": leaf_with(dates(EARLY, (UTC_TIME, b"junk"))),
    "a notAfter without seconds": leaf_with(dates(EARLY, (UTC_TIME, b"2604010000Z"))),
    "a notAfter with an offset": leaf_with(dates(EARLY, (UTC_TIME, b"260401000000+0100"))),
    "a notAfter on February 30": leaf_with(dates(EARLY, (UTC_TIME, b"260230000000Z"))),
    "a notAfter with fractions": leaf_with(dates(EARLY, (GENERALIZED_TIME, b"20260401000000.5Z"))),
    "dates as text": leaf_with(dates((UTF8, b"260101000000Z"), (UTF8, b"260401000000Z"))),
}
"""Each odd in one place over which OpenSSL refuses the chain."""


@pytest.mark.parametrize("odd", UNSOUND)
def test_what_senders_refuse_is_untrusted(odd: str) -> None:
    assert not openssl.trusts(UNSOUND[odd], ROOTS, OBSERVED_AT)
    assert not isinstance(trust().verify(UNSOUND[odd], OBSERVED_AT), Trusted)
    visit = chain_visit(UNSOUND[odd])
    fails()(ask_visit(cert_untrusted.RULE, visit))
    passes()(ask_visit(cert_chain_incomplete.RULE, visit))


CANNOT_BE_READ = {
    "junk in the SAN": ("cert-name-mismatch",),
    "two SANs": ("cert-name-mismatch",),
    "no notBefore": ("cert-not-yet-valid",),
    **{odd: ("cert-expired", "cert-expiring") for odd in UNSOUND if "notAfter" in odd},
    "dates as text": ("cert-not-yet-valid", "cert-expired", "cert-expiring"),
}


@pytest.mark.parametrize("odd", UNSOUND)
def test_only_what_cannot_be_read_is_unknown(odd: str) -> None:
    visit = chain_visit(UNSOUND[odd])
    answers = {rule: ask_visit(RULES[rule], visit) for rule in RULES}
    left_open = {rule for rule, answer in answers.items() if isinstance(answer, Unknown)}
    assert left_open == set(CANNOT_BE_READ.get(odd, ()))
    for rule in CANNOT_BE_READ.get(odd, ()):
        unknown("cannot be read")(ask_visit(RULES[rule], visit))


@pytest.mark.parametrize("odd", [*SOUND, *UNSOUND])
def test_usage_3_needs_nothing_but_the_bytes(odd: str) -> None:
    chain = (SOUND | UNSOUND)[odd]
    for selector in (0, 1):
        host = host_with(tlsa(text_of(record(3, selector, of=chain[0]))))
        case = endpoint_case(host, chain_visit(chain))
        assert isinstance(dane_mismatch.RULE.judge(case), Pass)
        for rule in ("cert-untrusted", "cert-chain-incomplete", "cert-name-mismatch"):
            passes()(RULES[rule].judge(case))


@pytest.mark.parametrize("odd", UNSOUND)
def test_a_trust_anchor_is_judged_as_openssl_judges_it(odd: str) -> None:
    chain = UNSOUND[odd]
    host = host_with(tlsa(text_of(record(2, 0, of=chain[1]))))
    assert isinstance(dane_mismatch.RULE.judge(endpoint_case(host, chain_visit(chain))), Fail)
