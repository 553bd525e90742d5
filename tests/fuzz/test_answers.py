"""DNS answers: a message is read as it was written, and any other is trouble or what it says."""

import asyncio
from dataclasses import dataclass, replace
from itertools import pairwise

import dns.asyncresolver
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.nameservers import OneNameserver
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.turnstile import Turnstile

ASKED = "mx.example.com"
RECORDS = {
    "A": ["192.0.2.1", "192.0.2.2"],
    "MX": ["10 mx1.example.com.", "20 MX2.example.net.", "0 ."],
    "TXT": ['"v=STSv1; id=1"', '"\\000\\255" "b"'],
    "TLSA": ["3 1 1 " + "ab" * 32, "3 1 1 ab"],
    "PTR": ["host.example."],
}
READ_AS = {
    "10 mx1.example.com.": "10 mx1.example.com",
    "20 MX2.example.net.": "20 mx2.example.net",
    "host.example.": "host.example",
}


@dataclass
class Said(OneNameserver):
    """A resolver that says one thing, under the id of the question."""

    wire: bytes
    name: str = "192.0.2.53"

    async def exchange(self, request: dns.message.QueryMessage) -> bytes:
        return request.id.to_bytes(2, "big") + self.wire[2:]


def lookup(wire: bytes, rdtype: str) -> Lookup:
    async def ask() -> Lookup:
        client = dns.asyncresolver.Resolver(configure=False)
        client.nameservers = [Said(wire)]
        client.lifetime = client.timeout = 5.0
        resolver = Resolver(
            client=client,
            reachable=(),
            retries=0,
            delay=0.0,
            slots=Turnstile(1),
            own_slots=asyncio.Semaphore(1),
        )
        return await resolver.lookup(ASKED, rdtype)

    return asyncio.run(ask())


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a message says; without records there is no name, or no record of the type."""

    rdtype: str
    records: tuple[str, ...]
    aliases: tuple[str, ...]
    ttl: int
    signed: bool
    made_from_wildcard: bool
    secure: bool
    absence: Absence

    @property
    def names(self) -> list[str]:
        return [f"{name}." for name in (ASKED, *self.aliases)]

    @property
    def message(self) -> dns.message.Message:
        message = dns.message.make_response(dns.message.make_query(ASKED, self.rdtype))
        message.flags |= dns.flags.RA | (dns.flags.AD if self.secure else 0)
        for name, target in pairwise(self.names):
            self._add(message.answer, name, "CNAME", target.upper())
        if self.records:
            self._add(message.answer, self.names[-1], self.rdtype, *self.records)
        else:
            self._add(message.authority, "com.", "SOA", "ns.example. root.example. 1 2 3 4 5")
            nxdomain = self.absence is Absence.NXDOMAIN
            message.set_rcode(dns.rcode.NXDOMAIN if nxdomain else dns.rcode.NOERROR)
        if self.signed:
            of_zone = f"{self.ttl + 7} 20300101000000 20200101000000 1 example.com. AAAA"
            labels = 2 if self.made_from_wildcard else 3
            signature = f"{self.rdtype} 8 {labels} {of_zone}"
            self._add(message.answer, self.names[-1], "RRSIG", signature)
        return message

    def _add(self, section: list[dns.rrset.RRset], name: str, rdtype: str, *texts: str) -> None:
        section.append(dns.rrset.from_text(name, self.ttl, "IN", rdtype, *texts))

    @property
    def wanted(self) -> Answer | Absent:
        if not self.records:
            return Absent(
                absence=self.absence,
                aliases=self.aliases,
                authenticated_data=self.secure,
                signed=self.signed,
            )
        owner = self.names[-1].removesuffix(".")
        wildcard = f"*.{owner.partition('.')[2]}"
        return Answer(
            owner=owner,
            records=tuple(READ_AS.get(record, record) for record in self.records),
            aliases=self.aliases,
            ttl=self.ttl + 7 * self.signed,
            authenticated_data=self.secure,
            signed=self.signed,
            wildcard=wildcard if self.signed and self.made_from_wildcard else "",
        )


CASES = st.sampled_from(list(RECORDS)).flatmap(
    lambda rdtype: st.builds(
        Case,
        rdtype=st.just(rdtype),
        records=st.lists(st.sampled_from(RECORDS[rdtype]), max_size=3, unique=True).map(tuple),
        aliases=st.integers(0, 4).map(lambda n: tuple(f"a{one}.example.net" for one in range(n))),
        ttl=st.integers(0, 86400),
        signed=st.booleans(),
        made_from_wildcard=st.booleans(),
        secure=st.booleans(),
        absence=st.sampled_from(Absence),
    )
)


def in_order(seen: Lookup) -> Lookup:
    return replace(seen, records=tuple(sorted(seen.records))) if isinstance(seen, Answer) else seen


@given(CASES)
def test_an_answer_is_read_as_it_was_written(case: Case) -> None:
    assert in_order(lookup(case.message.to_wire(), case.rdtype)) == in_order(case.wanted)


@given(CASES, st.sampled_from(dns.rcode.Rcode))
def test_an_error_is_never_an_absence(case: Case, rcode: dns.rcode.Rcode) -> None:
    message = case.message
    message.set_rcode(rcode)
    seen = lookup(message.to_wire(), case.rdtype)
    if rcode not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN, dns.rcode.YXDOMAIN}:
        assert isinstance(seen, Unseen)
        assert dns.rcode.to_text(rcode) in seen.detail


@given(CASES, st.integers(1, 11), st.data())
def test_a_message_that_is_cut_short_or_about_something_else_is_no_answer(
    case: Case, missing: int, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from([one for one in RECORDS if one != case.rdtype]))
    for said, rdtype in (
        (case.message.to_wire()[:-missing], case.rdtype),
        (case.message.to_wire(), other),
    ):
        seen = lookup(said, rdtype)
        assert isinstance(seen, Unseen)
        assert seen.trouble in {Trouble.MALFORMED, Trouble.RESOLVER}


@given(CASES, st.integers(2, 200), st.integers(0, 3), st.binary(max_size=4))
def test_a_message_in_which_something_is_changed(
    case: Case, location: int, length: int, noise: bytes
) -> None:
    wire = case.message.to_wire()
    seen = lookup(wire[:location] + noise + wire[location + length :], case.rdtype)
    if isinstance(seen, Unseen):
        assert 0 < len(seen.detail) < 700
        return
    assert all(name.isascii() for name in seen.aliases)
    assert len(seen.aliases) <= 16
    if isinstance(seen, Answer):
        assert seen.records
        assert all(record.isascii() and record.isprintable() for record in seen.records)
        assert dns.name.from_text(seen.owner)
