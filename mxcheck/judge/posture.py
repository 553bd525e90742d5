"""The posture of a domain: which of DNSSEC, MTA-STS, TLS-RPT, DANE and DMARC it has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from mxcheck.evidence.dns import Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.records import PlainRecord
from mxcheck.rules.base import DomainCase, MxCase, NotApplicable, Scope
from mxcheck.rules.facts.dane import (
    DoubtfulTlsa,
    FailedTlsa,
    SecureTlsa,
    dane_of,
)
from mxcheck.rules.facts.dmarc import discovery_of, faulty_step
from mxcheck.rules.facts.dnssec import Security, security_of
from mxcheck.rules.facts.mta_sts import (
    is_given,
    parse_sts_lookup,
    the_policy_texts,
    the_sts_lookup,
)
from mxcheck.rules.facts.sts_policies import the_sts_policies
from mxcheck.rules.facts.tls_rpt import parse_tls_rpt
from mxcheck.rules.subjects import SOURCES
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.tls_rpt import TlsRptRecord
from mxcheck.wire.version_record import Discarded


class _State(Enum):
    """What is known of one protection that says no more about itself."""

    ABSENT = auto()
    UNKNOWN = auto()
    NOT_ASKED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """What a domain has, in words of our own; what the run did not ask for is in none of these."""

    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def posture_of(case: DomainCase) -> Posture:
    """Return what a domain has, as senders see it."""
    seen = {name: look(case) for name, look in _PROTECTIONS.items()}
    return Posture(
        present=tuple(f"{name}{one}" for name, one in seen.items() if isinstance(one, str)),
        absent=tuple(name for name, one in seen.items() if one is _State.ABSENT),
        unknown=tuple(name for name, one in seen.items() if one is _State.UNKNOWN),
    )


def _dnssec(case: DomainCase) -> str | _State:
    """Say whether the MX answer is secure, if a resolver was asked whether it validates."""
    if all(_was_not_asked(one.root_soa) for one in case.run.resolvers):
        return _State.NOT_ASKED
    match security_of(case.domain.mx, case.run.resolvers):
        case Security.SECURE:
            return ""
        case Security.INSECURE:
            return _State.ABSENT
        case Security.BOGUS:
            return " broken"
        case Security.INDETERMINATE:
            return _State.UNKNOWN


def _mta_sts(case: DomainCase) -> str | _State:
    """Say the modes of the policies that senders fetch, or what keeps them from one."""
    if not case.domain.hosts or (_was_not_asked(case.domain.mta_sts.record) and not is_given(case)):
        return _State.NOT_ASKED
    policies = the_sts_policies(case)
    if not isinstance(policies, NotApplicable):
        return f" {' and '.join(dict.fromkeys(str(one.policy.mode) for one in policies))}"
    lookup = the_sts_lookup(case)
    if not isinstance(lookup, Answer | Absent):
        return _State.UNKNOWN
    record = parse_sts_lookup(lookup, case)
    if record is None or isinstance(record, Discarded):
        return _State.ABSENT
    if isinstance(record, Malformed):
        return " record invalid"
    unread = isinstance(the_policy_texts(case), NotApplicable)
    return " policy not fetched" if unread else " policy invalid"


def _tls_rpt(case: DomainCase) -> str | _State:
    lookup = case.domain.record(PlainRecord.TLS_RPT)
    if not case.domain.hosts or _was_not_asked(lookup):
        return _State.NOT_ASKED
    if isinstance(lookup, Unseen):
        return _State.UNKNOWN
    record = parse_tls_rpt(case)
    if isinstance(record, TlsRptRecord):
        return ""
    return " record invalid" if isinstance(record, Malformed) else _State.ABSENT


def _dane(case: DomainCase) -> str | _State:
    """Say the kinds of the TLSA records that senders use, and at how many MX hosts they are."""
    states = list(_dane_states(case))
    secure = [one.tlsa for one in states if isinstance(one, SecureTlsa)]
    usable = [tlsa for tlsa in secure if tlsa.usable]
    if usable:
        records = (record for tlsa in usable for record in tlsa.usable)
        kinds = {f"{one.usage} {one.selector} {one.matching_type}" for one in records}
        total = len(case.domain.hosts)
        where = "" if len(usable) == total else f" at {len(usable)} of {total} MX hosts"
        return f" {', '.join(sorted(kinds))}{where}"
    if secure:
        return " records unusable"
    if any(isinstance(one, DoubtfulTlsa | FailedTlsa) or _is_unseen(one) for one in states):
        return _State.UNKNOWN
    asked = [one for one in states if not isinstance(one, Unseen | NotApplicable)]
    return _State.ABSENT if asked else _State.NOT_ASKED


def _dane_states(case: DomainCase) -> Iterator[object]:
    for asked in SOURCES[Scope.MX].find(case):
        if isinstance(asked.case, MxCase):
            yield dane_of(asked.case)


def _dmarc(case: DomainCase) -> str | _State:
    """Say the policy in force, or what keeps receivers from one."""
    if all(_was_not_asked(one.lookup) for one in case.domain.dmarc.walk):
        return _State.NOT_ASKED
    discovery = discovery_of(case)
    if discovery.record_unseen:
        return _State.UNKNOWN
    if discovery.request() is not None and not discovery.is_of_suffix:
        return f" {discovery.request()}"
    is_there = discovery.record and not discovery.is_of_suffix
    return " record invalid" if is_there or faulty_step(discovery) else _State.ABSENT


def _is_unseen(state: object) -> bool:
    return isinstance(state, Unseen) and state.trouble is not Trouble.NOT_ASKED


def _was_not_asked(lookup: Lookup) -> bool:
    return isinstance(lookup, Unseen) and lookup.trouble is Trouble.NOT_ASKED


_PROTECTIONS: dict[str, Callable[[DomainCase], str | _State]] = {
    "DNSSEC": _dnssec,
    "MTA-STS": _mta_sts,
    "TLS-RPT": _tls_rpt,
    "DANE": _dane,
    "DMARC": _dmarc,
}
