import ssl
from collections.abc import Iterator
from typing import TypedDict, Unpack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.tls import Authentication
from mxcheck.wire.cipher_suites import LEGACY_SUITES, TLS12_SUITES, TLS13_SUITES, suite_name
from mxcheck.wire.client_hello import GOODBYE, RANDOM_SIZE, build_client_hello
from mxcheck.wire.tls_alert import make_alert, parse_last_alert
from mxcheck.wire.tls_version import WIRE_VERSIONS

RANDOM = bytes(range(RANDOM_SIZE))
FALLBACK_SCSV, RENEGOTIATION_SCSV = 0x5600, 0x00FF


class Offer(TypedDict, total=False):
    authentication: Authentication
    large: bool


class Parsed:
    """A ClientHello taken apart; it must leave no byte over."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        assert self.take(1) == b"\x16"
        self.record_version = self.number(2)
        assert self.number(2) == len(self._data)
        assert self.take(1) == b"\x01"
        assert self.number(3) == len(self._data)
        self.version = self.number(2)
        self.random = self.take(32)
        self.session_id = self.take(self.number(1))
        self.suites = list(pairs(self.take(self.number(2))))
        self.compression = self.take(self.number(1))
        self.extensions: dict[int, bytes] = {}
        if self._data:
            assert self.number(2) == len(self._data)
            while self._data:
                number = self.number(2)
                assert number not in self.extensions
                self.extensions[number] = self.take(self.number(2))

    def take(self, size: int) -> bytes:
        taken, self._data = self._data[:size], self._data[size:]
        assert len(taken) == size
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")


def pairs(data: bytes) -> Iterator[int]:
    for location in range(0, len(data), 2):
        yield int.from_bytes(data[location : location + 2], "big")


def parsed(best: str, name: str = "mx1.example.com", **more: Unpack[Offer]) -> Parsed:
    return Parsed(build_client_hello(name, best, RANDOM, **more))


@pytest.mark.parametrize(
    ("best", "record", "version", "suites"),
    [
        ("SSLv3", 0x0300, 0x0300, LEGACY_SUITES),
        ("TLSv1", 0x0301, 0x0301, LEGACY_SUITES),
        ("TLSv1.1", 0x0301, 0x0302, LEGACY_SUITES),
        ("TLSv1.2", 0x0301, 0x0303, TLS12_SUITES | LEGACY_SUITES),
        ("TLSv1.3", 0x0301, 0x0303, TLS13_SUITES | TLS12_SUITES | LEGACY_SUITES),
    ],
)
def test_versions_and_suites(best: str, record: int, version: int, suites: dict[int, str]) -> None:
    hello = parsed(best)
    assert (hello.record_version, hello.version) == (record, version)
    assert hello.suites == [*suites, RENEGOTIATION_SCSV]
    assert hello.random == RANDOM[:32]
    assert hello.compression == b"\0"


@pytest.mark.parametrize("best", WIRE_VERSIONS)
def test_a_refusal_is_never_asked_for(best: str) -> None:
    assert FALLBACK_SCSV not in parsed(best).suites


@pytest.mark.parametrize(
    ("best", "extensions"),
    [
        ("SSLv3", set()),
        ("TLSv1", {0, 10, 11, 23}),
        ("TLSv1.1", {0, 10, 11, 23}),
        ("TLSv1.2", {0, 10, 11, 13, 23}),
        ("TLSv1.3", {0, 10, 11, 13, 23, 43, 45, 51}),
    ],
)
def test_extensions(best: str, extensions: set[int]) -> None:
    assert set(parsed(best).extensions) == extensions


def test_with_tls13_every_version_is_offered() -> None:
    hello = parsed("TLSv1.3")
    assert list(pairs(hello.extensions[43][1:])) == [0x0304, 0x0303, 0x0302, 0x0301, 0x0300]
    assert hello.session_id == RANDOM[32:]
    assert parsed("TLSv1.2").session_id == b""


@pytest.mark.parametrize("best", ["TLSv1.1", "TLSv1.2"])
@pytest.mark.parametrize(
    ("authentication", "word", "schemes"),
    [
        (Authentication.RSA, "_RSA_", {0x0804, 0x0401, 0x0201, 0x0809}),
        (Authentication.ECDSA, "_ECDSA_", {0x0403, 0x0203, 0x0807}),
    ],
)
def test_one_kind_of_certificate_alone(
    best: str, authentication: Authentication, word: str, schemes: set[int]
) -> None:
    hello = parsed(best, authentication=authentication)
    *suites, last = hello.suites
    assert last == RENEGOTIATION_SCSV
    assert suites == [number for number in parsed(best).suites[:-1] if word in suite_name(number)]
    assert suites
    if best == "TLSv1.2":
        offered, everything = (set(pairs(one.extensions[13][2:])) for one in (hello, parsed(best)))
        assert schemes < offered < everything


def test_the_two_kinds_share_nothing() -> None:
    rsa, ecdsa = (
        set(parsed("TLSv1.2", authentication=one).suites[:-1])
        for one in (Authentication.RSA, Authentication.ECDSA)
    )
    assert not rsa & ecdsa


def test_a_large_hello_is_longer_than_one_segment() -> None:
    data = build_client_hello("a.example", "TLSv1.3", RANDOM, large=True)
    assert 1460 < len(data) < 2 * 1460
    assert len(build_client_hello("m" * 60 + ".example.com", "TLSv1.3", RANDOM)) < 600
    hello = Parsed(data)
    assert next(pairs(hello.extensions[10][2:])) == 0x11EC
    shares = hello.extensions[51]
    assert shares[2:6] == bytes.fromhex("11ec 04c0")
    assert shares[6 + 1216 :] == bytes.fromhex("001d 0020") + RANDOM[32:]


def test_the_server_is_asked_for_by_its_name() -> None:
    assert parsed("TLSv1.1").extensions[0] == b"\x00\x12\x00\x00\x0fmx1.example.com"


@pytest.mark.parametrize("name", ["", "a\\255b.example", "bücher.example", "a..b", "x" * 64, "a b"])
def test_a_name_that_is_no_host_name_is_left_out(name: str) -> None:
    assert 0 not in parsed("TLSv1.1", name).extensions


def test_openssl_sees_the_name_and_answers() -> None:
    names: list[str | None] = []

    def remember(_tls: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        names.append(name)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = remember
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(build_client_hello("mx1.example.com", "TLSv1.2", RANDOM))
    with pytest.raises(ssl.SSLError):
        tls.do_handshake()  # there is no certificate
    assert names == ["mx1.example.com"]


def test_the_goodbye_is_two_alerts() -> None:
    assert parse_last_alert(GOODBYE) == make_alert(1, 0)
    assert parse_last_alert(GOODBYE[:7]) == make_alert(1, 90)


@given(st.text(max_size=300), st.sampled_from(list(WIRE_VERSIONS)))
def test_any_name_makes_a_whole_client_hello(name: str, best: str) -> None:
    assert parsed(best, name).suites
