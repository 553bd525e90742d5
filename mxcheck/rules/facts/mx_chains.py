"""Find the certificate chains that an MX host presents at its addresses."""

from collections.abc import Mapping

from mxcheck.evidence.tls import TlsSession
from mxcheck.rules.base import MxCase
from mxcheck.wire.certificate import CertificateFacts, parse_certificate


def chains_sent(case: MxCase) -> Mapping[str, tuple[bytes, ...]]:
    """Return the chain (DER, leaf first) at each address where there was a TLS session."""
    visits = [case.run.visit(case.host.name, address) for address in case.host.addresses]
    return {
        visit.address: visit.tls.chain
        for visit in visits
        if isinstance(visit.tls, TlsSession) and _is_readable(visit.tls.chain)
    }


def chains_presented(case: MxCase) -> tuple[tuple[bytes, ...], ...]:
    """Return each chain that the host presents, or the one that is about to be deployed."""
    if case.host.chain:
        return (case.host.chain.chain,)
    return tuple(dict.fromkeys(chains_sent(case).values()))


def _is_readable(chain: tuple[bytes, ...]) -> bool:
    return bool(chain) and isinstance(parse_certificate(chain[0]), CertificateFacts)
