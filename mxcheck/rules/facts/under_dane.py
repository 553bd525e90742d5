"""What becomes of a rule about certificates where TLSA records authenticate the server.

The rules themselves judge by the web's authorities, as MTA-STS does; these wrappers say what that
is worth to senders that use DANE (RFC 7672 3.1.1, 3.1.2).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TypeVar

from mxcheck.model.policy import Level
from mxcheck.rules.base import Answer, EndpointCase, Fail, Pass, Unknown
from mxcheck.rules.facts.dane import DoubtfulTlsa, SecureTlsa, dane_of
from mxcheck.rules.facts.dane_match import matched_record
from mxcheck.wire.tlsa import DANE_EE, TlsaRecord

SeenT = TypeVar("SeenT")
Check = Callable[[SeenT, EndpointCase], Answer]
CheckUnderDane = Callable[[SeenT, EndpointCase], Answer | Unknown]


def unless_dane(check: Check[SeenT], *usages: int) -> CheckUnderDane[SeenT]:
    """Turn a failure into a pass where a record of these usages authenticates the server."""

    @wraps(check)
    def check_under_dane(seen: SeenT, case: EndpointCase) -> Answer | Unknown:
        answer = check(seen, case)
        if isinstance(answer, Pass):
            return answer
        match _by_dane(case, usages):
            case TlsaRecord() as record:
                return Pass(message=f"the TLSA record {record} authenticates {case.where} instead")
            case Unknown() as unknown if isinstance(answer, Fail):
                return unknown
        return answer

    return check_under_dane


def milder_under_dane(check: Check[SeenT]) -> CheckUnderDane[SeenT]:
    """Turn a failure over dates into a warning where a DANE-EE record authenticates the server."""

    @wraps(check)
    def check_under_dane(seen: SeenT, case: EndpointCase) -> Answer | Unknown:
        answer = check(seen, case)
        if not isinstance(answer, Fail):
            return answer
        match _by_dane(case, (DANE_EE,)):
            case TlsaRecord() as record:
                note = (
                    f"To senders that use DANE the date is nothing: the TLSA record {record}"
                    " authenticates the server."
                )
                message = f"{answer.message.removesuffix('.')}. {note}"
                return replace(answer, message=message, at_most=Level.WARNING)
            case Unknown() as unknown:
                return unknown
        return answer

    return check_under_dane


def _by_dane(case: EndpointCase, usages: tuple[int, ...]) -> TlsaRecord | Unknown | None:
    """The record that authenticates the server, if one does, or why that cannot be known."""
    match dane_of(case):
        case SecureTlsa(tlsa=tlsa):
            record = matched_record(case, tlsa)
            return record if record and record.usage in usages else None
        case DoubtfulTlsa(seen=seen, doubt=doubt):
            records = [matched_record(case, tlsa) for tlsa in seen]
            if any(record and record.usage in usages for record in records):
                message = (
                    f"{case.where} matches a TLSA record, which may stand in for this, but whether"
                    f" the record is DNSSEC-secure is not known: {doubt.why}"
                )
                return Unknown(message=message, remedy=doubt.remedy)
    return None
