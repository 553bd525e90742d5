"""The names of a certificate that a domain's owner answers for."""

from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.certificate import parse_certificate
from mxcheck.wire.host_match import matches_host
from mxcheck.wire.host_name import why_no_host_name


def names_for(chain: tuple[bytes, ...], host: str, domain: str) -> tuple[str, ...]:
    """Return the dNSNames of a chain's leaf that are for an MX host, or at or below a domain.

    A wildcard is below the name behind its star.
    """
    leaf = parse_certificate(chain[0]) if chain else None
    if leaf is None or isinstance(leaf, Unseen) or isinstance(leaf.dns_names, Unseen):
        return ()
    return tuple(
        name
        for name in dict.fromkeys(leaf.dns_names)
        if not why_no_host_name(name.removeprefix("*."))
        and (matches_host(name, host) or f".{name.removeprefix('*.')}".endswith(f".{domain}"))
    )
