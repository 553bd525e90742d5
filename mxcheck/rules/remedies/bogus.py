"""Say what to do about an answer that fails DNSSEC validation."""

from collections.abc import Mapping
from enum import IntEnum

from mxcheck.evidence.dns import Withheld
from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.facts.bogus import Bogus


class _ExtendedError(IntEnum):
    """Codes of RFC 8914 4 that tell what is wrong with a signed zone."""

    SIGNATURE_EXPIRED = 7
    SIGNATURE_NOT_YET_VALID = 8
    DNSKEY_MISSING = 9
    RRSIGS_MISSING = 10
    NO_ZONE_KEY_BIT_SET = 11
    NSEC_MISSING = 12


_SIGN = "sign the zone again if its signatures expired"
_DS = (
    "correct or remove the DS record at the registrar if it belongs to no key of the zone, and open"
    " TCP port 53 of the name servers if the DNSKEY set, which is large, gets lost"
)
_COMPLETE = "let every name server serve the signed zone, with its RRSIG and NSEC records"
_BY_ERROR: Mapping[int, str] = {
    _ExtendedError.SIGNATURE_EXPIRED: _SIGN,
    _ExtendedError.SIGNATURE_NOT_YET_VALID: "set the clock of the machine that signs the zone",
    _ExtendedError.DNSKEY_MISSING: _DS,
    _ExtendedError.NO_ZONE_KEY_BIT_SET: _DS,
    _ExtendedError.RRSIGS_MISSING: _COMPLETE,
    _ExtendedError.NSEC_MISSING: _COMPLETE,
}
_ANY = f"{_SIGN}; {_DS}"


def bogus_remedy(bogus: Bogus) -> str:
    """Return how to look at the chain of trust, and what repairs it."""
    return bogus_lookup_remedy(bogus.seen, f" {bogus.question}")


def bogus_lookup_remedy(seen: Unseen, question: str = "") -> str:
    """Return the same for a lookup, with the question as `delv` takes it after a space."""
    errors = seen.extended_errors if isinstance(seen, Withheld) else ()
    repairs = dict.fromkeys(_BY_ERROR[code] for code in errors if code in _BY_ERROR)
    repair = "; ".join(repairs) or _ANY
    return f"See where it breaks with `delv +vtrace{question}`. Then {repair}."
