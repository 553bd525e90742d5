"""Aliases that lead nowhere (RFC 1034 3.6.2), which somebody else may take over."""

from mxcheck.evidence.dns import Absence, Absent, Lookup


def dangling_target(*lookups: Lookup) -> str:
    """Return the name to which a CNAME leads and which does not exist, "" if there is none.

    The lookups are those of the types that were asked for at the name of the CNAME.
    """
    for lookup in lookups:
        if isinstance(lookup, Absent) and lookup.aliases and lookup.absence is Absence.NXDOMAIN:
            return lookup.aliases[-1]
    return ""


def empty_target(*lookups: Lookup) -> str:
    """Return the name to which a CNAME leads and which has no record of all that were asked for.

    "" if there is no such alias, or a lookup failed.
    """
    absent = [lookup for lookup in lookups if isinstance(lookup, Absent)]
    aliases = [lookup.aliases[-1] for lookup in absent if lookup.aliases]
    return aliases[0] if aliases and len(absent) == len(lookups) else ""


def dangling_note(name: str, target: str, domain: str, danger: str) -> str:
    """Return the words about such an alias, and about what somebody can do who takes it over.

    Nobody else can register a name that belongs to the domain itself.
    """
    seen = f"{name} is an alias (CNAME) of {target}, which does not exist"
    if f".{target}".endswith(f".{domain}"):
        return seen
    return f"{seen}: whoever registers or claims that name {danger}"
