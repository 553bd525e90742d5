"""TLS from its bytes: what a server answers, alerts, and the ClientHello that OpenSSL reads."""

import hashlib
import ssl
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mxcheck.demo.smtp_script import Tls
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.tls import Alert, HelloAnswer, ServerHello
from mxcheck.wire.client_hello import RANDOM_SIZE, build_client_hello
from mxcheck.wire.server_hello import MAX_ANSWER, AnswerReader
from mxcheck.wire.tls_alert import (
    ALERTS,
    make_alert,
    parse_last_alert,
    parse_openssl_alert,
)
from mxcheck.wire.tls_record import ALERT
from mxcheck.wire.tls_version import WIRE_VERSIONS
from tests.build import HOST, authority
from tests.fuzz.pieces import CUTS, cut
from tests.keys import rsa_key

HANDSHAKE = 22


def sized(content: bytes, size: int) -> bytes:
    return len(content).to_bytes(size, "big") + content


def record(content: bytes, kind: int = HANDSHAKE) -> bytes:
    return bytes((kind, 3, 1)) + sized(content, 2)


def message(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + sized(body, 3)


VERSIONS = st.sampled_from([*WIRE_VERSIONS.values(), 0x0000, 0x7F1C, 0xFFFF])
EXTENSIONS = st.lists(
    st.tuples(st.sampled_from([43, 51, 0xFFFF]), st.binary(max_size=6)).map(
        lambda pair: pair[0].to_bytes(2, "big") + sized(pair[1], 2)
    ),
    max_size=3,
).map(b"".join)


@st.composite
def hellos(draw: st.DrawFn) -> bytes:
    version = draw(VERSIONS).to_bytes(2, "big")
    session = sized(draw(st.binary(max_size=33)), 1)
    suite = draw(st.sampled_from([0x1301, 0xC02F, 0x002F, 0x0005])).to_bytes(2, "big")
    return message(2, version + bytes(32) + session + suite + b"\0" + sized(draw(EXTENSIONS), 2))


CERTIFICATES = st.lists(st.binary(max_size=80).map(lambda der: sized(der, 3)), max_size=3).map(
    lambda chain: message(11, sized(b"".join(chain), 3))
)
MESSAGES = (
    hellos()
    | CERTIFICATES
    | st.binary(max_size=80).map(lambda body: message(12, body))
    | st.sampled_from([message(14, b""), message(12, bytes(9))])
    | st.binary(max_size=12)
)


@st.composite
def flights(draw: st.DrawFn) -> bytes:
    """Messages cut into records anywhere, with alerts and noise between them."""
    said = b"".join(draw(st.lists(MESSAGES, max_size=5)))
    records = [record(piece) for piece in cut(said, draw(CUTS))]
    alerts = st.binary(min_size=1, max_size=4).map(lambda body: record(body, ALERT))
    noise = draw(st.lists(alerts | st.binary(max_size=6), max_size=2))
    return b"".join(draw(st.permutations([*records, *noise])) if noise else records)


def read(pieces: list[bytes]) -> HelloAnswer | None:
    reader = AnswerReader()
    answers = (reader.feed(piece) for piece in pieces)
    return next((answer for answer in answers if answer is not None), None)


LONG_VERSION = message(
    2, b"\3\3" + bytes(33) + b"\x13\1\0" + sized(b"\0\x2b" + sized(bytes(4000), 2), 2)
)


@given(flights(), CUTS)
@example(record(LONG_VERSION), [])
def test_an_answer_is_the_same_however_it_is_cut(flight: bytes, locations: list[int]) -> None:
    answer = read(cut(flight, locations))
    assert answer == read([flight])
    if isinstance(answer, Unseen):
        assert answer.trouble is Trouble.MALFORMED
        assert len(answer.detail) < 120
    elif isinstance(answer, ServerHello):
        assert answer.version in WIRE_VERSIONS
        assert bytes((HANDSHAKE, 3)) in flight


SUITES = {
    0x1301: "TLS_AES_128_GCM_SHA256",
    0xC02F: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    0x000A: "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    0x7777: "suite 0x7777",
}


@st.composite
def honest_flights(draw: st.DrawFn) -> tuple[ServerHello, bytes]:
    """A first flight as RFC 5246 7.3 and RFC 8446 4.1.3 have it, and what is to be read in it."""
    version, suite = draw(st.sampled_from(list(WIRE_VERSIONS))), draw(st.sampled_from(list(SUITES)))
    chain = tuple(draw(st.lists(st.binary(min_size=1, max_size=300), max_size=3)))
    extensions = draw(st.sampled_from([b"", b"\xff\1\0\1\0", b"\0\x17\0\0"]))
    if version == "TLSv1.3":
        extensions += b"\0\x2b\0\2\3\4"
    number = min(WIRE_VERSIONS[version], 0x0303).to_bytes(2, "big")
    session = sized(draw(st.binary(max_size=32)), 1)
    body = number + bytes(32) + session + suite.to_bytes(2, "big") + b"\0" + sized(extensions, 2)
    messages = message(2, body)
    if version != "TLSv1.3":
        certificates = sized(b"".join(sized(one, 3) for one in chain), 3)
        messages += message(11, certificates) + message(14, b"")
    wanted = ServerHello(
        version=version,
        cipher=SUITES[suite],
        renegotiation_info=extensions.startswith(b"\xff\1"),
    )
    if version != "TLSv1.3":
        wanted = replace(wanted, chain=chain)
    return wanted, b"".join(record(piece) for piece in cut(messages, draw(CUTS)))


@given(honest_flights(), CUTS)
def test_a_flight_is_read_as_it_was_written(
    case: tuple[ServerHello, bytes], locations: list[int]
) -> None:
    wanted, flight = case
    warning = record(bytes((1, 112)), ALERT)  # unrecognized_name, RFC 6066 3
    assert read(cut(flight, locations)) == wanted
    assert read([warning, flight]) == wanted


@given(honest_flights(), st.integers(1, 200))
def test_half_a_flight_is_no_answer(case: tuple[ServerHello, bytes], missing: int) -> None:
    _, flight = case
    assert read([flight[: max(0, len(flight) - missing)]]) is None


@given(honest_flights(), st.sampled_from([0, 20, 23, 24, 0x48, 0x80]), st.integers(0, 4))
def test_what_is_not_tls_is_no_answer(
    case: tuple[ServerHello, bytes], kind: int, major: int
) -> None:
    _, flight = case
    alien = bytes((kind,)) + flight[1:]
    old = flight[:1] + bytes((major,)) + flight[2:]
    late = record(message(11, b"")) + flight  # RFC 5246 7.3: a ServerHello comes first
    other = flight[:5] + bytes((1,)) + flight[6:]
    empty, huge = record(b"") + flight, flight[:3] + b"\xff\xff" + bytes(65535)
    unknown = record(message(2, b"\x7f\x1c" + bytes(33) + b"\x13\1\0\0\0") + message(14, b""))
    for said in (alien, unknown, late, other, empty, huge, *([old] if major != 3 else [])):
        answer = read([said])
        assert isinstance(answer, Unseen)
        assert answer.trouble is Trouble.MALFORMED


@given(st.lists(hellos(), min_size=1, max_size=2), st.integers(1, 16384))
def test_no_flight_is_read_without_end(begun: list[bytes], size: int) -> None:
    reader = AnswerReader()
    reader.feed(record(b"".join(begun)))
    fed = 0
    answer: HelloAnswer | None = None
    while answer is None:
        # A certificate that is said to be longer than any flight.
        piece = bytes((11, 0xFF, 0xFF, 0xFF)) if not fed else b""
        answer = reader.feed(record(piece + bytes(size)))
        fed += size
        assert fed <= MAX_ANSWER + size


def serve(hello: bytes, context: ssl.SSLContext) -> bytes:
    """What OpenSSL answers to a ClientHello."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(hello)
    with pytest.raises(ssl.SSLError):
        server.do_handshake()
    return outgoing.read()


ISSUED = authority().issue(names=(HOST,), key=rsa_key())
NAMES: list[str | None] = []


def context_of(version: ssl.TLSVersion) -> ssl.SSLContext:
    tls = Tls(
        chain_pem=ISSUED.chain_pem,
        key_pem=ISSUED.key_pem,
        minimum_version=version,
        maximum_version=version,
    )
    context = tls.context()
    context.sni_callback = lambda _tls, name, _context: NAMES.append(name)
    return context


CONTEXTS = {
    "TLSv1.2": context_of(ssl.TLSVersion.TLSv1_2),
    "TLSv1.3": context_of(ssl.TLSVersion.TLSv1_3),
}


@given(
    st.from_regex(r"[a-z0-9_-]{1,30}(\.[a-z0-9-]{1,20}){0,3}", fullmatch=True) | st.text(),
    st.sampled_from(list(CONTEXTS)),
    # As random as the real one: some key shares, such as zeros, are none.
    st.binary(max_size=8).map(lambda seed: hashlib.sha512(seed).digest()[:RANDOM_SIZE]),
)
def test_openssl_reads_every_client_hello(name: str, best: str, random: bytes) -> None:
    NAMES.clear()
    answer = read([serve(build_client_hello(name, best, random), CONTEXTS[best])])
    assert isinstance(answer, ServerHello)
    assert answer.version == best
    assert NAMES in ([name], [None])
    assert best == "TLSv1.3" or answer.chain == ISSUED.der_chain


@given(st.binary(max_size=30), st.integers(0, 255), st.integers(0, 255))
def test_the_alert_at_the_end_is_found(before: bytes, level: int, description: int) -> None:
    alert = record(bytes((level, description)), ALERT)
    assert parse_last_alert(before + alert) == make_alert(level, description)


@given(st.text(max_size=60), st.sampled_from(sorted(ALERTS.values())))
def test_words_of_openssl_name_an_alert_or_none(words: str, name: str) -> None:
    assert parse_openssl_alert(words) in {"", *ALERTS.values()}
    said = f"[SSL] tlsv1 alert {name.replace('_', ' ')} (_ssl.c:1006)"
    assert parse_openssl_alert(said) == name
    assert make_alert(2, 40) == Alert(level="fatal", description="handshake_failure")
