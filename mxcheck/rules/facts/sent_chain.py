"""The chain that a server sent, and what OpenSSL makes of it."""

from dataclasses import dataclass

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import EndpointCase, NotApplicable
from mxcheck.rules.facts.stages import the_certificate, the_chain
from mxcheck.rules.trust import Trusted, Untrusted
from mxcheck.wire.certificate import CertificateFacts, parse_certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class SentChain:
    """The leaf's facts, how many certificates were sent, and the verdict of the trust store."""

    leaf: CertificateFacts
    length: int
    trust: Trusted | Untrusted

    @property
    def is_incomplete(self) -> bool:
        """Whether only a leaf came, which another certificate issued that the store lacks."""
        return (
            isinstance(self.trust, Untrusted)
            and self.trust.issuer_lacking
            and self.length == 1
            and not self.leaf.self_issued
        )


def the_sent_chain(case: EndpointCase) -> SentChain | Unseen | NotApplicable:
    """The chain, held against the trust store."""
    chain, leaf = the_chain(case), the_certificate(case)
    if not isinstance(chain, tuple):
        return chain
    if not isinstance(leaf, CertificateFacts):
        return leaf
    trust = case.trust.verify(chain, case.evidence.observed_at)
    return SentChain(leaf=leaf, length=len(chain), trust=trust)


def the_certificates_below_a_root(
    case: EndpointCase,
) -> tuple[CertificateFacts, ...] | Unseen | NotApplicable:
    """The facts of the server's certificate, and of all others that were sent, roots left out."""
    chain, leaf = the_chain(case), the_certificate(case)
    if not isinstance(chain, tuple):
        return chain
    if not isinstance(leaf, CertificateFacts):
        return leaf
    certificates = [leaf]
    for der in chain[1:]:
        facts = parse_certificate(der)
        if isinstance(facts, Unseen):
            return facts
        certificates += [] if facts.self_issued else [facts]
    return tuple(certificates)
