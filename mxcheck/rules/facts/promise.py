"""What is promised to senders about who a server is, and who refuses it if it is not kept."""

from enum import Enum, auto

from mxcheck.rules.base import EndpointCase
from mxcheck.rules.facts.dane import InsecureTlsa, NoTlsa, SecureTlsa, Tlsa, dane_of
from mxcheck.rules.facts.dane_match import matched_record
from mxcheck.rules.facts.sent_chain import PresentedChain
from mxcheck.rules.facts.stages import the_chain
from mxcheck.rules.facts.sts_policies import sts_mode
from mxcheck.wire.mta_sts import Mode


class Promise(Enum):
    """Whether a policy promises that the server authenticates.

    KEPT says that a TLSA record matches the server; UNTOLD that it is not known.
    """

    GIVEN = auto()
    KEPT = auto()
    NONE = auto()
    UNTOLD = auto()


def promise_note(chain: PresentedChain, case: EndpointCase, rule: str) -> str:
    """Return who refuses a server that this chain does not authenticate, and how many deliver.

    If nothing is promised, the note shows the line that makes the rule milder.
    """
    domain, host = case.domain.name, case.host.name
    milder = f'levels = {{ "{rule}" = "warning" }} makes this a warning.'
    match _mta_sts(case), _dane(case, chain):
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
                f" others still deliver. If no policy promises it, {milder}"
            )


def is_reported(case: EndpointCase) -> bool:
    """Return whether senders report failures about the server in their TLS reports.

    They do if a policy promises that it authenticates, enforced or not (RFC 8460 4.3).
    """
    by_policy = sts_mode(case) in {Mode.ENFORCE, Mode.TESTING}
    return by_policy or _dane(case, None) is Promise.GIVEN


def _mta_sts(case: EndpointCase) -> Promise:
    match sts_mode(case):
        case Mode.ENFORCE:
            return Promise.GIVEN
        case Mode.TESTING | Mode.NONE:
            return Promise.NONE
        case None:
            return Promise.UNTOLD


def _dane(case: EndpointCase, chain: PresentedChain | None) -> Promise:
    match dane_of(case):
        case SecureTlsa(tlsa=tlsa) if tlsa.usable:
            return Promise.KEPT if _is_kept(case, tlsa, chain) else Promise.GIVEN
        # RFC 7672 2.2: if no secure record is usable, TLS is promised, but not whose.
        case SecureTlsa() | InsecureTlsa() | NoTlsa():
            return Promise.NONE
        case _:
            return Promise.UNTOLD


def _is_kept(case: EndpointCase, tlsa: Tlsa, chain: PresentedChain | None) -> bool:
    if chain is None:
        sent = the_chain(case)
        chain = PresentedChain(certificates=sent) if isinstance(sent, tuple) else None
    return chain is not None and matched_record(case, tlsa, chain) is not None
