"""What ends first on the path by which senders authenticate a server."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import DomainCase, EndpointCase
from mxcheck.rules.facts.dane import SecureTlsa, dane_of
from mxcheck.rules.facts.dane_match import Matched, match_of
from mxcheck.rules.facts.lifetime import WantedDays, days_left
from mxcheck.rules.facts.sent_chain import PresentedChain
from mxcheck.rules.trust import Trusted
from mxcheck.wire.certificate import parse_certificate
from mxcheck.wire.certificate_path import longest_path
from mxcheck.wire.tlsa import DANE_TA


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A certificate that senders need, named as messages name it, and when it expires."""

    what: str
    at: datetime

    def message(self, now: datetime, wanted: WantedDays) -> str:
        """Return how many days are left, and how many are wanted."""
        return (
            f"{self.what} is valid for only {days_left(now, self.at)}; at least {wanted.days} are"
            f" wanted ({wanted.bound})"
        )


def first_to_end(
    chain: PresentedChain, case: EndpointCase, leaf_ends: datetime, by: datetime
) -> Ending | None:
    """Return the certificate whose end leaves senders without a path before `by`.

    None if all who authenticate the server now still can then, be it by another path through the
    trust store.
    """
    what = f"the certificate of {case.where}"
    ending = first_to_end_in_store(chain, case, leaf_ends, by, what)
    if ending:
        return ending
    now, last = case.run.observed_at, by - timedelta(seconds=1)
    if _is_anchored(chain, case, now) and not _is_anchored(chain, case, last):
        return _first_above(longest_path(chain.certificates, now), by, what)
    return None


def first_to_end_in_store(
    chain: PresentedChain, case: DomainCase, leaf_ends: datetime, by: datetime, what: str
) -> Ending | None:
    """Return the certificate whose end leaves a client of the trust store without a path.

    `what` names the server's own certificate in messages. None if a chain that is trusted now still
    is at `by`.
    """
    if leaf_ends < by:
        return Ending(what=what, at=leaf_ends)
    trust = chain.trust(case)
    later = case.trust.verify(chain.certificates, by - timedelta(seconds=1))
    if isinstance(trust, Trusted) and not isinstance(later, Trusted):
        return _first_above(trust.path, by, what)
    return None


def _is_anchored(chain: PresentedChain, case: EndpointCase, at: datetime) -> bool:
    """Return whether a record of a trust anchor (DANE-TA) authenticates the server at a moment."""
    match dane_of(case):
        case SecureTlsa(tlsa=tlsa):
            match = match_of(case, tlsa, chain.certificates, at)
            return isinstance(match, Matched) and match.record.usage == DANE_TA
        case _:
            return False


def _first_above(path: tuple[bytes, ...], by: datetime, what: str) -> Ending | None:
    endings = []
    for facts in map(parse_certificate, path[1:]):
        if isinstance(facts, Unseen) or isinstance(facts.not_after, Unseen):
            continue
        above = f"the authority {facts.subject}, on which {what} depends,"
        endings.append(Ending(what=above, at=facts.not_after))
    before = [ending for ending in endings if ending.at < by]
    return min(before, key=lambda ending: ending.at, default=None)
