import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace

import dns.message
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.resolver import make_resolver
from mxcheck.probe.settings import ProbeSettings
from tests.probe.harness import SETTINGS, closed_port, plain

ONCE = replace(SETTINGS, retries=0)
IMPATIENT = replace(ONCE, timeout=0.5)

ZONE = """
example.com. 300 MX 20 mx2.example.com.
example.com. 300 MX 10 MX1.Example.COM.
example.com. A 203.0.114.9
null.example. MX 0 .
alias.example. CNAME Middle.example.
middle.example. CNAME end.example.
end.example. A 203.0.114.1
end.example. A 203.0.114.2
dangling.example. CNAME gone.example.
signed.example. A 203.0.114.3
"""


class CachingDns(ScriptedDns):
    """Answers out of a cache, in which 7 seconds are left of what was signed with an hour."""

    def __init__(self, signed: str, labels: int = 2) -> None:
        super().__init__(ZONE)
        self.signed, self.labels = signed, labels

    def _answer(self, query: dns.message.Message, fault: Fault | None) -> dns.message.Message:
        response = super()._answer(query, fault)
        signature = (
            f"{self.signed} 13 {self.labels} 3600 20300101000000 20200101000000 1 example.com. AAAA"
        )
        name = query.question[0].name
        response.answer.append(dns.rrset.from_text(name, 7, "IN", "RRSIG", signature))
        for rrset in response.answer:
            rrset.ttl = 7
        return response


class MoodyDns(ScriptedDns):
    """Answers a question with its faults in turn, and as the zone says once they are used up."""

    def __init__(self, zone: str, moods: Mapping[str, Iterable[Fault]]) -> None:
        super().__init__(zone)
        self.moods = {question: iter(faults) for question, faults in moods.items()}

    def _fault(self, question: dns.rrset.RRset) -> Fault | None:
        name = question.name.to_text(omit_final_dot=True)
        asked = f"{name} {dns.rdatatype.to_text(question.rdtype)}"
        return next(self.moods.get(asked, iter(())), None)


async def ask(
    server: ScriptedDns, name: str, rdtype: str, settings: ProbeSettings = ONCE
) -> Lookup:
    async with server:
        resolver = make_resolver(replace(settings, resolvers=(plain(server.address),)))
        assert not isinstance(resolver, Unseen)
        return await resolver.lookup(name, rdtype)


def unseen(lookup: Lookup) -> tuple[Trouble, str]:
    assert isinstance(lookup, Unseen)
    return lookup.trouble, lookup.detail


ANSWERS: list[tuple[str, str, Lookup]] = [
    (
        "example.com",
        "MX",
        Answer(
            owner="example.com",
            records=("10 mx1.example.com", "20 mx2.example.com"),
            ttl=300,
        ),
    ),
    ("EXAMPLE.com", "A", Answer(owner="example.com", records=("203.0.114.9",), ttl=60)),
    ("null.example", "MX", Answer(owner="null.example", records=("0 .",), ttl=60)),
    (
        "alias.example",
        "A",
        Answer(
            owner="end.example",
            records=("203.0.114.1", "203.0.114.2"),
            aliases=("middle.example", "end.example"),
            ttl=60,
        ),
    ),
    ("example.com", "AAAA", Absent(absence=Absence.NODATA)),
    ("gone.example", "MX", Absent(absence=Absence.NXDOMAIN)),
    (
        "alias.example",
        "AAAA",
        Absent(absence=Absence.NODATA, aliases=("middle.example", "end.example")),
    ),
    (
        "dangling.example",
        "A",
        Absent(absence=Absence.NXDOMAIN, aliases=("gone.example",)),
    ),
]


@pytest.mark.parametrize(
    ("name", "rdtype", "expected"), ANSWERS, ids=[f"{name} {kind}" for name, kind, _ in ANSWERS]
)
async def test_what_the_resolver_answers(name: str, rdtype: str, expected: Lookup) -> None:
    found = await ask(ScriptedDns(ZONE), name, rdtype)
    if isinstance(found, Answer):
        found = replace(found, records=tuple(sorted(found.records)))
    assert found == expected


@pytest.mark.parametrize(
    ("fault", "trouble", "words"),
    [
        (Fault.SERVFAIL, Trouble.SERVFAIL, "answers SERVFAIL to MX example.com"),
        (Fault.BOGUS, Trouble.BOGUS, "answers SERVFAIL to MX example.com"),
        (Fault.REFUSED, Trouble.DNS_REFUSED, "answers REFUSED to MX example.com"),
    ],
)
async def test_what_the_resolver_answers_instead(
    fault: Fault, trouble: Trouble, words: str
) -> None:
    server = ScriptedDns(ZONE, faults={"example.com": fault})
    found_trouble, detail = unseen(await ask(server, "example.com", "MX"))
    assert found_trouble is trouble
    assert detail.startswith(f"the resolver {plain(server.address)} {words}")


async def test_silence() -> None:
    server = ScriptedDns(ZONE, faults={"example.com": Fault.SILENCE})
    found = await ask(server, "example.com", "MX", IMPATIENT)
    words = f"the resolver {plain(server.address)} did not answer MX example.com in time"
    assert unseen(found) == (Trouble.TIMEOUT, words)


@pytest.mark.parametrize(("signed", "ttl"), [("MX", 3600), ("TXT", 7)])
async def test_the_ttl_is_that_of_the_zone_where_a_signature_tells_it(
    signed: str, ttl: int
) -> None:
    found = await ask(CachingDns(signed), "example.com", "MX")
    assert isinstance(found, Answer)
    assert (found.ttl, found.signed) == (ttl, True)


async def test_a_truncated_answer_is_fetched_over_tcp() -> None:
    server = ScriptedDns(ZONE, faults={"example.com": Fault.TRUNCATED})
    assert isinstance(await ask(server, "example.com", "MX"), Answer)
    assert server.queries == [("example.com", "MX")] * 2


async def test_an_answer_too_big_for_udp_is_fetched_over_tcp() -> None:
    zone = "".join(f"big.example. A 203.0.114.{number}\n" for number in range(200))
    found = await ask(ScriptedDns(zone), "big.example", "A")
    assert isinstance(found, Answer)
    assert len(found.records) == 200


@pytest.mark.parametrize(("name", "secure"), [("signed.example", True), ("end.example", False)])
async def test_the_ad_bit_is_written_down(name: str, *, secure: bool) -> None:
    server = ScriptedDns(ZONE, authenticated=("signed.example",))
    found = await ask(server, name, "A")
    assert isinstance(found, Answer)
    assert found.authenticated_data is secure


@pytest.mark.parametrize("name", ["signed.example", "gone.signed.example"])
async def test_the_ad_bit_of_an_absence(name: str) -> None:
    server = ScriptedDns(ZONE, authenticated=("signed.example",))
    found = await ask(server, name, "MX")
    assert isinstance(found, Absent)
    assert found.authenticated_data


async def test_a_resolver_that_cannot_be_reached() -> None:
    broadcast = (
        "127.255.255.255",
        53,
    )  # nothing is sent to a broadcast address, with or without a network
    resolver = make_resolver(replace(ONCE, resolvers=(plain(broadcast),)))
    assert not isinstance(resolver, Unseen)
    trouble, words = unseen(await resolver.lookup("example.com", "MX"))
    assert trouble is Trouble.RESOLVER
    assert words == (
        "the resolver 127.255.255.255 cannot be asked for MX example.com: Permission denied"
    )


async def test_a_port_where_no_resolver_listens() -> None:
    with closed_port() as nobody:
        address = plain(nobody.getsockname())
        resolver = make_resolver(replace(ONCE, resolvers=(address,)))
        assert not isinstance(resolver, Unseen)
        trouble, words = unseen(await resolver.lookup("example.com", "MX"))
    assert trouble is Trouble.RESOLVER
    assert words == f"the resolver {address} cannot be asked for MX example.com: Connection refused"


async def test_the_second_resolver_is_asked_where_the_first_is_dead() -> None:
    with closed_port() as nobody:
        async with ScriptedDns(ZONE) as server:
            both = (plain(nobody.getsockname()), plain(server.address))
            resolver = make_resolver(replace(ONCE, timeout=1, resolvers=both))
            assert not isinstance(resolver, Unseen)
            assert isinstance(await resolver.lookup("example.com", "MX"), Answer)


@pytest.mark.parametrize("fault", [Fault.SERVFAIL, Fault.REFUSED, Fault.SILENCE])
async def test_trouble_that_passes_is_asked_again(fault: Fault) -> None:
    server = MoodyDns(ZONE, {"example.com MX": [fault]})
    settings = replace(SETTINGS, retries=1, timeout=0.25)
    assert isinstance(await ask(server, "example.com", "MX", settings), Answer)
    assert len(server.queries) == 2


@pytest.mark.parametrize("retries", [0, 1, 2])
async def test_trouble_that_stays_is_asked_as_often_as_allowed(retries: int) -> None:
    server = ScriptedDns(ZONE, faults={"example.com": Fault.SERVFAIL})
    found = await ask(server, "example.com", "MX", replace(SETTINGS, retries=retries))
    assert unseen(found)[0] is Trouble.SERVFAIL
    unchecked = 1
    assert server.queries.count(("example.com", "MX")) == retries + 1 + unchecked


@pytest.mark.parametrize("name", ["gone.example", "example.com"])
async def test_an_absence_is_asked_for_once(name: str) -> None:
    server = ScriptedDns(ZONE)
    assert isinstance(await ask(server, name, "TXT", SETTINGS), Absent)
    assert server.queries.count((name, "TXT")) == 1


async def test_a_name_that_cannot_be_asked_for() -> None:
    found = await ask(ScriptedDns(ZONE), f"{'a' * 64}.example", "A")
    assert unseen(found)[0] is Trouble.MALFORMED


def test_a_system_without_resolvers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dns.resolver.BaseResolver.read_resolv_conf", _no_configuration)
    resolver = make_resolver(SETTINGS)
    assert isinstance(resolver, Unseen)
    assert resolver.trouble is Trouble.RESOLVER


def _no_configuration(_self: object, _file: object) -> None:
    raise dns.resolver.NoResolverConfiguration


@pytest.mark.parametrize(("labels", "wildcard"), [(2, ""), (1, "*.example"), (0, "*")])
async def test_a_signature_tells_of_a_wildcard(labels: int, wildcard: str) -> None:
    """RFC 4034 3.1.3: it counts the labels of the name in the zone."""
    found = await ask(CachingDns("A", labels), "signed.example", "A")
    assert isinstance(found, Answer)
    assert (found.owner, found.wildcard) == ("signed.example", wildcard)


async def test_one_of_several_askers_leaves_room_for_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mxcheck.probe.dns.resolver.AT_ONCE", 2)
    silent = [f"m{number}.slow.example" for number in range(4)]
    zone = f"{ZONE}quick.example. A 203.0.114.9\n"
    async with ScriptedDns(zone, faults=dict.fromkeys(silent, Fault.SILENCE)) as server:
        resolver = make_resolver(replace(IMPATIENT, resolvers=(plain(server.address),)))
        assert not isinstance(resolver, Unseen)
        slow, quick = resolver.share(2), resolver.share(2)
        waiting = [asyncio.create_task(slow.lookup(name, "A")) for name in silent]
        await asyncio.sleep(0)
        assert isinstance(await quick.lookup("quick.example", "A"), Answer)
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
