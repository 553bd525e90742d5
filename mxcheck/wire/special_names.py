"""Names that are set aside: no public DNS, or no mail, behind them."""

_NOT_IN_PUBLIC_DNS = frozenset(
    {
        # IANA's registry of special-use domain names (RFC 6761 6).
        "alt",
        "arpa",
        "example",
        "invalid",
        "local",
        "localhost",
        "onion",
        "test",
        "internal",  # reserved by ICANN in 2024
        # Never to be delegated, or in wide use inside networks (RFC 6762, appendix G).
        "corp",
        "home",
        "intranet",
        "lan",
        "localdomain",
        "mail",
        "private",
    }
)
_EXAMPLES = ("example.com", "example.net", "example.org")  # RFC 6761 6.5: each has a null MX


def is_public_name(name: str) -> bool:
    """Return whether a name (A-labels) may be in the public DNS: two labels, none set aside."""
    top = name.rpartition(".")[2].lower()
    return "." in name and not top.isdigit() and top not in _NOT_IN_PUBLIC_DNS


def takes_no_mail(domain: str) -> bool:
    """Return whether a domain (A-labels) is set aside, so that nobody takes mail for it."""
    return not is_public_name(domain) or any(is_at_or_below(domain, one) for one in _EXAMPLES)


def is_at_or_below(name: str, domain: str) -> bool:
    """Return whether a name is a domain or below it."""
    return name == domain or name.endswith(f".{domain}")
