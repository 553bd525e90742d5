"""Policy hosts of MTA-STS that are hostile."""

import asyncio
import gzip
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, repeat

from mxcheck.demo.https_server import ScriptedHttps, Site, http_response
from mxcheck.demo.loopback import Connection
from mxcheck.demo.smtp_script import Act, Answer, Handshake, Paced, Tls
from mxcheck.demo.smtp_server import ScriptedSmtp
from tests.hostile.tls_cases import TLS13, WORDLESS, key_updates, pour
from tests.hostile.tls_wire import begin
from tests.hostile.world import (
    AT_BAD,
    AT_POLICY,
    BAD,
    BAD_MX,
    BAD_POLICY,
    BAD_SCRIPT,
    BAD_ZONE,
    HURRIED,
    ISSUER,
    POLICY_ADDRESS,
    Case,
    RawServer,
    Server,
    Servers,
    Want,
    fails,
    unknown,
)

ISSUED = ISSUER.issue(names=(BAD_POLICY,))
TLS = Tls(chain_pem=ISSUED.chain_pem, key_pem=ISSUED.key_pem)
ZONE = f"""{BAD_ZONE}
_mta-sts.{BAD}. TXT "v=STSv1; id=20261101;"
_smtp._tls.{BAD}. TXT "v=TLSRPTv1; rua=mailto:tls@{BAD}"
{BAD_POLICY}. A {POLICY_ADDRESS}
"""
OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"
BOMB = gzip.compress(bytes(30_000_000))
PATTERNS = b"".join(b"mx: m%d.bad.example\r\n" % number for number in range(2500))
LONG_POLICY = b"version: STSv1\r\nmode: enforce\r\nmax_age: 604800\r\n" + PATTERNS
UNFETCHABLE, INVALID = "mta-sts-policy-unfetchable", "mta-sts-policy-invalid"


def endless(part: bytes, begun: bytes = b"") -> Paced:
    return Paced(parts=chain((begun,), repeat(part)), pace=lambda: asyncio.sleep(0))


def behind(policy_host: Callable[[], Server]) -> Callable[[], Servers]:
    """A healthy MX host, and a policy host that is none."""
    return lambda: {AT_BAD: ScriptedSmtp(BAD_SCRIPT), AT_POLICY: policy_host()}


def case(name: str, policy_host: Callable[[], Server], want: Want) -> Case:
    return Case(name=f"policy: {name}", servers=behind(policy_host), zone=ZONE, wants=(want,))


def answering(name: str, answer: Answer, words: str, rule: str = UNFETCHABLE) -> Case:
    """A policy host whose TLS is in order."""
    site = Site(tls=TLS, answer=answer)
    return case(name, lambda: ScriptedHttps(site), fails(rule, words))


def shaking(name: str, handshake: Handshake | Tls, words: str) -> Case:
    site = Site(tls=handshake)
    return case(name, lambda: ScriptedHttps(site), fails(UNFETCHABLE, words))


def too_late(name: str, site: Site, words: str = "no answer within") -> Case:
    """A policy host that may answer later: senders wait a minute, also while bytes come."""
    want = unknown(UNFETCHABLE, f"{words} 3 s (twice --timeout)")
    return replace(case(name, lambda: ScriptedHttps(site), want), exit_code=3)


async def new_keys(connection: Connection) -> None:
    """Complete the handshake, and then change the keys over and over."""
    begun = await begin(connection, TLS, TLS13)
    await pour(connection, key_updates(begun))


DRIP = Paced(parts=repeat(b"H"), pace=lambda: asyncio.sleep(0.02))
SLOW = (
    too_late("drip", Site(tls=TLS, answer=DRIP), "the answer was not complete after"),
    too_late("silence", Site(tls=TLS, answer=Act.SILENCE)),
    too_late("TLS stall", Site(tls=Handshake.STALL)),
)
CASES = (
    *(replace(slow, settings=HURRIED) for slow in SLOW),
    answering("endless header fields", endless(b"x: y\r\n" * 100, OK), "within 64 KiB"),
    answering("an endless header field", endless(b"y" * 4096, OK + b"x: "), "within 64 KiB"),
    answering("an endless status line", endless(b"2" * 4096, b"HTTP/1.1 "), "within 64 KiB"),
    answering("endless 1xx", endless(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50), "within 64 KiB"),
    answering("an endless body", endless(b"a" * 4096, OK + b"\r\n"), "longer than 64 KiB"),
    answering("endless chunks of a byte", endless(b"1\r\na\r\n" * 500, CHUNKED), "than 64 KiB"),
    answering("an endless chunk", endless(b"0" * 999, CHUNKED), "within 512 KiB"),
    answering("64 KiB and a byte", http_response(b"a" * 65537), "longer than 64 KiB"),
    answering("a bomb", http_response(BOMB, content_encoding="gzip"), "compressed, unasked"),
    answering("a bomb that does not say so", http_response(BOMB), "wanted UTF-8", INVALID),
    answering("a redirect", http_response(b"", "302 Found", location="https://127.0.0.1/"), "302"),
    answering("HTTP/2", b"\0\0\0\4\0\0\0\0\0" * 9, "the answer is not HTTP"),
    answering("NULs", http_response(bytes(60_000)), "wanted `name: value`", INVALID),
    answering("2,500 patterns", http_response(LONG_POLICY), BAD_MX, "mta-sts-mx-unlisted"),
    shaking("no TLS", Handshake.GARBAGE, "the server's answer is not TLS"),
    case("a flood of new keys", lambda: RawServer(new_keys), fails(UNFETCHABLE, WORDLESS)),
)
