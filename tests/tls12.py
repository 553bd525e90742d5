"""A TLS 1.2 server made by hand (RFC 5246), for what TLS libraries of today do not do any more.

It works as a server's context for `mxcheck.demo`: TLS_RSA or TLS_DHE_RSA with AES-128-GCM.
"""

import hashlib
import hmac
import secrets
import ssl
from dataclasses import dataclass
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mxcheck.demo.smtp_script import Tls
from mxcheck.wire.tls_record import ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE
from mxcheck.wire.tls_record import RecordReader as Records

_RSA_SUITE, _DHE_SUITE = 0x009C, 0x009E
_SCHEMES: dict[str, tuple[int, hashes.HashAlgorithm]] = {
    "sha1": (0x0201, hashes.SHA1()),  # noqa: S303 - what is to be found
    "sha256": (0x0401, hashes.SHA256()),
}
RENEGOTIATION_INFO = bytes.fromhex("ff01 0001 00")
MASTER_SECRET = bytes.fromhex("0017 0000")
# RFC 3526 2 and RFC 2409 6.2: primes of 1,536 and 1,024 bits.
PRIMES = {
    1024: int(
        "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A0879"
        "8E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B"
        "0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
        16,
    ),
}


def prime_of(bits: int) -> int:
    """Return a modulus of that size; a client does not look whether it is a prime."""
    return PRIMES.get(bits) or (1 << bits) - secrets.randbits(bits - 2) * 2 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Handmade(Tls):
    """What the server does: without `dh_bits` the key exchange is RSA alone.

    `extensions` are the ServerHello's, as they are sent; `digest` signs the key exchange.
    """

    extensions: bytes = RENEGOTIATION_INFO
    dh_bits: int = 0
    digest: str = "sha256"

    def context(self) -> ssl.SSLContext:
        """Make the server's TLS context."""
        return _Context(self)


class _Context(ssl.SSLContext):
    tls: Handmade

    def __new__(cls, tls: Handmade) -> Self:
        made = super().__new__(cls, ssl.PROTOCOL_TLS_SERVER)
        made.tls = tls
        return made

    def wrap_bio(
        self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *_: object, **__: object
    ) -> "_Session":
        return _Session(self.tls, incoming, outgoing)


class _Session(ssl.SSLObject):
    """The server's side of one session."""

    def __init__(self, tls: Handmade, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> None:
        self.tls, self.incoming, self.outgoing = tls, incoming, outgoing
        key = serialization.load_pem_private_key(tls.key_pem, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        self.key = key
        self.random = secrets.token_bytes(32)
        self.records = Records(frozenset({ALERT, HANDSHAKE, CHANGE_CIPHER_SPEC, APPLICATION_DATA}))
        self.said = b""  # all handshake messages so far, of both sides
        self.client_random = b""
        self.keys: tuple[_Sealer, _Sealer] | None = None
        self.secret = b""
        self.done = False
        self.prime = prime_of(tls.dh_bits) if tls.dh_bits else 0
        self.exponent = secrets.randbits(256)

    def version(self) -> str:
        return "TLSv1.2"

    def do_handshake(self) -> None:
        self.records.feed(self.incoming.read())
        while not self.done:
            record = self.records.next()
            if record is None:
                raise ssl.SSLWantReadError
            if record.kind == ALERT:
                raise ssl.SSLError(1, "alert")
            if record.kind == HANDSHAKE:
                self._take(record.fragment)

    def read(self, _size: int = 0, _buffer: Any = None) -> bytes:  # noqa: ANN401
        self.records.feed(self.incoming.read())
        record = self.records.next()
        if record is None or record.kind != APPLICATION_DATA or self.keys is None:
            raise ssl.SSLWantReadError
        return self.keys[0].open(record.kind, record.fragment)

    def write(self, data: Any) -> int:  # noqa: ANN401
        assert self.keys is not None
        self.outgoing.write(_record(APPLICATION_DATA, self.keys[1].seal(APPLICATION_DATA, data)))
        return len(data)

    def unwrap(self) -> None:
        assert self.keys is not None
        self.outgoing.write(_record(ALERT, self.keys[1].seal(ALERT, b"\x01\x00")))

    def _take(self, fragment: bytes) -> None:
        if self.keys is not None:
            self._finish(self.keys[0].open(HANDSHAKE, fragment))
        elif fragment[0] == 1:
            self.client_random = fragment[6:38]
            self._say(fragment, *self._flight())
        else:
            self.said += fragment
            self._agree(fragment[4:])

    def _flight(self) -> list[bytes]:
        suite = (_DHE_SUITE if self.prime else _RSA_SUITE).to_bytes(2)
        body = b"\3\3" + self.random + b"\0" + suite + b"\0" + _sized(self.tls.extensions)
        chain = b"".join(
            _sized(one.public_bytes(serialization.Encoding.DER), 3)
            for one in x509.load_pem_x509_certificates(self.tls.chain_pem)
        )
        exchange = [_message(12, self._parameters())] if self.prime else []
        return [_message(2, body), _message(11, _sized(chain, 3)), *exchange, _message(14, b"")]

    def _parameters(self) -> bytes:
        size = (self.prime.bit_length() + 7) // 8
        # The key of a modulus that takes long is never used, and need not be a power of g.
        slow = size > 512
        public = secrets.randbits(size * 8 - 8) if slow else pow(2, self.exponent, self.prime)
        said = _sized(self.prime.to_bytes(size)) + _sized(b"\2") + _sized(public.to_bytes(size))
        number, digest = _SCHEMES[self.tls.digest]
        signed = self.key.sign(self.client_random + self.random + said, padding.PKCS1v15(), digest)
        return said + number.to_bytes(2) + _sized(signed)

    def _agree(self, body: bytes) -> None:
        if self.prime:
            shared = pow(int.from_bytes(body[2:]), self.exponent, self.prime)
            secret = shared.to_bytes((shared.bit_length() + 7) // 8)
        else:
            secret = self.key.decrypt(body[2:], padding.PKCS1v15())
        if MASTER_SECRET in self.tls.extensions:
            seed = hashlib.sha256(self.said).digest()
            self.secret = _prf(secret, b"extended master secret" + seed, 48)
        else:
            self.secret = _prf(secret, b"master secret" + self.client_random + self.random, 48)
        block = _prf(self.secret, b"key expansion" + self.random + self.client_random, 40)
        self.keys = _Sealer(block[:16], block[32:36]), _Sealer(block[16:32], block[36:40])

    def _finish(self, finished: bytes) -> None:
        assert self.keys is not None
        self.said += finished
        digest = hashlib.sha256(self.said).digest()
        message = _message(20, _prf(self.secret, b"server finished" + digest, 12))
        self.outgoing.write(_record(CHANGE_CIPHER_SPEC, b"\1"))
        self.outgoing.write(_record(HANDSHAKE, self.keys[1].seal(HANDSHAKE, message)))
        self.done = True

    def _say(self, heard: bytes, *messages: bytes) -> None:
        self.said += heard + b"".join(messages)
        flight = b"".join(messages)
        for location in range(0, len(flight), 16384):
            self.outgoing.write(_record(HANDSHAKE, flight[location : location + 16384]))


class _Sealer:
    """AES-128-GCM in one direction (RFC 5288 3)."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self.cipher, self.salt, self.number = AESGCM(key), salt, 0

    def _head(self, kind: int, size: int) -> bytes:
        head = self.number.to_bytes(8) + bytes((kind, 3, 3)) + size.to_bytes(2)
        self.number += 1
        return head

    def seal(self, kind: int, data: bytes) -> bytes:
        head = self._head(kind, len(data))
        return head[:8] + self.cipher.encrypt(self.salt + head[:8], bytes(data), head)

    def open(self, kind: int, data: bytes) -> bytes:
        head = self._head(kind, len(data) - 24)
        return self.cipher.decrypt(self.salt + data[:8], data[8:], head)


def _prf(secret: bytes, seed: bytes, size: int) -> bytes:
    """Return key material (RFC 5246 5)."""
    block, link = b"", b""
    while len(block) < size:
        link = hmac.digest(secret, link or seed, "sha256")
        block += hmac.digest(secret, link + seed, "sha256")
    return block[:size]


def _record(kind: int, data: bytes) -> bytes:
    return bytes((kind, 3, 3)) + _sized(data)


def _message(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + _sized(body, 3)


def _sized(content: bytes, size: int = 2) -> bytes:
    return len(content).to_bytes(size) + content
