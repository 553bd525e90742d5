"""What is promised to senders about who a server is, and who minds where it is not kept."""

from enum import Enum, auto

from mxcheck.rules.base import EndpointCase
from mxcheck.rules.facts.dane import InsecureTlsa, NoTlsa, SecureTlsa, dane_of
from mxcheck.rules.facts.dane_match import matched_record
from mxcheck.rules.facts.sts_policies import sts_mode
from mxcheck.wire.mta_sts import Mode


class Promise(Enum):
    """Whether a policy promises that the server authenticates.

    KEPT where it does so by a TLSA record that matches; UNTOLD where it is not known.
    """

    GIVEN = auto()
    KEPT = auto()
    NONE = auto()
    UNTOLD = auto()


def promise_note(case: EndpointCase, rule: str) -> str:
    """Who refuses a server whose certificate does not authenticate it, and what that weighs.

    Where nothing is promised it shows the line that makes the rule milder.
    """
    domain, host = case.domain.name, case.host.name
    milder = f'levels = {{ "{rule}" = "warning" }} makes this a warning.'
    match _mta_sts(case), _dane(case):
        case Promise.GIVEN, Promise.GIVEN:
            return (
                f"The MTA-STS policy of {domain} (mode enforce) and the TLSA records of {host}"
                " promise a valid one: enforcing senders refuse delivery."
            )
        case Promise.GIVEN, _:
            return (
                f"The MTA-STS policy of {domain} (mode enforce) promises a valid one: enforcing"
                " senders refuse delivery."
            )
        case _, Promise.GIVEN:
            return (
                f"The TLSA records of {host} promise a valid one: senders that use DANE refuse"
                " delivery."
            )
        case Promise.NONE, Promise.NONE:
            return f"But no policy promises it; most senders still deliver. {milder}"
        case Promise.NONE, Promise.KEPT:
            return "Most senders still deliver."
        case _, Promise.KEPT:
            return "Senders that enforce an MTA-STS policy refuse delivery; others still deliver."
        case _:
            return (
                "Senders that authenticate the server (MTA-STS enforce, DANE) refuse delivery;"
                f" others still deliver. Where no policy promises it, {milder}"
            )


def is_reported(case: EndpointCase) -> bool:
    """Return whether senders report failures about the server in their TLS reports.

    They do if a policy promises that it authenticates, enforced or not (RFC 8460 4.3).
    """
    by_policy = sts_mode(case) in {Mode.ENFORCE, Mode.TESTING}
    return by_policy or _dane(case) is Promise.GIVEN


def _mta_sts(case: EndpointCase) -> Promise:
    match sts_mode(case):
        case Mode.ENFORCE:
            return Promise.GIVEN
        case Mode.TESTING | Mode.NONE:
            return Promise.NONE
        case None:
            return Promise.UNTOLD


def _dane(case: EndpointCase) -> Promise:
    match dane_of(case):
        case SecureTlsa(tlsa=tlsa) if tlsa.usable:
            return Promise.KEPT if matched_record(case, tlsa) else Promise.GIVEN
        # RFC 7672 2.2: where no secure record is usable, TLS is promised, but not whose.
        case SecureTlsa() | InsecureTlsa() | NoTlsa():
            return Promise.NONE
        case _:
            return Promise.UNTOLD
