"""What a failure over a certificate is worth if TLSA records authenticate the server.

The rules about certificates judge by the web's authorities, as MTA-STS does. Senders that use DANE
ask TLSA records instead (RFC 7672 3.1.1, 3.1.2).
"""

from dataclasses import replace
from functools import wraps

from mxcheck.model.policy import Level
from mxcheck.rules.base import Answer, EndpointCase, Fail, Pass, Unknown
from mxcheck.rules.facts.dane import DoubtfulTlsa, SecureTlsa, Tlsa, dane_of
from mxcheck.rules.facts.dane_match import matched_record
from mxcheck.rules.facts.sent_chain import CheckChain, PresentedChain
from mxcheck.rules.facts.shown import base_left_unseen
from mxcheck.wire.tlsa import DANE_EE, TlsaRecord


def unless_dane(check: CheckChain, *usages: int) -> CheckChain:
    """Turn a failure into a pass if a record of these usages authenticates the server.

    Such a record also answers what the check could not read of a certificate.
    """

    @wraps(check)
    def check_under_dane(chain: PresentedChain, case: EndpointCase) -> Answer | Unknown:
        answer = check(chain, case)
        if isinstance(answer, Pass):
            return answer
        match _by_dane(chain, case, usages):
            case TlsaRecord() as record:
                return Pass(message=f"the TLSA record {record} authenticates {case.where} instead")
            case Unknown() as unknown if isinstance(answer, Fail):
                return unknown
        return answer

    return check_under_dane


def milder_under_dane(check: CheckChain) -> CheckChain:
    """Turn a failure over dates into a warning if a DANE-EE record authenticates the server.

    A date that cannot be read then weighs no more than that either.
    """

    @wraps(check)
    def check_under_dane(chain: PresentedChain, case: EndpointCase) -> Answer | Unknown:
        answer = check(chain, case)
        if not isinstance(answer, Fail | Unknown):
            return answer
        match _by_dane(chain, case, (DANE_EE,)):
            case TlsaRecord() as record:
                note = (
                    "Senders that use DANE do not look at the date: the TLSA record"
                    f" {record} authenticates the server."
                )
                message = f"{answer.message.removesuffix('.')}. {note}"
                return replace(answer, message=message, at_most=Level.WARNING)
            case Unknown() as unknown if isinstance(answer, Fail):
                return unknown
        return answer

    return check_under_dane


def _by_dane(
    chain: PresentedChain, case: EndpointCase, usages: tuple[int, ...]
) -> TlsaRecord | Unknown | None:
    """Return the record that authenticates the server, if one does, or why that is not known."""
    match dane_of(case):
        case SecureTlsa(tlsa=tlsa):
            record = matched_record(case, tlsa, chain)
            if record:
                return record if record.usage in usages else None
            return _unseen_at_base(case, tlsa)
        case DoubtfulTlsa(seen=seen, doubt=doubt):
            records = [matched_record(case, tlsa, chain) for tlsa in seen]
            if any(record and record.usage in usages for record in records):
                message = (
                    f"{case.where} matches a TLSA record, which may authenticate it instead, but"
                    f" whether the record is DNSSEC-secure is not known: {doubt.why}"
                )
                return Unknown(message=message, remedy=doubt.remedy)
    return None


def _unseen_at_base(case: EndpointCase, tlsa: Tlsa) -> Unknown | None:
    """Return why it is not known what senders that use DANE are shown, if so."""
    if tlsa.base == case.host.name or case.host.chain:
        return None
    unseen = base_left_unseen(case.visit, tlsa.base)
    if unseen is None:
        return None
    message = (
        f"whether a TLSA record authenticates {case.where} for senders that use DANE is not known:"
        f" they ask for {tlsa.base}, and {unseen.detail}"
    )
    return Unknown(message=message)
