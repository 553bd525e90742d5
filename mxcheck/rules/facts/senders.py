"""What senders of today refuse in a handshake that this check, which accepts more, completes.

`tests/real/test_senders.py` runs Postfix with OpenSSL and Exim with GnuTLS beside it.
"""

import re
from collections.abc import Iterator

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.tls import ServerHello, ShownTls, TlsSession

REFUSED_BY_OPENSSL = (
    "without secure renegotiation (RFC 5746): senders that use OpenSSL 3, Postfix for one, break"
    " off the handshake and defer the mail"
)
MIN_DH_BITS = 2048  # RFC 9325 4.5; OpenSSL from security level 2 on
_LACKING_IN_GNUTLS = re.compile(r"ARIA|CAMELLIA|-CCM8$|(?<!-GCM)-SHA384$")  # OpenSSL's names
_BROKEN_SIGNATURE = re.compile(r"_(?:sha1|md5)$")  # RFC 9155 4; OpenSSL from level 1 on


def lacks_secure_renegotiation(session: TlsSession | ShownTls) -> bool:
    """Return whether clients with OpenSSL 3 break off, because RFC 5746 is not supported.

    TLS 1.3 does not have renegotiation.
    """
    hello = session.hello
    if isinstance(hello, Unseen) or hello.version == "TLSv1.3":
        return False
    return not hello.renegotiation_info


def lacking_suite(cipher: str) -> Iterator[str]:
    """Return in words who does not offer a suite that OpenSSL offers."""
    if _LACKING_IN_GNUTLS.search(cipher):
        yield "which senders that use GnuTLS, such as Exim in Debian, do not offer"


def weak_key_exchange(hello: ServerHello | Unseen) -> Iterator[str]:
    """Return in words what some senders refuse or lack of a key exchange that others accept."""
    if isinstance(hello, Unseen):
        return
    if 0 < hello.dh_bits < MIN_DH_BITS:
        yield f"with a Diffie-Hellman group of {hello.dh_bits} bits ({MIN_DH_BITS} are wanted)"
    if hello.group.startswith("ffdhe"):  # TLS 1.3 alone: up to 1.2 the suites are negotiated
        yield f"with the group {hello.group}, which some senders, such as Postfix 3.7, do not offer"
    if _BROKEN_SIGNATURE.search(hello.signature):
        yield f"with a key exchange signed by {hello.signature}, which some senders refuse"
