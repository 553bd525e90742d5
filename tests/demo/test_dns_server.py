import asyncio
from collections.abc import Awaitable, Callable

import dns.asyncquery
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns

Ask = Callable[[ScriptedDns, str, str], Awaitable[dns.message.Message]]

ZONE = """
healthy.example.          IN MX 20 mx2.healthy.example.
healthy.example.          IN MX 10 mx1.healthy.example.
mx1.healthy.example.      IN A 192.0.2.10
mx1.healthy.example.      IN AAAA 2001:db8::10
_25._tcp.mx1.healthy.example. IN TLSA 3 1 1 (
    0000000000000000000000000000000000000000000000000000000000000000 )
alias.healthy.example.    IN CNAME mx1.healthy.example.
dangling.healthy.example. IN CNAME gone.healthy.example.
loop.healthy.example.     IN CNAME loop.healthy.example.
parked.example.           IN MX 0 .
large.example.            IN TXT """ + " ".join(f'"{letter * 250}"' for letter in "abcdef")


async def over_udp(server: ScriptedDns, name: str, rdtype: str) -> dns.message.Message:
    host, port = server.address
    query = dns.message.make_query(name, rdtype)
    return await dns.asyncquery.udp(query, host, port=port)


async def over_tcp(server: ScriptedDns, name: str, rdtype: str) -> dns.message.Message:
    host, port = server.address
    query = dns.message.make_query(name, rdtype)
    return await dns.asyncquery.tcp(query, host, port=port)


def records(message: dns.message.Message) -> list[str]:
    return [f"{rrset.name} {record}".lower() for rrset in message.answer for record in rrset]


@pytest.mark.parametrize("ask", [over_udp, over_tcp])
async def test_records_are_answered_over_udp_and_tcp(ask: Ask) -> None:
    async with ScriptedDns(ZONE) as server:
        answer = await ask(server, "Healthy.example", "MX")
    assert answer.flags & dns.flags.RA
    assert not answer.flags & dns.flags.AD
    assert sorted(records(answer)) == [
        "healthy.example. 10 mx1.healthy.example.",
        "healthy.example. 20 mx2.healthy.example.",
    ]
    assert server.queries == [("healthy.example", "MX")]


@pytest.mark.parametrize(
    ("name", "rdtype", "rcode", "answered", "soa"),
    [
        ("parked.example", "MX", dns.rcode.NOERROR, ["parked.example. 0 ."], False),
        ("mx1.healthy.example", "MX", dns.rcode.NOERROR, [], True),
        ("_tcp.mx1.healthy.example", "A", dns.rcode.NOERROR, [], True),
        ("example", "MX", dns.rcode.NOERROR, [], True),
        ("gone.healthy.example", "A", dns.rcode.NXDOMAIN, [], True),
        ("gone.invalid", "A", dns.rcode.NXDOMAIN, [], True),
        (
            "alias.healthy.example",
            "A",
            dns.rcode.NOERROR,
            ["alias.healthy.example. mx1.healthy.example.", "mx1.healthy.example. 192.0.2.10"],
            False,
        ),
        (
            "alias.healthy.example",
            "CNAME",
            dns.rcode.NOERROR,
            ["alias.healthy.example. mx1.healthy.example."],
            False,
        ),
        (
            "dangling.healthy.example",
            "A",
            dns.rcode.NXDOMAIN,
            ["dangling.healthy.example. gone.healthy.example."],
            True,
        ),
        ("loop.healthy.example", "A", dns.rcode.SERVFAIL, [], False),
    ],
)
async def test_the_answer_to(
    name: str, rdtype: str, rcode: dns.rcode.Rcode, answered: list[str], *, soa: bool
) -> None:
    async with ScriptedDns(ZONE) as server:
        answer = await over_udp(server, name, rdtype)
    assert answer.rcode() == rcode
    assert records(answer) == answered
    assert [rrset.rdtype for rrset in answer.authority] == [dns.rdatatype.SOA] * soa


async def test_faults_hold_for_a_name_or_for_one_type_of_it() -> None:
    faults = {"mx1.healthy.example": Fault.REFUSED, "mx1.healthy.example AAAA": Fault.SERVFAIL}
    async with ScriptedDns(ZONE, faults=faults) as server:
        assert (await over_udp(server, "mx1.healthy.example", "A")).rcode() == dns.rcode.REFUSED
        answer = await over_udp(server, "mx1.healthy.example", "AAAA")
        assert answer.rcode() == dns.rcode.SERVFAIL
        assert (await over_udp(server, "healthy.example", "MX")).rcode() == dns.rcode.NOERROR


async def test_a_bogus_answer_comes_only_where_checking_is_disabled() -> None:
    faults = {"healthy.example": Fault.BOGUS}
    async with ScriptedDns(ZONE, faults=faults, authenticated=["."]) as server:
        assert (await over_udp(server, "healthy.example", "MX")).rcode() == dns.rcode.SERVFAIL
        query = dns.message.make_query("healthy.example", "MX", want_dnssec=True)
        query.flags |= dns.flags.CD
        host, port = server.address
        answer = await dns.asyncquery.udp(query, host, port=port)
    assert len(records(answer)) == 2
    assert not answer.flags & dns.flags.AD


async def test_silence_leaves_a_query_unanswered_while_others_go_on() -> None:
    async with ScriptedDns(ZONE, faults={"healthy.example MX": Fault.SILENCE}) as server:
        waiting = asyncio.create_task(over_tcp(server, "healthy.example", "MX"))
        while not server.queries:
            await over_tcp(server, "mx1.healthy.example", "A")
        assert not waiting.done()
    with pytest.raises(EOFError):
        await waiting


@pytest.mark.parametrize("fault", [{"large.example": Fault.TRUNCATED}, {}])
async def test_what_is_cut_over_udp_is_whole_over_tcp(fault: dict[str, Fault]) -> None:
    async with ScriptedDns(ZONE, faults=fault) as server:
        cut = await over_udp(server, "large.example", "TXT")
        whole = await over_tcp(server, "large.example", "TXT")
    assert cut.flags & dns.flags.TC
    assert records(cut) == []
    assert not whole.flags & dns.flags.TC
    assert len(records(whole)) == 1


@pytest.mark.parametrize(
    ("name", "rdtype", "authenticated"),
    [
        ("mx1.healthy.example", "A", True),
        ("_25._tcp.mx1.healthy.example", "TLSA", True),
        ("alias.healthy.example", "A", False),
        ("healthy.example", "MX", False),
        (".", "SOA", True),
    ],
)
async def test_only_authenticated_names_carry_ad(
    name: str, rdtype: str, *, authenticated: bool
) -> None:
    async with ScriptedDns(ZONE, authenticated=["mx1.healthy.example"]) as server:
        host, port = server.address
        query = dns.message.make_query(name, rdtype, want_dnssec=True)
        answer = await dns.asyncquery.udp(query, host, port=port)
        plain = await over_udp(server, name, rdtype)
    assert bool(answer.flags & dns.flags.AD) is authenticated
    assert not plain.flags & dns.flags.AD


async def test_what_is_no_query_is_not_answered() -> None:
    async with ScriptedDns(ZONE) as server:
        reader, writer = await asyncio.open_connection(*server.address)
        writer.write(b"\x00\x03abc")
        query = dns.message.make_query("healthy.example", "MX").to_wire()
        writer.write(len(query).to_bytes(2) + query)
        size = int.from_bytes(await reader.readexactly(2))
        answer = dns.message.from_wire(await reader.readexactly(size))
        writer.close()
    assert len(records(answer)) == 2
