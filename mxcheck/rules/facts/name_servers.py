"""Whether the name servers of a zone agree, as far as they were heard."""

from collections.abc import Iterable, Iterator, Mapping

from mxcheck.evidence.name_servers import NameServerAnswer, NameServers
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.rules.base import Unknown
from mxcheck.wire.record_sets import Sets, compare

_LAME = frozenset(
    {Trouble.SERVFAIL, Trouble.DNS_REFUSED, Trouble.DNS_ERROR, Trouble.NOT_AUTHORITATIVE}
)
"""What a server says that does not serve the zone. Silence is not among it: the way may be shut."""
_ELSEWHERE = "Ask from a machine that may send to port 53 of any server, by UDP and by TCP."
_AGAIN = "See whether it runs with `dig +norecurse @SERVER DOMAIN MX`, and check again."

Key = tuple[str, str]
"""The type and name of a question, or "" and the address of a server."""


def faults_of(seen: NameServers) -> list[str]:
    """Return what is wrong, in words, if it was so both times that the servers were asked."""
    before, now = _faults(seen.first), _faults(seen.again)
    return [words for key, words in now.items() if key in before]


def why_unknown(seen: NameServers, name: str) -> Unknown | None:
    """Return why it is not known whether the servers agree, None if it is known."""
    latest = seen.again or seen.first
    unknown = f"whether the name servers of {name} agree is not known"
    mx = [one for one in latest if one.rdtype == "MX"]
    heard = {one.server for one in mx if not isinstance(one.lookup, Unseen)}
    if not heard:
        seen_of = "; ".join(_troubles(mx)) or "none was asked"
        shut = "none of them gives this machine an answer, as if port 53 were shut or rewritten"
        return Unknown(message=f"{unknown}: {shut} on the way ({seen_of})", remedy=_ELSEWHERE)
    if faults_of(seen):
        return None
    if _faults(latest):
        words = "; ".join(_faults(latest).values())
        return Unknown(message=f"{unknown}: this was seen only once: {words}", remedy=_AGAIN)
    if silent := "; ".join(_troubles(_unheard(latest, heard))):
        return Unknown(message=f"{unknown}: {silent}", remedy=_AGAIN)
    if seen.left_out:
        return Unknown(message=f"{unknown}: not asked were {', '.join(seen.left_out)}")
    return None


def _faults(answers: Iterable[NameServerAnswer]) -> Mapping[Key, str]:
    answers = tuple(answers)
    faults: dict[Key, str] = {}
    if not any(one.rdtype == "MX" and not isinstance(one.lookup, Unseen) for one in answers):
        return faults
    for question, sets in compare(answers).items():
        if len(sets) > 1:
            faults[question] = f"{' '.join(question)} is {_shown(sets)}"
    for one in answers:
        # Below the domain another zone may begin, for which these servers have no authority.
        if one.rdtype == "MX" and isinstance(one.lookup, Unseen) and one.lookup.trouble in _LAME:
            words = f"{_where(one)} does not answer for the zone: {one.lookup.detail}"
            faults["", one.address] = words
    return faults


def _unheard(answers: Iterable[NameServerAnswer], heard: set[str]) -> Iterator[NameServerAnswer]:
    """Yield what was not heard and matters: no address of the server, or not all that was asked."""
    for one in answers:
        if not isinstance(one.lookup, Unseen):
            continue
        delegated = one.lookup.trouble is Trouble.NOT_AUTHORITATIVE
        if one.server not in heard if one.rdtype == "MX" else not delegated:
            yield one


def _shown(sets: Sets) -> str:
    return " but ".join(
        f"{', '.join(sorted(records)) or 'absent'} at {', '.join(map(_where, answers))}"
        for records, answers in sorted(sets.items(), key=lambda pair: sorted(pair[0]))
    )


def _troubles(answers: Iterable[NameServerAnswer]) -> Iterator[str]:
    for one in answers:
        if isinstance(one.lookup, Unseen):
            yield f"{_where(one)}: {one.lookup.detail}"


def _where(one: NameServerAnswer) -> str:
    return f"{one.server} [{one.address}]" if one.address else one.server
