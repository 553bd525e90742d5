import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.demo.smtp_script import Tls
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.tls import Alert, HelloAnswer, ServerHello
from mxcheck.wire.client_hello import RANDOM_SIZE, build_client_hello
from mxcheck.wire.server_hello import MAX_ANSWER, AnswerReader
from mxcheck.wire.tls_alert import ALERTS
from mxcheck.wire.tls_version import WIRE_VERSIONS
from tests.build import HOST, authority
from tests.keys import rsa_key

RANDOM = bytes(range(RANDOM_SIZE))
VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
ISSUED = authority().issue(names=(HOST,), key=rsa_key())


def record(content: bytes, kind: int = 22, version: int = 1) -> bytes:
    return bytes((kind, 3, version)) + len(content).to_bytes(2, "big") + content


def message(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + len(body).to_bytes(3, "big") + body


def hello(version: int = 0x0302, suite: int = 0x002F, extensions: bytes = b"") -> bytes:
    tail = len(extensions).to_bytes(2, "big") + extensions if extensions else b""
    fixed = version.to_bytes(2, "big") + bytes(32) + b"\0"
    return message(2, fixed + suite.to_bytes(2, "big") + b"\0" + tail)


CERTIFICATE, DONE = message(11, bytes(3000)), message(14, b"")
FLIGHT = hello() + CERTIFICATE + DONE
CHOSEN = ServerHello(version="TLSv1.1", cipher="TLS_RSA_WITH_AES_128_CBC_SHA")
SELECTED_13 = bytes.fromhex("002b00020304")


def read(*parts: bytes) -> HelloAnswer | None:
    reader = AnswerReader()
    answer = None
    for part in parts:
        answer = answer or reader.feed(part)
    return answer


@pytest.mark.parametrize(
    "parts",
    [
        (record(FLIGHT),),
        (record(hello()), record(CERTIFICATE), record(DONE)),
        (record(FLIGHT[:10]) + record(FLIGHT[10:]),),
        tuple(bytes((byte,)) for byte in record(FLIGHT)),
        tuple(record(bytes((byte,))) for byte in FLIGHT),
        (record(FLIGHT) + b"whatever comes later",),
        # RFC 6066 3: an old server warns of the name, and goes on.
        (record(b"\x01\x70", kind=21), record(FLIGHT)),
        (record(b"\x01", kind=21) + record(b"\x70", kind=21) + record(FLIGHT),),
    ],
)
def test_a_flight_however_it_is_cut(parts: tuple[bytes, ...]) -> None:
    assert read(*parts) == CHOSEN


@pytest.mark.parametrize("parts", [(), (b"\x16",), (record(FLIGHT)[:-1],), (record(hello()),)])
def test_more_is_needed(parts: tuple[bytes, ...]) -> None:
    assert read(*parts) is None


def test_with_tls13_the_server_hello_is_enough() -> None:
    assert read(record(hello(0x0303, 0x1301, SELECTED_13))) is not None


@pytest.mark.parametrize("number", ALERTS)
def test_every_fatal_alert_is_an_answer(number: int) -> None:
    assert read(record(bytes((2, number)), kind=21)) == Alert(
        level="fatal", description=ALERTS[number]
    )


def test_a_server_that_thinks_better_of_it() -> None:
    answer = read(record(hello()), record(b"\x02\x28", kind=21))
    assert answer == Alert(level="fatal", description="handshake_failure")


def test_a_farewell_is_an_answer_though_it_is_a_warning() -> None:
    assert read(record(b"\x01\x00", kind=21)) == Alert(level="warning", description="close_notify")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"454 TLS not available\r\n", "a record of type 52"),
        (b"\x80\x2e\x04\x00\x01", "a record of type 128"),
        (record(FLIGHT, kind=23), "a record of type 23"),
        (b"\x16\x02\x00\x00\x05", "a record of version 2.0"),
        (record(b""), "a record of 0 bytes"),
        (b"\x16\x03\x01\xff\xff", "a record of 65535 bytes"),
        (record(CERTIFICATE), "begins with a handshake message of type 11"),
        (record(message(1, b"")), "begins with a handshake message of type 1"),
        (record(message(2, b"\x03\x01")), "breaks off"),
        (record(message(2, b"\x03\x01" + bytes(32) + b"\x20" + bytes(10))), "breaks off"),
        (record(hello(0x0305)), "of version 0x0305"),
        (record(hello(0x0203)), "of version 0x0203"),
        (record(hello(0x0303, 0x1301, bytes.fromhex("002b00027f1c"))), "of version 0x7f1c"),
    ],
)
def test_what_is_no_answer(data: bytes, words: str) -> None:
    answer = read(data)
    assert isinstance(answer, Unseen)
    assert answer.trouble is Trouble.MALFORMED
    assert words in answer.detail


def test_an_answer_that_does_not_end() -> None:
    reader = AnswerReader()
    part = record(message(11, bytes(10000)))
    answer = reader.feed(record(hello()))
    for _ in range(MAX_ANSWER // len(part) + 1):
        assert answer is None
        answer = reader.feed(part)
    assert isinstance(answer, Unseen)
    assert answer.trouble is Trouble.FLOOD


def uint24(content: bytes) -> bytes:
    return len(content).to_bytes(3, "big") + content


@pytest.mark.parametrize(
    ("certificates", "chain"),
    [
        (uint24(uint24(b"leaf") + uint24(b"issuer")), (b"leaf", b"issuer")),
        (uint24(b""), ()),
        (b"", ()),
        (uint24(uint24(b"leaf") + b"\0\0\x20issuer"), (b"leaf",)),
        (uint24(uint24(b"") + uint24(b"leaf")), (b"leaf",)),
    ],
)
def test_certificates_in_clear(certificates: bytes, chain: tuple[bytes, ...]) -> None:
    answer = read(record(hello() + message(11, certificates) + DONE))
    assert isinstance(answer, ServerHello)
    assert answer.chain == chain


@pytest.mark.parametrize(
    ("ciphers", "answer"),
    [
        ("ECDHE-RSA-AES128-GCM-SHA256", ("x25519", 0, "rsa_pss_rsae_sha256")),
        ("AES128-SHA", ("", 0, "")),
    ],
)
def test_what_openssl_agrees_on(ciphers: str, answer: tuple[str, int, str]) -> None:
    tls = Tls(
        chain_pem=ISSUED.chain_pem,
        key_pem=ISSUED.key_pem,
        maximum_version=ssl.TLSVersion.TLSv1_2,
        ciphers=f"{ciphers}@SECLEVEL=0",
    )
    seen = read(openssl_answer(tls, build_client_hello(HOST, "TLSv1.3", RANDOM)))
    assert isinstance(seen, ServerHello)
    assert (seen.group, seen.dh_bits, seen.signature) == answer
    assert seen.renegotiation_info


@pytest.mark.parametrize("offered", WIRE_VERSIONS)
@pytest.mark.parametrize("spoken", VERSIONS)
def test_what_openssl_answers_as_a_server(offered: str, spoken: str) -> None:
    tls = Tls(
        chain_pem=ISSUED.chain_pem,
        key_pem=ISSUED.key_pem,
        minimum_version=VERSIONS[spoken],
        maximum_version=VERSIONS[spoken],
    )
    answer = read(openssl_answer(tls, build_client_hello(HOST, offered, RANDOM)))
    order = list(WIRE_VERSIONS)
    if order.index(offered) >= order.index(spoken):
        assert isinstance(answer, ServerHello)
        assert answer.version == spoken
        assert answer.chain == (() if spoken == "TLSv1.3" else ISSUED.der_chain)
    else:
        # SSL 3.0 has no protocol_version (RFC 6101 5.4.2).
        old = offered == "SSLv3"
        description = "handshake_failure" if old else "protocol_version"
        assert answer == Alert(level="fatal", description=description)


def openssl_answer(tls: Tls, client_hello: bytes) -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = tls.context().wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(client_hello)
    with pytest.raises((ssl.SSLError, ssl.SSLWantReadError)):
        server.do_handshake()
    return outgoing.read()


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_any_bytes_are_an_answer_or_not_one_yet(parts: list[bytes]) -> None:
    assert isinstance(read(*parts), ServerHello | Alert | Unseen | None)


@given(
    st.lists(
        st.one_of(
            st.binary(min_size=1, max_size=90).map(record),
            st.binary(min_size=1, max_size=90).map(lambda body: record(message(2, body))),
            st.binary(min_size=1, max_size=6).map(lambda body: record(body, kind=21)),
        ),
        max_size=6,
    )
)
def test_any_records_are_an_answer_or_not_one_yet(records: list[bytes]) -> None:
    assert isinstance(read(*records), ServerHello | Alert | Unseen | None)


@given(st.binary(max_size=200), st.integers(0, len(record(FLIGHT))))
def test_a_flight_in_which_anything_is_changed(noise: bytes, location: int) -> None:
    whole = record(FLIGHT)
    changed = whole[:location] + noise + whole[location + len(noise) :]
    assert isinstance(read(changed), ServerHello | Alert | Unseen | None)
