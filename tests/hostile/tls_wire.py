"""TLS made by hand: flights in clear, and records inside a session that OpenSSL has begun."""

import hmac
import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from mxcheck.demo.loopback import Connection
from mxcheck.demo.smtp_script import Tls

ALERT, HANDSHAKE, WORDS = 21, 22, 23
HELLO_REQUEST, SERVER_HELLO, TICKET, CERTIFICATE, KEY_UPDATE = 0, 2, 4, 11, 24
UPDATE_REQUESTED = b"\x01"
RSA_KEY_EXCHANGE = 0x009C  # TLS_RSA_WITH_AES_128_GCM_SHA256


def record(kind: int, payload: bytes) -> bytes:
    return bytes([kind]) + b"\x03\x03" + len(payload).to_bytes(2) + payload


def records(payload: bytes) -> bytes:
    """A handshake message, in as many records as it takes."""
    size = 16384
    cut = (payload[at : at + size] for at in range(0, len(payload), size))
    return b"".join(record(HANDSHAKE, part) for part in cut)


def message(kind: int, body: bytes = b"") -> bytes:
    return bytes([kind]) + len(body).to_bytes(3) + body


def server_hello(suite: int = RSA_KEY_EXCHANGE) -> bytes:
    """A ServerHello of TLS 1.2, without session or extensions."""
    body = b"\x03\x03" + bytes(32) + b"\0" + suite.to_bytes(2) + b"\0"
    return record(HANDSHAKE, message(SERVER_HELLO, body))


def certificates(chain: Sequence[bytes]) -> bytes:
    """A Certificate message of TLS 1.2 (RFC 5246 7.4.2)."""
    listed = b"".join(len(der).to_bytes(3) + der for der in chain)
    return records(message(CERTIFICATE, len(listed).to_bytes(3) + listed))


SERVER_HELLO_DONE = record(HANDSHAKE, message(14))


class Sealer13:
    """TLS 1.3 (RFC 8446 5.2, 7.1), from the server's first traffic secret on."""

    def __init__(self, secret: bytes) -> None:
        self._begin(secret)

    def _begin(self, secret: bytes) -> None:
        self.secret, self.number = secret, 0
        self.cipher = AESGCM(self._expand("key", 32))
        self.iv = int.from_bytes(self._expand("iv", 12))

    def _expand(self, label: str, size: int) -> bytes:
        full = f"tls13 {label}".encode()
        info = size.to_bytes(2) + bytes([len(full)]) + full + b"\0"
        return HKDFExpand(hashes.SHA384(), size, info).derive(self.secret)

    def seal(self, kind: int, payload: bytes) -> bytes:
        inner = payload + bytes([kind])
        head = bytes([WORDS]) + b"\x03\x03" + (len(inner) + 16).to_bytes(2)
        nonce = (self.iv ^ self.number).to_bytes(12)
        self.number += 1
        return head + self.cipher.encrypt(nonce, inner, head)

    def new_keys(self) -> bytes:
        """A KeyUpdate that asks for one, after which the next keys hold (RFC 8446 4.6.3)."""
        sealed = self.seal(HANDSHAKE, message(KEY_UPDATE, UPDATE_REQUESTED))
        self._begin(self._expand("traffic upd", 48))
        return sealed


class Sealer12:
    """TLS 1.2 (RFC 5246 6.3, RFC 5288 3), after the server's Finished."""

    def __init__(self, master: bytes, randoms: bytes) -> None:
        seed, block, link = b"key expansion" + randoms, b"", b""
        while len(block) < 72:
            link = hmac.digest(master, link or seed, "sha384")
            block += hmac.digest(master, link + seed, "sha384")
        self.cipher, self.iv, self.number = AESGCM(block[32:64]), block[68:72], 1

    def seal(self, kind: int, payload: bytes) -> bytes:
        number = self.number.to_bytes(8)
        self.number += 1
        head = number + bytes([kind]) + b"\x03\x03" + len(payload).to_bytes(2)
        return record(kind, number + self.cipher.encrypt(self.iv + number, payload, head))


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that has begun: OpenSSL's side of it, and the secrets to go on by hand."""

    session: ssl.SSLObject
    outgoing: ssl.MemoryBIO
    secrets: dict[str, list[bytes]]
    server_random: bytes

    def words(self, data: bytes) -> bytes:
        """Words, enciphered by OpenSSL."""
        self.session.write(data)
        return self.outgoing.read()

    def sealer13(self) -> Sealer13:
        return Sealer13(self.secrets["SERVER_TRAFFIC_SECRET_0"][1])

    def sealer12(self) -> Sealer12:
        client_random, master = self.secrets["CLIENT_RANDOM"]
        return Sealer12(master, self.server_random + client_random)


async def begin(connection: Connection, tls: Tls, version: ssl.TLSVersion) -> Begun:
    """Shake hands as a server; what the client says after that is left unread."""
    context = tls.context()
    context.minimum_version = context.maximum_version = version
    context.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")
    context.num_tickets = 0
    flight = b""
    with tempfile.NamedTemporaryFile("r") as log:
        context.keylog_filename = log.name
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = context.wrap_bio(incoming, outgoing, server_side=True)
        while True:
            incoming.write(await connection.anything())
            try:
                session.do_handshake()
            except ssl.SSLWantReadError:
                flight += outgoing.read()
                await connection.send(flight)
            else:
                break
        await connection.send(outgoing.read())
        lines = [line.split() for line in log if not line.startswith("#")]
    secrets = {label: [bytes.fromhex(text) for text in texts] for label, *texts in lines}
    # Behind the headers of record and message, and the version.
    return Begun(session, outgoing, secrets, flight[11:43])
