"""Servers that are hostile in TLS, behind a healthy answer to STARTTLS."""

import asyncio
import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, repeat

from mxcheck.demo.loopback import Connection
from mxcheck.demo.smtp_script import Tls
from mxcheck.demo.smtp_server import ScriptedSmtp
from tests.hostile.certs import (
    broken_extension,
    chain_of,
    circling,
    giant_rsa,
    many_names,
    too_giant_rsa,
    weird_subject,
)
from tests.hostile.speech import READY, Conversation, talk
from tests.hostile.tls_wire import (
    ALERT,
    HANDSHAKE,
    HELLO_REQUEST,
    SERVER_HELLO_DONE,
    TICKET,
    WORDS,
    Begun,
    begin,
    certificates,
    message,
    record,
    server_hello,
)
from tests.hostile.world import (
    AT_BAD,
    BAD_ISSUED,
    BAD_SCRIPT,
    BAD_TLS,
    HURRIED,
    Case,
    Want,
    fails,
    passes,
    raw,
    unknown,
)

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
WORDLESS = "more than 256 KiB of TLS came without a word in them"


def flight(parts: tuple[bytes, ...], more: bytes) -> Conversation:
    """Answer the ClientHello with these bytes, and then with `more`, over and over."""

    async def converse(connection: Connection) -> None:
        await talk(connection, until="STARTTLS")
        await connection.send(READY)
        await connection.anything()
        await pour(connection, chain(parts, repeat(more) if more else ()))

    return converse


def inside(version: ssl.TLSVersion, parts: Callable[[Begun], Iterable[bytes]]) -> Conversation:
    """Say this in place of the reply to EHLO, or anything else, once TLS has begun."""

    async def converse(connection: Connection) -> None:
        await talk(connection, until="STARTTLS")
        await connection.send(READY)
        begun = await begin(connection, BAD_TLS, version)
        await pour(connection, parts(begun))

    return converse


async def pour(connection: Connection, parts: Iterable[bytes]) -> None:
    """Send all of it, with turns for the loop's other work, and then nothing more."""
    for part in parts:
        await connection.send(part)
        await asyncio.sleep(0)
    await connection.lost.wait()


def key_updates(begun: Begun) -> Iterator[bytes]:
    """New keys over and over, for which the client has to change its own (RFC 8446 4.6.3)."""
    sealer = begun.sealer13()
    for _ in repeat(None):
        yield b"".join(sealer.new_keys() for _ in range(100))


def ticket_flood(begun: Begun) -> Iterator[bytes]:
    """NewSessionTicket messages (RFC 8446 4.6.1)."""
    sealer = begun.sealer13()
    ticket = message(TICKET, bytes(8) + b"\x01\0" + b"\x01\0" + b"t" * 256 + b"\0\0")
    for _ in repeat(None):
        yield b"".join(sealer.seal(HANDSHAKE, ticket) for _ in range(10))


def hello_requests(begun: Begun) -> Iterator[bytes]:
    """What asks the client to shake hands again, over and over (RFC 5246 7.4.1.1)."""
    sealer = begun.sealer12()
    for _ in repeat(None):
        yield b"".join(sealer.seal(HANDSHAKE, message(HELLO_REQUEST)) for _ in range(100))


def empty_words(begun: Begun) -> Iterator[bytes]:
    sealer = begun.sealer13()
    for _ in repeat(None):
        yield b"".join(sealer.seal(WORDS, b"") for _ in range(10))


def flood_of_words(begun: Begun) -> Iterator[bytes]:
    for _ in repeat(None):
        yield begun.words(b"250-more\r\n" * 1000)


LEAF, ABOVE = BAD_ISSUED.der_chain
HELLO = server_hello()
FAILED = "tls-handshake-failed"


def handshake(name: str, words: str, *parts: bytes, more: bytes = b"") -> Case:
    """A flight in clear, and what is said of the handshake."""
    conversation = flight(parts, more)
    return Case(name=f"handshake: {name}", servers=raw(conversation), wants=(fails(FAILED, words),))


HANDSHAKES = (
    replace(
        handshake("stall", "was not complete after 1.5 s (--timeout)"),
        wants=(unknown(FAILED, "was not complete after 1.5 s (--timeout)"),),
        settings=HURRIED,
        exit_code=3,
    ),
    handshake("garbage", "the server's answer is not TLS", b"\xff" * 100_000),
    handshake("endless garbage", "the server's answer is not TLS", more=b"no TLS\r\n" * 999),
    handshake(
        "endless requests to begin",
        WORDLESS,
        HELLO,
        more=record(HANDSHAKE, message(HELLO_REQUEST) * 4000),
    ),
    handshake(
        "endless empty records", "record too small", HELLO, more=record(HANDSHAKE, b"") * 1000
    ),
    replace(
        handshake("ten warnings", "too many warn alerts", HELLO, record(ALERT, b"\x01\x5a") * 10),
        settings=HURRIED,
    ),
    handshake(
        "endless warnings", "too many warn alerts", HELLO, more=record(ALERT, b"\x01\x5a") * 1000
    ),
    replace(
        handshake("an endless message", "100 KiB", HELLO, record(HANDSHAKE, b"\x0b\xff\xff\xff")),
        settings=HURRIED,
    ),
    handshake(
        "1,000 certificates", "100 KiB of certificates", HELLO, certificates([LEAF, *[ABOVE] * 999])
    ),
    handshake(
        "an RSA key of 65,536 bits",
        "bad rsa encrypt",
        *(HELLO, certificates(too_giant_rsa()), SERVER_HELLO_DONE),
    ),
)

SESSIONS = (
    ("a flood of new keys", TLS13, key_updates, "smtp-ehlo-refused", WORDLESS),
    ("a flood of tickets", TLS13, ticket_flood, "smtp-ehlo-refused", WORDLESS),
    ("a flood of empty records", TLS13, empty_words, FAILED, "record too small"),
    ("requests to begin again", TLS12, hello_requests, "smtp-ehlo-refused", WORDLESS),
    ("a flood of lines", TLS13, flood_of_words, "smtp-ehlo-refused", "within 100 lines"),
)


def sessions() -> Iterator[Case]:
    for name, version, parts, rule, words in SESSIONS:
        wants = (fails(rule, words),)
        yield Case(name=f"session: {name}", servers=raw(inside(version, parts)), wants=wants)


def certified(name: str, tls: Callable[[], Tls], *wants: Want, exit_code: int = 1) -> Case:
    return Case(
        name=f"certificate: {name}",
        servers=lambda: {AT_BAD: ScriptedSmtp(replace(BAD_SCRIPT, tls=tls()))},
        wants=wants,
        exit_code=exit_code,
    )


CERTIFICATES = (
    certified("1,000 of them", partial(chain_of, 1000), fails(FAILED, "100 KiB of certificates")),
    certified("200 of them", partial(chain_of, 200), passes("cert-untrusted"), exit_code=0),
    certified(
        "4,000 names", partial(many_names, 4000), fails("cert-name-mismatch", "lists 0.example, 1.")
    ),
    certified(
        "100,000 names", partial(many_names, 100_000), fails(FAILED, "100 KiB of certificates")
    ),
    certified("a weird subject", weird_subject, passes("cert-name-mismatch")),
    certified("a broken extension", broken_extension, passes("cert-key-weak")),
    certified("an RSA key of 15,636 bits", giant_rsa, passes("cert-key-weak"), exit_code=0),
    certified("in a circle", partial(circling, 2), fails("cert-chain-incomplete")),
    certified("200 of two names", partial(circling, 200), fails("cert-untrusted")),
)

CASES = (*HANDSHAKES, *sessions(), *CERTIFICATES)
