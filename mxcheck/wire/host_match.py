"""Whether a dNSName of a certificate stands for a host (RFC 9525 6.3)."""


def matches_host(pattern: str, host: str) -> bool:
    """Compare A-labels without regard to case; a "*" is a whole leftmost label, and spans one.

    The host may end in a dot; a dNSName that does is none (RFC 5280 4.2.1.6), to OpenSSL too.
    """
    wanted = host.lower().rstrip(".").split(".")
    offered = pattern.lower().split(".")
    if offered[0] == "*":
        # OpenSSL too wants two labels behind the wildcard: "*.com" stands for nobody.
        return len(offered) > 2 and offered[1:] == wanted[1:]  # noqa: PLR2004
    return offered == wanted
