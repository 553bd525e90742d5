"""What to do about a lookup that showed nothing."""

from mxcheck.evidence.outcome import Trouble, Unseen

_REMEDIES = {
    Trouble.RESOLVER: (
        "See that the resolver runs and can be reached from here, or name another one (--resolver)."
    ),
    Trouble.DNS_REFUSED: "Ask a resolver that serves this machine (--resolver).",
    Trouble.ALIAS_CHAIN: "Let the CNAME records lead to an end, by few steps, at the DNS provider.",
}


def lookup_remedy(lookup: Unseen) -> str:
    """What to do to have the lookup answered."""
    again = "Ask again later, or through another resolver (--resolver)."
    return _REMEDIES.get(lookup.trouble, again)
