"""Every kind of TLSA record with every shape of chain, as libssl judges it for Postfix and Exim.

The summary of the run counts the verdicts. A disagreement fails unless ADR 9 names its reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations_with_replacement, product
from typing import Self

import pytest

from mxcheck.rules.base import Fail, Missing, Pass
from mxcheck.rules.dane.dane_mismatch import RULE
from mxcheck.wire.tlsa import CERT, DANE_EE, DANE_TA, FULL, SHA256, SHA512, SPKI, TlsaRecord
from tests.build import DOMAIN, HOST, OBSERVED_AT, authority, chain_visit, root
from tests.rules.chains import der, untrusted_root
from tests.rules.dane import odd_records
from tests.rules.dane.cases import endpoint_case, host_with, record, text_of, tlsa
from tests.rules.dane.openssl import Judged, Verdict, judge
from tests.rules.dane.shapes import LEAVES, Ders, shapes
from tests.rules.dns import states
from tests.vectors.tally import Record, Tally

Records = tuple[TlsaRecord, ...]

SUITE = "TLSA records and chains"
PKIX_USAGES = (0, 1)
USAGES = (*PKIX_USAGES, DANE_TA, DANE_EE, 4, 255)
SELECTORS = (CERT, SPKI, 2)
MATCHINGS = (FULL, SHA256, SHA512, 3)
KINDS = tuple(product((CERT, SPKI), (FULL, SHA256, SHA512)))
USABLE = tuple((usage, *kind) for usage, kind in product((DANE_TA, DANE_EE), KINDS))
UNUSABLE = tuple(one for one in product(USAGES, SELECTORS, MATCHINGS) if one not in USABLE)
LOOKED_AT = 6  # of the certificates of a chain, about which records are made

# The reasons that ADR 9 gives for another verdict than OpenSSL's.
NOT_FOR_MAIL = "usages 0 and 1"
DATE_OF_ANCHOR = "the date of an anchor"
ODD_DATA = "odd data"
NAMED = (NOT_FOR_MAIL, DATE_OF_ANCHOR, ODD_DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A server with these records and this chain; names count by the security of the MX answer."""

    records: Records
    chain: Ders
    secure_mx: bool = True

    def ours(self) -> Verdict:
        """Return what the rule makes of it."""
        host = host_with(tlsa(*map(text_of, self.records)))
        domain = states.SECURE if self.secure_mx else states.INSECURE
        match RULE.judge(endpoint_case(host, chain_visit(self.chain), domain=domain)):
            case Pass():
                return Verdict.AUTHENTICATED
            case Fail():
                return Verdict.REFUSED
            case Missing(message="no TLSA record can be used"):
                return Verdict.UNUSABLE
            case other:
                raise AssertionError(other)

    def theirs(self) -> Judged:
        """Return what OpenSSL makes of it."""
        names = (HOST, DOMAIN) if self.secure_mx else (HOST,)
        return judge(self.records, self.chain, names, OBSERVED_AT)

    def for_mail(self) -> Self:
        """Leave out the records that mail senders do not pass on to OpenSSL (RFC 7672 3.1.3)."""
        records = tuple(one for one in self.records if one.usage not in PKIX_USAGES)
        return replace(self, records=records)

    def reason(self, said: Verdict) -> str:
        """Return why the rule may disagree with OpenSSL, which is asked again for that."""
        judged = self.theirs()
        verdicts = (said, judged.verdict)
        if verdicts == (Verdict.REFUSED, Verdict.AUTHENTICATED) and not judged.is_top_valid:
            return DATE_OF_ANCHOR
        return ""


def compare(tally: Tally, name: str, asked: Asked, why: str = "") -> None:
    said, for_mail = asked.ours(), asked.for_mail()
    verdict = for_mail.theirs().verdict
    if said is not verdict:
        why = why or for_mail.reason(said)
    elif for_mail != asked:
        why, verdict = NOT_FOR_MAIL, asked.theirs().verdict
    tally.compare(f"{why}: {name}, {'; '.join(map(str, asked.records))}", said, verdict)


@cache
def unsent() -> Ders:
    """What a record may be about although a server does not send it."""
    return der((root().certificate, untrusted_root().certificate, authority().certificate))


def of(certificate: bytes, usage: int, selector: int, matching: int) -> TlsaRecord:
    """Return a record of any kind about a certificate: an unknown digest is that of SHA-256."""
    known = matching if matching in {FULL, SHA512} else SHA256
    made = record(usage, selector, known, of=certificate)
    return replace(made, matching_type=matching)


def damaged(one: TlsaRecord) -> Records:
    """Return a record with other data: the wrong one, too short, too long, none."""
    data = one.data
    wrong = of(unsent()[1], one.usage, one.selector, one.matching_type).data
    changed = (wrong, bytes([*data[:-1], data[-1] ^ 1]), data[:-1], data + b"\0", data[:1], b"")
    return tuple(replace(one, data=other) for other in changed)


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("with the root", (DANE_TA, CERT, SHA256), Verdict.AUTHENTICATED),
        ("leaf for another name", (DANE_TA, CERT, SHA256), Verdict.REFUSED),
        ("leaf for another name", (DANE_EE, SPKI, SHA256), Verdict.AUTHENTICATED),
        ("with the root", (4, SPKI, SHA256), Verdict.UNUSABLE),
    ],
)
def test_openssl_is_asked_as_senders_ask_it(
    name: str, parameters: tuple[int, int, int], expected: Verdict
) -> None:
    chain = shapes()[name]
    about = chain[0] if parameters[0] == DANE_EE else chain[-1]
    assert Asked(records=(of(about, *parameters),), chain=chain).theirs().verdict is expected


@pytest.mark.parametrize("name", shapes())
def test_single_records(name: str, record_property: Record) -> None:
    chain, tally = shapes()[name], Tally()
    about = dict.fromkeys((*chain[:LOOKED_AT], *unsent()))
    for certificate, parameters in product(about, USABLE):
        compare(tally, name, Asked(records=(of(certificate, *parameters),), chain=chain))
    for parameters in UNUSABLE:
        compare(tally, name, Asked(records=(of(chain[0], *parameters),), chain=chain))
    tally.check(record_property, SUITE, NAMED)


COMMON = ("with the root", "missing intermediate")


@pytest.mark.parametrize("name", COMMON)
def test_damaged_records(name: str, record_property: Record) -> None:
    chain, tally = shapes()[name], Tally()
    about = (chain[0], unsent()[0], unsent()[-1])
    for certificate, usage, kind in product(about, USAGES[:4], KINDS):
        for one in damaged(of(certificate, usage, *kind)):
            compare(tally, name, Asked(records=(one,), chain=chain))
    tally.check(record_property, SUITE, NAMED)


def pool(leaf: bytes) -> Records:
    """Return records of every kind, those that match a good chain and others, to be combined."""
    top, _, above = unsent()
    good = [of(leaf if usage == DANE_EE else top, usage, *rest) for usage, *rest in USABLE]
    unusable = [of(leaf, *numbers) for numbers in ((1, 1, 1), (4, 1, 2), (3, 255, 2), (3, 1, 255))]
    return (
        *good,
        *(damaged(one)[0] for one in good),
        *unusable,
        damaged(good[-1])[2],
        of(above, 0, CERT, FULL),
        of(above, DANE_TA, CERT, FULL),
    )


@pytest.mark.parametrize(("name", "step"), [(COMMON[0], 1), (COMMON[1], -1)])
def test_records_beside_each_other(name: str, step: int, record_property: Record) -> None:
    chain, tally = shapes()[name], Tally()
    for pair in combinations_with_replacement(pool(chain[0])[::step], 2):
        compare(tally, name, Asked(records=pair, chain=chain))
    tally.check(record_property, SUITE, NAMED)


def sets(chain: Ders) -> Iterator[Records]:
    """Yield records beside each other about what a server sends, and what it could send."""
    leaf, top, root_of_ours = chain[0], chain[-1], unsent()[0]
    ends = ((DANE_EE, leaf), (DANE_TA, top), (DANE_TA, root_of_ours))
    for selector, (usage, one) in product((CERT, SPKI), ends):
        weak, strong = (of(one, usage, selector, matching) for matching in (SHA256, SHA512))
        yield weak, damaged(strong)[0]
        yield weak, damaged(strong)[2]
        yield strong, damaged(weak)[0]
    yield of(leaf, DANE_EE, SPKI, SHA256), of(top, DANE_TA, CERT, SHA512)
    yield damaged(of(leaf, DANE_EE, SPKI, SHA512))[0], of(top, DANE_TA, SPKI, SHA256)
    yield of(leaf, 1, SPKI, SHA256), of(top, DANE_TA, SPKI, SHA256)
    yield of(leaf, 4, SPKI, SHA256), of(top, DANE_TA, SPKI, 3)
    for kind in KINDS:
        anchors = tuple(of(one, DANE_TA, *kind) for one in dict.fromkeys((*chain[1:4], *unsent())))
        yield anchors
        yield damaged(of(leaf, DANE_EE, *kind))[0], *anchors[::-1]


@pytest.mark.parametrize("name", shapes())
def test_sets_of_records(name: str, record_property: Record) -> None:
    chain, tally = shapes()[name], Tally()
    for records in sets(chain):
        compare(tally, name, Asked(records=records, chain=chain))
    tally.check(record_property, SUITE, NAMED)


@pytest.mark.parametrize("name", shapes())
def test_damaged_digests(name: str, record_property: Record) -> None:
    chain, tally = shapes()[name], Tally()
    for certificate, usage in ((chain[0], DANE_EE), (chain[-1], DANE_TA)):
        for selector, matching in product((CERT, SPKI), (SHA256, SHA512)):
            for one in damaged(of(certificate, usage, selector, matching))[1:3]:
                compare(tally, name, Asked(records=(one,), chain=chain))
    tally.check(record_property, SUITE, NAMED)


@pytest.mark.parametrize("name", LEAVES)
def test_names_where_the_answer_about_mx_is_insecure(name: str, record_property: Record) -> None:
    chain, tally = shapes()[f"leaf {name}"], Tally()
    for certificate, parameters in product(chain, USABLE):
        records = (of(certificate, *parameters),)
        compare(tally, name, Asked(records=records, chain=chain, secure_mx=False))
    tally.check(record_property, SUITE, NAMED)


def test_odd_data(record_property: Record) -> None:
    chain, tally = shapes()["good"], Tally()
    for selector, odd, why in (
        (CERT, odd_records.certificates(), ""),
        (SPKI, odd_records.keys(), ""),
        (CERT, odd_records.odd_certificates(), ODD_DATA),
        (SPKI, odd_records.odd_keys(), ODD_DATA),
    ):
        for usage, (name, data) in product((DANE_TA, DANE_EE), odd.items()):
            one = TlsaRecord(usage=usage, selector=selector, matching_type=FULL, data=data)
            compare(tally, name, Asked(records=(one,), chain=chain), why)
    for leaves, why in ((odd_records.leaves(), ""), (odd_records.odd_leaves(), ODD_DATA)):
        for leaf, kind in product(leaves, KINDS):
            asked = Asked(records=(of(leaf, DANE_EE, *kind),), chain=(leaf, *chain[1:]))
            compare(tally, "odd leaf", asked, why)
    tally.check(record_property, SUITE, NAMED)
