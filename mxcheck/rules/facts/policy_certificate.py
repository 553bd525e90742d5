"""Why senders do not accept the certificate of a policy host (RFC 8461 3.3)."""

from collections.abc import Iterator

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import DomainCase
from mxcheck.rules.facts import broken_digest, key_size
from mxcheck.rules.trust import Trusted, Untrusted, Unverified
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
    return (*_faults_of_leaf(leaf, case), *_faults_of_chain(chain, case))


def _faults_of_leaf(leaf: CertificateFacts, case: DomainCase) -> Iterator[str]:
    now, host = case.run.observed_at, policy_host(case.domain.name)
    until, since, listed = leaf.not_after, leaf.not_before, leaf.dns_names
    if not isinstance(until, Unseen) and now > until:
        yield f"its certificate has expired, on {until:%Y-%m-%d}"
    if not isinstance(since, Unseen) and now < since:
        yield f"its certificate is not yet valid, but from {since:%Y-%m-%d} on"
    # RFC 8461 3.3: against DNS-IDs alone.
    if isinstance(listed, Unseen):
        yield f"its certificate is not for {host} ({listed.detail})"
    elif not any(matches_host(name, host) for name in listed):
        names = ", ".join(listed) or "no dNSName"
        yield f"its certificate is not for {host} (its SAN contains {names})"


def _faults_of_chain(chain: tuple[bytes, ...], case: DomainCase) -> Iterator[str]:
    match case.trust.verify(chain, case.run.observed_at):
        case Untrusted(missing_issuer=missing) if missing:
            yield (
                "its certificate leads to no trusted root, since the certificate of the issuer"
                f" {missing} is neither sent nor trusted"
            )
        case Untrusted(reason=reason) | Unverified(reason=reason):
            yield f"its certificate leads to no trusted root ({reason})"
        case Trusted(path=path):
            yield from _faults_of_path(path)


def _faults_of_path(path: tuple[bytes, ...]) -> Iterator[str]:
    """Yield what HTTPS clients refuse, as OpenSSL does from security level 2 on."""
    facts = [one for one in map(parse_certificate, path) if isinstance(one, CertificateFacts)]
    for one in facts:
        if fault := key_size.fault_of(one):
            yield f"{one.subject or 'a certificate without subject'} has a weak key ({fault})"
    for one in broken_digest.relied_on(facts):
        if digest := broken_digest.fault_of(one):
            yield f"{one.subject or 'a certificate without subject'} is signed with {digest}"
