import warnings

from mxcheck.wire.public_key import load_public_key
from mxcheck.wire.tlsa import parse_tlsa, why_unusable
from tests.fuzz.der import Node
from tests.odd_certificates import BIT_STRING, OBJECT_IDENTIFIER, SEQUENCE

INTEGER = 0x02
DIFFIE_HELLMAN = "2a864886f70d010301"
PRIME = bytes.fromhex(  # RFC 2409 6.1
    "00ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e34"
    "04ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a3620ffffffffff"
    "ffffff"
)


def sequence(*inside: Node) -> Node:
    return Node(SEQUENCE, b"", inside)


def test_an_algorithm_that_is_out_of_use_causes_no_warning() -> None:
    parameters = sequence(Node(INTEGER, PRIME), Node(INTEGER, b"\2"))
    kind = sequence(Node(OBJECT_IDENTIFIER, bytes.fromhex(DIFFIE_HELLMAN)), parameters)
    public = Node(INTEGER, b"\4").encode()
    key = sequence(kind, Node(BIT_STRING, b"\0" + public)).encode()
    with warnings.catch_warnings(action="error"):
        load_public_key(key)
        assert why_unusable(parse_tlsa(f"2 1 0 {key.hex()}")) == ""
