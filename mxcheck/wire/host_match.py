"""Whether a dNSName of a certificate stands for a host (RFC 9525 6.3)."""


def matches_host(pattern: str, host: str) -> bool:
    """Compare A-labels without regard to case; a "*" is a whole leftmost label, and spans one."""
    wanted = host.lower().rstrip(".").split(".")
    offered = pattern.lower().rstrip(".").split(".")
    if offered[0] == "*":
        # RFC 9525 6.3: the wildcard must be the complete leftmost label, with names below a
        # registry left to the certificate authorities: at least two labels have to follow.
        return len(offered) > 2 and offered[1:] == wanted[1:]  # noqa: PLR2004
    return offered == wanted
