"""What to do about a handshake that fails, by what was seen of it."""

from mxcheck.evidence.outcome import Unseen

GENERAL = (
    "Compare `openssl s_client -starttls smtp` with the MTA's log; see that TLS 1.2 and 1.3 are on"
    ", the cipher list is the default, and no client certificate is demanded."
)
RENEGOTIATION = (
    "Upgrade the TLS library of the MTA, or of the proxy in front of it, to one with RFC 5746"
    " (OpenSSL 0.9.8m, GnuTLS 2.10, Windows with MS10-049), and do not turn it off."
)
_BY_WORDS = {
    "unrecognized_name": (
        "The server does not know the name that the client asks for by SNI: add the MX host to the"
        " names that it serves, and let it use a default certificate for every other name."
    ),
    "a Diffie-Hellman group of": (
        "Use a Diffie-Hellman group of 2048 bits, or none: senders prefer elliptic curves."
    ),
}


def remedy_of(seen: Unseen) -> str:
    """Return the remedy for a handshake that ended in this trouble."""
    return next((remedy for word, remedy in _BY_WORDS.items() if word in seen.detail), GENERAL)
