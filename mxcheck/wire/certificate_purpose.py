"""Whether a certificate may be used for a TLS server: OpenSSL's `sslserver` purpose, as a reason.

These are the checks of `check_purpose_ssl_server` in OpenSSL's crypto/x509/v3_purp.c, which every
client of TLS makes of each certificate on the path, the trusted root included.
"""

from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.certificate import CertificateFacts, KeyUsages

_SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
_SERVER_GATED = ("1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1")  # of Microsoft, of Netscape
_FOR_SERVERS = frozenset({_SERVER_AUTH, *_SERVER_GATED})
# digitalSignature, keyEncipherment, keyAgreement (RFC 5280 4.2.1.3)
_KEY_USAGES_OF_SERVERS = 0x80 | 0x20 | 0x08
_KEY_CERT_SIGN = 0x04
_NETSCAPE_SERVER, _NETSCAPE_AUTHORITY = 0x40, 0x04


def why_not_for_servers(facts: CertificateFacts, *, above: bool) -> str:
    """Return why a certificate is not for TLS servers, "" if it is.

    `above` says that it is not the server's own, but one above it. Usages that cannot be read
    refuse nothing: OpenSSL then finds no issuer for the certificate in the first place.
    """
    if isinstance(facts.usages, Unseen):
        return ""
    usages = facts.usages
    if usages.extended is not None and not _FOR_SERVERS.intersection(usages.extended):
        return "its extended key usage lacks serverAuth"
    if not above:
        return _why_not_leaf(usages)
    if _lacks(usages.key, _KEY_CERT_SIGN):
        return "its key usage lacks keyCertSign"
    by_netscape_alone = facts.is_authority is None and usages.key is None
    if by_netscape_alone and _lacks(usages.netscape, _NETSCAPE_AUTHORITY):
        return "its Netscape certificate type leaves out authorities for TLS"
    return ""


def _why_not_leaf(usages: KeyUsages) -> str:
    if _lacks(usages.netscape, _NETSCAPE_SERVER):
        return "its Netscape certificate type leaves out TLS servers"
    if _lacks(usages.key, _KEY_USAGES_OF_SERVERS):
        return "its key usage has none of digitalSignature, keyEncipherment and keyAgreement"
    return ""


def _lacks(bits: int | None, wanted: int) -> bool:
    """Return whether an extension is there and has none of these bits."""
    return bits is not None and not bits & wanted
