"""What each message of a server's first flight says."""

import pytest

from mxcheck.evidence.tls import ServerHello
from mxcheck.wire.server_hello import AnswerReader
from tests.wire.test_server_hello import (
    CERTIFICATE,
    DONE,
    SELECTED_13,
    hello,
    message,
    read,
    record,
)

RENEGOTIATION = bytes.fromhex("ff010001 00")
RSA_GCM = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"


@pytest.mark.parametrize(
    ("server_hello", "answer"),
    [
        (
            hello(0x0300, 0x0005),
            ServerHello(version="SSLv3", cipher="TLS_RSA_WITH_RC4_128_SHA"),
        ),
        (
            hello(0x0301, 0x000A),
            ServerHello(version="TLSv1", cipher="TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
        ),
        (hello(0x0303, 0xC02F), ServerHello(version="TLSv1.2", cipher=RSA_GCM)),
        (
            hello(0x0303, 0xABCD, RENEGOTIATION),
            ServerHello(version="TLSv1.2", cipher="suite 0xabcd", renegotiation_info=True),
        ),
        (
            hello(0x0303, 0x1301, SELECTED_13),
            ServerHello(version="TLSv1.3", cipher="TLS_AES_128_GCM_SHA256"),
        ),
        (
            hello(0x0303, 0x1302, bytes.fromhex("003300020017") + SELECTED_13),
            ServerHello(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", group="secp256r1"),
        ),
        (
            hello(0x0303, 0x1302, bytes.fromhex("0033000211ec") + SELECTED_13),
            ServerHello(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", group="X25519MLKEM768"),
        ),
    ],
)
def test_what_a_server_hello_says(server_hello: bytes, answer: ServerHello) -> None:
    assert read(record(server_hello + DONE)) == answer


def sized(content: bytes, size: int = 2) -> bytes:
    return len(content).to_bytes(size, "big") + content


ECDHE = b"\x03\x00\x17" + sized(bytes(65), 1)
DHE = sized(b"\x00\x03" + bytes(255)) + sized(b"\x02") + sized(bytes(256))
SIGNED = bytes.fromhex("0201") + sized(bytes(256))


@pytest.mark.parametrize(
    ("version", "suite", "body", "answer"),
    [
        (0x0303, 0xC02F, ECDHE + SIGNED, ("secp256r1", 0, "rsa_pkcs1_sha1")),
        (0x0303, 0xC02F, ECDHE + b"\x08\x04" + SIGNED, ("secp256r1", 0, "rsa_pss_rsae_sha256")),
        (0x0303, 0xC02F, ECDHE + b"\x0a\x0a" + SIGNED, ("secp256r1", 0, "signature 0x0a0a")),
        (0x0303, 0x009E, DHE + SIGNED, ("", 2042, "rsa_pkcs1_sha1")),
        (0x0302, 0xC013, ECDHE + SIGNED, ("secp256r1", 0, "")),
        (0x0301, 0x0033, DHE + SIGNED, ("", 2042, "")),
        (
            0x0303,
            0xC02F,
            b"\x03\xfe\x17" + sized(b"") + SIGNED,
            ("group 0xfe17", 0, "signature 0x0002"),
        ),
        # An explicit curve, a message that breaks off, and one that its suite does not call for.
        (0x0303, 0xC02F, b"\x01" + bytes(90), ("", 0, "")),
        (0x0303, 0xC02F, b"\x03\x00", ("", 0, "")),
        (0x0303, 0xC02F, ECDHE, ("secp256r1", 0, "")),
        (0x0303, 0x009E, DHE[:9], ("", 42, "")),
        (0x0303, 0x009E, b"", ("", 0, "")),
        (0x0303, 0x002F, DHE + SIGNED, ("", 0, "")),
    ],
)
def test_what_a_key_exchange_says(
    version: int, suite: int, body: bytes, answer: tuple[str, int, str]
) -> None:
    reader = AnswerReader()
    reader.feed(record(hello(version, suite) + CERTIFICATE + message(12, body)))
    begun = reader.hello
    assert begun is not None
    assert (begun.group, begun.dh_bits, begun.signature) == answer
    assert reader.feed(record(DONE)) == begun
