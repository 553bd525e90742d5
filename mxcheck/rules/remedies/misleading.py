"""A certificate that leads senders away from the path by which they would trust a server."""

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import EndpointCase
from mxcheck.rules.facts.sent_chain import PresentedChain
from mxcheck.rules.trust import Trusted, Untrusted
from mxcheck.wire.certificate import parse_certificate


def without_misleading(chain: PresentedChain, trust: Untrusted, case: EndpointCase) -> str:
    """Return which certificate to remove so that senders trust the chain, "" if none is at fault.

    OpenSSL takes the first certificate that fits as an issuer, and never tries another one.
    """
    for der in trust.path[1:]:
        rest = tuple(one for one in chain.certificates if one != der)
        facts = parse_certificate(der)
        trusted = case.trust.verify(rest, case.run.observed_at)
        if isinstance(trusted, Trusted) and not isinstance(facts, Unseen):
            return (
                f"Remove the certificate of {facts.subject} by {facts.issuer} from the chain:"
                " senders try it first, and without it they reach a trusted root."
            )
    return ""
