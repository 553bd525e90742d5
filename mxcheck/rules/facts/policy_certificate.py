"""Why senders do not accept the certificate of a policy host (RFC 8461 3.3)."""

from collections.abc import Iterator

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import DomainCase
from mxcheck.rules.trust import Trusted
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from mxcheck.wire.host_match import matches_host
from mxcheck.wire.mta_sts import policy_host


def certificate_faults(chain: tuple[bytes, ...], case: DomainCase) -> tuple[str, ...]:
    """Return every reason to refuse a chain (DER, leaf first), none if senders accept it."""
    if not chain:
        return ("it presents no certificate",)
    leaf = parse_certificate(chain[0])
    if isinstance(leaf, Unseen):
        return (leaf.detail,)
    return (*_faults_of_leaf(leaf, case), *_faults_of_chain(chain, leaf, case))


def _faults_of_leaf(leaf: CertificateFacts, case: DomainCase) -> Iterator[str]:
    now, host = case.evidence.observed_at, policy_host(case.domain.name)
    if now > leaf.not_after:
        yield f"its certificate has expired, on {leaf.not_after:%Y-%m-%d}"
    if now < leaf.not_before:
        yield f"its certificate is not yet valid, but from {leaf.not_before:%Y-%m-%d} on"
    # RFC 8461 3.3: against DNS-IDs alone.
    if not any(matches_host(name, host) for name in leaf.dns_names):
        names = ", ".join(leaf.dns_names) or "no dNSName"
        yield f"its certificate is not for {host} (its SAN contains {names})"


def _faults_of_chain(
    chain: tuple[bytes, ...], leaf: CertificateFacts, case: DomainCase
) -> Iterator[str]:
    verdict = case.trust.verify(chain, case.evidence.observed_at)
    if isinstance(verdict, Trusted):
        if not leaf.for_servers:
            yield "its certificate is not meant for TLS servers"
    elif verdict.issuer_lacking and not leaf.self_issued:
        yield (
            f"its certificate leads to no trusted root, since the issuer of {verdict.subject} is"
            f" neither sent nor trusted ({verdict.reason})"
        )
    else:
        yield f"its certificate leads to no trusted root ({verdict.reason})"
