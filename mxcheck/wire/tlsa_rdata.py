"""TLSA records as they came, also where dnspython would refuse them.

To dnspython a digest of the wrong length makes the whole message malformed. To senders it makes one
record unusable (RFC 6698 4.1), and the records beside it count all the same.
"""

import dns.immutable
import dns.rdtypes.ANY.TLSA


@dns.immutable.immutable
class AnyTLSA(dns.rdtypes.ANY.TLSA.TLSA):
    """A TLSA record whose data may be of any length."""

    _cert_length_by_mtype: dict[int, int] = {}  # noqa: RUF012 - as in its parent


# Importing this module is what makes dnspython read TLSA records so, in this process.
dns.rdtypes.ANY.TLSA.TLSA = AnyTLSA  # type: ignore[misc]
