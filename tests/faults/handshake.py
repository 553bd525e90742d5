"""The certificate of the servers that go wrong, and their side of a handshake, in part."""

import ssl
from hashlib import sha256

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxcheck.demo.smtp_script import Tls
from tests.probe.harness import HOST, ROOT

HOST2 = "mx2.example.com"
_ISSUED = ROOT.issue_intermediate().issue(names=(HOST, HOST2))
CONTEXT = Tls(chain_pem=_ISSUED.chain_pem, key_pem=_ISSUED.key_pem).context()
LEAF_DIGEST = sha256(
    _ISSUED.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).hexdigest()


def half_a_flight(hello: bytes) -> bytes:
    """The first half of what a server answers to a ClientHello."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = CONTEXT.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(hello)
    try:
        tls.do_handshake()
    except ssl.SSLError:  # it waits for more, or sends an alert
        flight = outgoing.read()
        return flight[: len(flight) // 2]
    raise AssertionError
