"""Find the certificate chains that an MX host presents at its addresses."""

from collections.abc import Mapping

from mxcheck.rules.base import MxCase
from mxcheck.rules.facts.shown import chains_shown
from mxcheck.wire.certificate import CertificateFacts, parse_certificate

Chain = tuple[bytes, ...]


def chains_sent(case: MxCase, base: str) -> Mapping[str, tuple[Chain, ...]]:
    """Return the chains (DER, leaf first) that each address showed for a TLSA base domain."""
    visits = [case.run.visit(case.host.name, address) for address in case.host.addresses]
    shown = {
        visit.address: tuple(chain for chain, _ in chains_shown(visit, base) if _is_readable(chain))
        for visit in visits
    }
    return {address: chains for address, chains in shown.items() if chains}


def chains_presented(case: MxCase, base: str) -> tuple[Chain, ...]:
    """Return each chain that the host presents, or the one that is about to be deployed."""
    if case.host.chain:
        return (case.host.chain.chain,)
    sent = chains_sent(case, base).values()
    return tuple(dict.fromkeys(chain for chains in sent for chain in chains))


def _is_readable(chain: Chain) -> bool:
    return bool(chain) and isinstance(parse_certificate(chain[0]), CertificateFacts)
