"""Servers that are hostile in the words of SMTP."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, repeat

from mxcheck.demo.smtp_script import Act, Answer, Paced, Script
from tests.hostile.speech import BYE, EHLO, GREETING, NO, OK, READY, after
from tests.hostile.world import (
    BAD_MX,
    BAD_SCRIPT,
    HURRIED,
    SETTINGS,
    Case,
    Want,
    fails,
    of,
    passes,
    raw,
    unknown,
)
from tests.probe.harness import BYTE_FLOOD, LINE_FLOOD, then_silence

DRIP = Paced(parts=repeat(b"2"), pace=lambda: asyncio.sleep(0.02))
EXTENSIONS = b"".join(b"250-X%d\r\n" % number for number in range(10_000)) + b"250 DSN\r\n"
HEAVY_LINE = ("\U0001d54f" * 15_000).encode()
"""A line of 60,000 bytes, of characters for which Python takes four bytes each."""


def heavy(code: bytes) -> bytes:
    """As many lines as a reply may have, each almost as long as one may be."""
    return b"".join(code + mark + HEAVY_LINE + b"\r\n" for mark in [b"-"] * 99 + [b" "])


# What a server may send in place of a reply, and what the probe says to it.
NO_REPLY: dict[str, tuple[Answer, str]] = {
    "flood of lines": (LINE_FLOOD, "the reply does not end within 100 lines"),
    "flood in one line": (BYTE_FLOOD, "a line does not end within 64 KiB"),
    "10,000 lines": (EXTENSIONS, "the reply does not end within 100 lines"),
    "NULs": (bytes(600) + b"\r\n", "is not an SMTP reply line"),
    "invalid UTF-8": (b"\xff\xfe\xc0\x80\r\n", r"\\xff\\xfe\\xc0\\x80"),
    "two codes": (b"250-mx\r\n354 mx\r\n", "the reply code changes from 250 to 354"),
    "bare LF": (b"250-mx\n\n250 mx\n", "the line '' is not an SMTP reply line"),
    "bare CR": (b"2\r5\r0\r\r\n", "is not an SMTP reply line"),
    "drip": (DRIP, "though bytes kept coming"),
    "silence": (Act.SILENCE, "no reply within"),
    "line without end": (then_silence(b"250 mx"), "though bytes kept coming"),
}
SLOW = ("drip", "silence", "line without end")
SOME = ("flood of lines", "flood in one line", "invalid UTF-8")
STRAY = {("EHLO", "invalid UTF-8")}
"""What may belong to the greeting: the real answer to EHLO is waited for."""


def at_rcpt(answer: Answer) -> Script:
    return replace(BAD_SCRIPT, recipient=lambda _sender, _recipient: answer)


def stage(
    name: str,
    spoil: Callable[[Answer], Script],
    want: Callable[[str], Want],
    kinds: Iterable[str] = SOME,
    exit_code: int = 1,
) -> Iterator[Case]:
    """These kinds of no reply, where one is due."""
    for kind in kinds:
        answer, words = NO_REPLY[kind]
        yield Case(
            name=f"{name}: {kind}",
            servers=of(spoil(answer)),
            wants=(want(words),),
            exit_code=exit_code,
            settings=HURRIED if kind in SLOW or (name, kind) in STRAY else SETTINGS,
        )


STAGES = chain(
    stage(
        "greeting",
        lambda answer: replace(BAD_SCRIPT, greeting=answer),
        lambda words: fails("smtp-greeting-bad", words),
        sorted(set(NO_REPLY) - {"silence"}),
    ),
    stage(
        "greeting",
        lambda answer: replace(BAD_SCRIPT, greeting=answer),
        lambda _words: unknown("smtp-greeting-bad", "no reply within 1.5 s (--greeting-timeout)"),
        ("silence",),
        exit_code=3,
    ),
    stage(
        "EHLO",
        lambda answer: replace(BAD_SCRIPT, ehlo=answer),
        lambda words: fails("smtp-ehlo-refused", words),
        (*SOME, "10,000 lines", "drip"),
    ),
    stage(
        "STARTTLS",
        lambda answer: replace(BAD_SCRIPT, starttls=answer),
        lambda words: fails("starttls-refused", words),
    ),
    stage("RCPT", at_rcpt, lambda words: unknown("open-relay", words), exit_code=3),
)

OTHERS = (
    Case(
        name="a greeting with NULs, invalid UTF-8 and a bare CR",
        servers=of(replace(BAD_SCRIPT, greeting=b"220 mx.bad.example \0\xff\r250 x\r\n")),
        wants=(passes("smtp-greeting-bad", r"\xff"),),
        exit_code=0,
    ),
    Case(
        name="talks before its turn: two greetings",
        servers=of(replace(BAD_SCRIPT, greeting=GREETING + GREETING)),
        wants=(fails("smtp-greeting-bad", "the server speaks out of turn: '220 mx.bad"),),
    ),
    Case(
        name="talks before its turn: all answers at once",
        servers=of(replace(BAD_SCRIPT, greeting=GREETING + EHLO + READY)),
        wants=(fails("smtp-greeting-bad", "the server speaks out of turn: '250-mx.bad"),),
    ),
    Case(
        name="talks before its turn: after its answer to STARTTLS",
        servers=of(replace(BAD_SCRIPT, starttls=READY + OK * 10_000)),
        wants=(fails("tls-handshake-failed", "the server's answer is not TLS"),),
    ),
    Case(
        name="answers out of order",
        servers=raw(after("MAIL", NO + OK)),
        wants=(unknown("open-relay", "no reply within 1.5 s"),),
        settings=HURRIED,
        exit_code=3,
    ),
    Case(
        name="heavy replies everywhere",
        servers=of(
            replace(
                BAD_SCRIPT,
                greeting=heavy(b"220"),
                ehlo=heavy(b"250"),
                starttls=heavy(b"502"),
                mail=heavy(b"250"),
                recipient=lambda _sender, _recipient: heavy(b"550"),
            )
        ),
        wants=(fails("starttls-missing"), passes("smtp-greeting-bad", "greets with 220")),
        mib=16,
    ),
    Case(
        name="always a moment before the limit",
        servers=of(at_rcpt(Paced(parts=(NO,), pace=lambda: asyncio.sleep(0.3)))),
        wants=(unknown("open-relay", f"the visits to {BAD_MX} took longer than 0.5 s in all"),),
        settings=replace(SETTINGS, host_timeout=0.5),
        exit_code=3,
    ),
    Case(
        name="never closes after QUIT",
        servers=raw(after("QUIT", BYE)),
        wants=(passes("open-relay"),),
        exit_code=0,
    ),
    Case(
        name="silent at QUIT",
        servers=raw(after("QUIT")),
        wants=(passes("open-relay"),),
        exit_code=0,
        settings=HURRIED,
    ),
    Case(
        name="flood after QUIT",
        servers=raw(after("QUIT", BYE, *repeat(b"250-more\r\n" * 1000, 1000))),
        wants=(passes("open-relay"),),
        exit_code=0,
    ),
)

CASES = (*STAGES, *OTHERS)
