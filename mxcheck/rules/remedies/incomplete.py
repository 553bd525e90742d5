"""What to say of a chain that breaks off."""

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.facts.sent_chain import PresentedChain
from mxcheck.rules.trust import Untrusted
from mxcheck.wire.certificate import parse_certificate


def broken_off(chain: PresentedChain, trust: Untrusted) -> str:
    """Return where the chain breaks off, and whose certificate is missing."""
    missing = f"that of the issuer ({trust.missing_issuer}) is neither sent nor in the trust store"
    if len(chain.certificates) == 1:
        return f"sends only its own certificate; {missing}"
    path, sent = len(trust.path), len(chain.certificates)
    off = [_subject(der) for der in chain.certificates if der not in trust.path]
    beside = f" ({'; '.join(off)} did not issue it)" if off else ""
    return (
        f"sends {sent} certificates, of which {path} lead up to {trust.subject}{beside}; {missing}"
    )


def _subject(der: bytes) -> str:
    facts = parse_certificate(der)
    return facts.detail if isinstance(facts, Unseen) else facts.subject
