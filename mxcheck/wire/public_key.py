"""Public keys from outside: loaded without a word about algorithms that are out of use."""

import warnings

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key

NO_KEY = (ValueError, UnsupportedAlgorithm)
"""What is raised for a key that cannot be read."""


def load_public_key(public_key_info: bytes) -> PublicKeyTypes:
    """Load a key (DER, RFC 5280 4.1.2.7); one of NO_KEY if it cannot be read."""
    with warnings.catch_warnings(action="ignore"):
        return load_der_public_key(public_key_info)
