"""What to say and do about a chain that OpenSSL refuses, by the reason that it gives."""

from mxcheck.rules.trust import INVALID_PURPOSE, Untrusted

_GENERAL = (
    "Serve a certificate of a public authority (for example with certbot) with its intermediates;"
    " for a private authority give its root with --ca-file."
)
_RENEW_CHAIN = (
    "Serve the chain that came with the certificate (certbot: fullchain.pem) in place of one that"
    " contains {subject}."
)
_OTHER_AUTHORITY = "Have the certificate issued by an authority that may issue it for {host}."
# X509_V_ERR_* of OpenSSL's x509_vfy.h.
_SELF_SIGNED = 18
_REMEDIES = {
    7: "Serve the certificate of the authority that signed {subject}: one of the same name but with"
    " another key is in the chain.",
    9: _RENEW_CHAIN,
    10: _RENEW_CHAIN,
    13: _RENEW_CHAIN,
    14: _RENEW_CHAIN,
    25: f"{_OTHER_AUTHORITY} An authority above {{subject}} allows fewer authorities below it.",
    34: "Have {subject} issued again without the critical extension, which senders do not know.",
    47: f"{_OTHER_AUTHORITY} The name constraints of one on the path do not permit {{subject}}.",
    48: f"{_OTHER_AUTHORITY} The name constraints of one on the path exclude {{subject}}.",
    51: f"{_OTHER_AUTHORITY} OpenSSL does not know the name constraints of one on the path.",
    52: f"{_OTHER_AUTHORITY} OpenSSL cannot read the name constraints of one on the path.",
    53: f"{_OTHER_AUTHORITY} OpenSSL cannot compare a name of {{subject}} with name constraints.",
    79: f"{_OTHER_AUTHORITY} {{subject}} is not an authority (basic constraints).",
    94: "Have {subject} issued for a key on a named curve (P-256).",
}
_FOR_SERVERS = (
    "Have the certificate issued for TLS servers: extended key usage serverAuth, key usage"
    " digitalSignature."
)


def fault_of(untrusted: Untrusted) -> str:
    """Return what is wrong with the server's certificate, as what follows its name."""
    if untrusted.code == _SELF_SIGNED:
        return "is self-signed"
    if untrusted.code == INVALID_PURPOSE and untrusted.of_leaf:
        return "is not for TLS servers"
    return "does not lead to a trusted root"


def untrusted_remedy(untrusted: Untrusted, host: str) -> str:
    """Return what to do about a chain that is presented for a host."""
    if untrusted.code == INVALID_PURPOSE:
        above = f"{_OTHER_AUTHORITY} {{subject}} is not for TLS servers."
        remedy = _FOR_SERVERS if untrusted.of_leaf else above
    else:
        remedy = _REMEDIES.get(untrusted.code, _GENERAL)
    return remedy.format(subject=untrusted.subject, host=host)
