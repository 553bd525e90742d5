"""The names that SPF asks about: what a domain-spec expands to, ready to be looked up."""

import dns.exception
import dns.name

from mxcheck.wire.domain_name import MAX_NAME


def trimmed(text: str) -> str:
    """Return what an expanded domain-spec names, in lower case (RFC 7208 7.3).

    One dot at the end is ignored, and a name that is too long loses labels at its left side until
    it fits.
    """
    name = text.removesuffix(".").lower()
    while len(name) > MAX_NAME and "." in name:
        name = name.partition(".")[2]
    return name


def query_name(name: str) -> str:
    """Return a name in presentation format (RFC 1035 5.1), "" if nobody can look it up."""
    labels = [label.encode("utf-8", "surrogateescape") for label in name.split(".")]
    if not all(labels):
        return ""
    try:
        return dns.name.Name([*labels, b""]).to_text(omit_final_dot=True)
    except dns.exception.DNSException:
        return ""


def is_at_or_below(name: str, domain: str) -> bool:
    """Return whether a name is a domain or below it; both are in lower case."""
    return name == domain or name.endswith(f".{domain}")
