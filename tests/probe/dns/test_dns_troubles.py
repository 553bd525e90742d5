"""Answers that are none, each told apart from the others."""

from dataclasses import replace

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.resolver import make_resolver
from tests.probe.harness import SETTINGS, closed_port, plain

ONCE = replace(SETTINGS, retries=0)
CIRCLE = {"example.com.": "a.example.", "a.example.": "example.com."}
CHAIN = "".join(f"n{step}.example. CNAME n{step + 1}.example.\n" for step in range(20))


class Improvised(ScriptedDns):
    """Answers every question with what `improvise` makes of an empty response."""

    def improvise(self, response: dns.message.Message) -> None:
        raise NotImplementedError

    def _answer(self, query: dns.message.Message, _fault: Fault | None) -> dns.message.Message:
        response = dns.message.make_response(query, recursion_available=True)
        self.improvise(response)
        return response


class Circle(Improvised):
    """Some resolvers give a circle of aliases as they found it."""

    def improvise(self, response: dns.message.Message) -> None:
        for name, target in CIRCLE.items():
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", target))


class FormErr(Improvised):
    def improvise(self, response: dns.message.Message) -> None:
        response.set_rcode(dns.rcode.FORMERR)


class ContradictsItself(Improvised):
    """It gives the record, and says that the name does not exist."""

    def improvise(self, response: dns.message.Message) -> None:
        response.answer.append(dns.rrset.from_text("example.com.", 60, "IN", "MX", "10 a.example."))
        response.set_rcode(dns.rcode.NXDOMAIN)


class AnswersAnother(Improvised):
    """The answer is to a question that was not asked."""

    def improvise(self, response: dns.message.Message) -> None:
        response.question[0].name = dns.name.from_text("example.net.")


class Garbage(ScriptedDns):
    """After the id there is nothing that could be read; forged answers have another id."""

    def _reply(self, wire: bytes, *, over_tcp: bool) -> bytes | None:
        assert not over_tcp
        return wire[:2] + b"\x81\x80" + b"\xff" * 20


class Forged(ScriptedDns):
    """A forged answer comes first."""

    def _serve_udp(self, data: bytes, client: tuple[str, int]) -> None:
        self._udp.sendto(bytes([data[0] ^ 0xFF]) + data[1:], client)
        super()._serve_udp(data, client)


async def ask(*servers: ScriptedDns, name: str = "example.com", rdtype: str = "MX") -> Lookup:
    for server in servers:
        await server.start()
    try:
        resolvers = tuple(plain(server.address) for server in servers)
        resolver = make_resolver(replace(ONCE, resolvers=resolvers))
        assert not isinstance(resolver, Unseen)
        return await resolver.lookup(name, rdtype)
    finally:
        for server in servers:
            await server.stop()


@pytest.mark.parametrize(
    ("server", "trouble", "words"),
    [
        (Circle(), Trouble.ALIAS_CHAIN, "aliases (CNAME) or more, or in a circle"),
        (FormErr(), Trouble.DNS_ERROR, "answers FORMERR to MX example.com"),
        (ContradictsItself(), Trouble.MALFORMED, "the answer to MX example.com is malformed"),
        (AnswersAnother(), Trouble.MALFORMED, "the answer to MX example.com is malformed"),
        (Garbage(), Trouble.MALFORMED, "the answer to MX example.com is malformed"),
    ],
)
async def test_what_is_no_answer(server: ScriptedDns, trouble: Trouble, words: str) -> None:
    found = await ask(server)
    assert isinstance(found, Unseen)
    assert found.trouble is trouble
    assert words in found.detail


async def test_a_chain_of_aliases_that_is_too_long() -> None:
    found = await ask(ScriptedDns(CHAIN + "n20.example. MX 10 a.example."), name="n0.example")
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.ALIAS_CHAIN


async def test_a_chain_of_aliases_that_senders_follow() -> None:
    found = await ask(ScriptedDns(CHAIN + "n20.example. MX 10 a.example."), name="n10.example")
    assert isinstance(found, Answer)
    assert (len(found.aliases), found.owner) == (10, "n20.example")


async def test_a_chain_that_leads_to_nothing() -> None:
    found = await ask(ScriptedDns(CHAIN), name="n10.example")
    assert isinstance(found, Absent)
    assert (found.absence, found.aliases[-1]) == (Absence.NXDOMAIN, "n20.example")


async def test_a_forged_answer_is_passed_over() -> None:
    assert isinstance(await ask(Forged("example.com. MX 10 a.example.")), Answer)


async def test_the_word_of_one_resolver_counts_more_than_the_silence_of_another() -> None:
    with closed_port() as nobody:
        async with ScriptedDns(
            faults={".": Fault.SERVFAIL, "example.com": Fault.REFUSED}
        ) as server:
            both = (plain(server.address), plain(nobody.getsockname()))
            resolver = make_resolver(replace(ONCE, resolvers=both))
            assert not isinstance(resolver, Unseen)
            found = await resolver.lookup("example.com", "MX")
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.DNS_REFUSED


async def test_a_second_resolver_makes_up_for_a_first_that_makes_no_sense() -> None:
    found = await ask(Garbage(), ScriptedDns("example.com. MX 10 a.example."))
    assert isinstance(found, Answer)


async def test_over_ipv6_too() -> None:
    """Nobody listens there, and that is heard."""
    resolver = make_resolver(replace(ONCE, resolvers=(plain(("::1", 9)),)))
    assert not isinstance(resolver, Unseen)
    found = await resolver.lookup("example.com", "MX")
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.RESOLVER
