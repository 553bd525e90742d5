"""Find the DKIM key of a configured selector."""

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import Missing, NotApplicable, SelectorCase
from mxcheck.wire.dkim_key import DkimKey, key_name, select_key
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.txt import texts_of


def name_of(case: SelectorCase) -> str:
    """Return the name at which the key of the selector is."""
    return key_name(case.selector, case.domain.name)


def the_key(case: SelectorCase) -> DkimKey | Malformed | NotApplicable:
    """Return the key, or what is wrong with it; dkim-key-missing owns what is not there."""
    if not case.selector:
        return Missing(message="the configuration names no selector")
    lookup = case.domain.dkim_key(case.selector)
    if isinstance(lookup, Answer):
        found = select_key(texts_of(lookup))
        if found is not None:
            return found
    if isinstance(lookup, Unseen):
        return Missing(message=f"the key is not known: {lookup.detail}")
    return Missing(message=f"there is no record at {name_of(case)}")


def the_usable_key(case: SelectorCase) -> DkimKey | NotApplicable:
    """Return the key, if signatures can be verified with it; dkim-key-invalid owns the rest."""
    found = the_key(case)
    if isinstance(found, Malformed) or (isinstance(found, DkimKey) and found.is_revoked):
        return Missing(message="no signature can be verified with the record")
    return found
