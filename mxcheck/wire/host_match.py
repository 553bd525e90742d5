"""Whether a name in a certificate matches a host (RFC 9525 6.3), as OpenSSL's host check says."""

import re

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_WILDCARD = re.compile(rf"\*(?P<parent>(?:\.{_LABEL}){{2,}})", re.ASCII)
_MATCHED = re.compile(r"[a-z0-9-]+|\*", re.ASCII)


def matches_host(pattern: str, host: str) -> bool:
    """Return whether a dNSName matches a host, as it does for senders.

    Postfix and Exim call OpenSSL with X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS: a wildcard is the whole
    leftmost label, two labels of letters, digits and inner hyphens follow it, and it matches one
    label of letters, digits and hyphens, not one with an underscore. Letters of ASCII are compared
    without regard to case. The host may end in a dot; a dNSName that does matches no host.
    """
    if not pattern.isascii():  # a letter that is not ASCII could become one of ASCII below
        return False
    wanted, offered = host.lower().removesuffix("."), pattern.lower()
    wildcard = _WILDCARD.fullmatch(offered)
    if wildcard is None:
        return offered == wanted
    label, dot, parent = wanted.partition(".")
    return dot + parent == wildcard["parent"] and _MATCHED.fullmatch(label) is not None


def why_no_match(pattern: str, host: str) -> str:
    """Return why a wildcard does not match a host that it looks made for; "" if it does not."""
    star, _, behind = pattern.lower().partition(".")
    label, _, parent = host.lower().removesuffix(".").partition(".")
    if "*" not in star or behind != parent or matches_host(pattern, host):
        return ""
    if star != "*":
        return "a wildcard must be the whole leftmost label"
    if not _MATCHED.fullmatch(label):
        return "a wildcard matches letters, digits and hyphens alone"
    return "a wildcard needs two labels behind it"
