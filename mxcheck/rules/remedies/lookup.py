"""Say what to do about a lookup that showed nothing."""

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.rules.remedies.bogus import bogus_lookup_remedy

_AGAIN = "ask again later, or through another resolver (--resolver)."
_LOOK = (
    "See where it fails: `dig +trace` follows the delegation to the name servers of the zone,"
    f" `delv` checks the signatures. If both get an answer, {_AGAIN}"
)
_REMEDIES = {
    Trouble.RESOLVER: (
        "See that the resolver runs and can be reached from here, or name another one (--resolver)."
    ),
    Trouble.DNS_REFUSED: "Ask a resolver that serves this machine (--resolver).",
    Trouble.ALIAS_CHAIN: (
        "Let the CNAME records lead to an end, in few steps, at the DNS provider: `dig NAME CNAME`"
        " shows each step."
    ),
    Trouble.SERVFAIL: _LOOK,
    Trouble.DNS_ERROR: _LOOK,
    Trouble.MALFORMED: _LOOK,
}


def lookup_remedy(lookup: Unseen) -> str:
    """Return what to do to have the lookup answered."""
    if lookup.trouble is Trouble.BOGUS:
        return bogus_lookup_remedy(lookup)
    return _REMEDIES.get(lookup.trouble, _AGAIN[:1].upper() + _AGAIN[1:])
