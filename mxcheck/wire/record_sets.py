"""Record sets of several name servers, compared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.name_servers import NameServerAnswer

Question = tuple[str, str]
"""The type and the name."""
Sets = Mapping[frozenset[str], tuple[NameServerAnswer, ...]]
"""The answers to a question, by the record set that they contain."""


def record_set(lookup: Answer | Absent) -> frozenset[str]:
    """Return the records, without order or TTL; of an alias (CNAME) only where it leads.

    A server that also has the zone of the target follows the alias, and another one does not.
    """
    if lookup.aliases:
        return frozenset({f"an alias of {lookup.aliases[0]}"})
    return frozenset(lookup.records) if isinstance(lookup, Answer) else frozenset()


def compare(answers: Iterable[NameServerAnswer]) -> Mapping[Question, Sets]:
    """Return the record sets that answer each question, with those who answer so."""
    found: defaultdict[Question, defaultdict[frozenset[str], tuple[NameServerAnswer, ...]]]
    found = defaultdict(lambda: defaultdict(tuple))
    for one in answers:
        if isinstance(one.lookup, Answer | Absent):
            found[one.rdtype, one.name][record_set(one.lookup)] += (one,)
    return found
