"""The chain that a server sent, and what OpenSSL makes of it."""

from dataclasses import dataclass

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import EndpointCase, NotApplicable
from mxcheck.rules.subjects import the_certificate, the_tls_session
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
    """The chain of the TLS session, held against the trust store."""
    session = the_tls_session(case)
    leaf = the_certificate(case)
    if isinstance(session, NotApplicable):
        return session
    if not isinstance(leaf, CertificateFacts):
        return leaf
    trust = case.trust.verify(session.chain, case.evidence.observed_at)
    return SentChain(leaf=leaf, length=len(session.chain), trust=trust)


def the_certificates_below_a_root(
    case: EndpointCase,
) -> tuple[CertificateFacts, ...] | Unseen | NotApplicable:
    """The facts of the server's certificate, and of all others that were sent, roots left out."""
    session = the_tls_session(case)
    leaf = the_certificate(case)
    if isinstance(session, NotApplicable):
        return session
    if not isinstance(leaf, CertificateFacts):
        return leaf
    certificates = [leaf]
    for der in session.chain[1:]:
        facts = parse_certificate(der)
        if isinstance(facts, Unseen):
            return facts
        certificates += [] if facts.self_issued else [facts]
    return tuple(certificates)
