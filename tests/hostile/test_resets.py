"""A server that resets the connection behind any one byte of all that it says."""

from collections.abc import Callable, Iterator
from itertools import accumulate

from mxcheck.demo.loopback import Connection
from mxcheck.model.endpoint import HostPort
from mxcheck.probe.settings import SMTP_PORT
from tests.hostile.client import Measured, Result
from tests.hostile.speech import EHLO, EHLO_IN_TLS, GREETING, NO, OK, READY, reset, talk
from tests.hostile.tls_wire import SERVER_HELLO_DONE, certificates, server_hello
from tests.hostile.world import BAD, BAD_ISSUED, Case, RawServer, Server, ensure_unharmed, run

# What a healthy visit hears, and the rule that has to say so where that breaks off.
STAGES = (
    (GREETING, "smtp-greeting-bad"),
    (EHLO, "smtp-ehlo-refused"),
    (READY, "starttls-refused"),
    (EHLO_IN_TLS, "tls-handshake-failed"),
    # MAIL and RCPT for an outside recipient, RCPT for the control; then RSET, MAIL, RCPT twice.
    (OK + NO + OK + OK * 2 + NO + OK * 2 + NO, "open-relay"),
)
RULES = tuple(rule for _, rule in STAGES)
ENDS = tuple(accumulate(len(words) for words, _ in STAGES))
FLIGHT = server_hello(0xC02C) + certificates(BAD_ISSUED.der_chain) + SERVER_HELLO_DONE
AT_ONCE = {"smtp-unreachable", "smtp-greeting-bad", "smtp-ehlo-refused"}
"""Where the greeting is not over, the reset may come in before the connection is there."""

Cut = tuple[RawServer, set[str]]
"""A server, and the rules of which one has to speak of the reset."""


def cuts() -> Iterator[Cut]:
    for size in range(ENDS[-1]):
        rule = next(rule for rule, end in zip(RULES, ENDS, strict=True) if size < end)
        yield cut_words(size), AT_ONCE if size <= ENDS[0] else {rule}
    for size in range(0, len(FLIGHT), 41):
        yield cut_flight(size), {"tls-handshake-failed"}


def cut_words(size: int) -> RawServer:
    """Say so many bytes on each connection, and reset it."""

    async def converse(connection: Connection) -> None:
        left = size

        async def say(words: bytes) -> None:
            nonlocal left
            await connection.send(words[:left])
            left -= len(words)
            if left <= 0:
                reset(connection)
                raise ConnectionResetError

        await talk(connection, until="QUIT", say=say)

    return RawServer(converse)


def cut_flight(size: int) -> RawServer:
    """Answer the ClientHello with so many bytes, and reset the connection."""

    async def converse(connection: Connection) -> None:
        await talk(connection, until="STARTTLS")
        await connection.send(READY)
        await connection.anything()
        await connection.send(FLIGHT[:size])
        reset(connection)

    return RawServer(converse)


async def run_over(servers: list[RawServer]) -> tuple[Measured, list[str]]:
    """One run over a domain for each server, and the domains."""
    domains = [f"cut{number}.{BAD}" for number in range(len(servers))]
    zone, behind = "", dict[HostPort, Server]()
    for number, server in enumerate(servers):
        address = f"203.0.{116 + number // 256}.{number % 256}"
        zone += f"cut{number}.{BAD}. MX 10 m{number}.{BAD}.\nm{number}.{BAD}. A {address}\n"
        behind[address, SMTP_PORT] = server
    case = Case(name="resets", servers=lambda: behind, wants=(), domains=tuple(domains), zone=zone)
    return await run(case), domains


def is_about_a_reset(result: Result) -> bool:
    wanted = "unknown" if result.rule == "open-relay" else "fail"
    return result.outcome == wanted and "connection reset by the other side" in result.message


async def test_a_reset_behind_each_byte(record_property: Callable[[str, object], None]) -> None:
    servers, rules = zip(*cuts(), strict=True)
    measured, domains = await run_over(list(servers))
    record_property("seconds", round(measured.seconds, 2))
    record_property("mib", round(measured.peak, 1))
    ensure_unharmed(measured)
    assert measured.exit_code == 1
    for domain, asked in zip(domains, rules, strict=True):
        results = [one for one in measured.results(domain) if one.rule in asked]
        assert any(map(is_about_a_reset, results)), results
    assert measured.seconds < 30
    assert measured.peak < len(domains) / 2


async def test_a_reset_behind_the_last_byte_that_counts() -> None:
    """The goodbye of a server proves nothing more, nor does its lack."""
    servers = [cut_words(ENDS[-1] + more) for more in range(3)]
    measured, domains = await run_over(servers)
    for domain in domains:
        (relay,) = (one for one in measured.results(domain) if one.rule == "open-relay")
        assert relay.outcome == "pass"
