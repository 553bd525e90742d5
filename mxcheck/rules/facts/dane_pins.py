"""Find what the TLSA records of an MX host pin: a key, a certificate, an authority."""

from dataclasses import dataclass

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import MxCase
from mxcheck.rules.facts.dane import Tlsa
from mxcheck.rules.facts.dane_match import matching_records
from mxcheck.rules.facts.mx_chains import chains_presented
from mxcheck.rules.trust import Trusted, TrustStore
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from mxcheck.wire.certificate_fields import subject_public_key_info
from mxcheck.wire.tlsa import DANE_EE, SPKI, TlsaRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A record that authenticates a chain, and the certificate of it (DER) that it is about."""

    record: TlsaRecord
    certificate: bytes
    chain: tuple[bytes, ...]


def pins_of(case: MxCase, tlsa: Tlsa) -> tuple[tuple[Pin, ...], ...]:
    """Return the records that authenticate each chain that the host presents."""
    return tuple(
        tuple(
            Pin(record=record, certificate=certificate, chain=chain)
            for record, certificate in matching_records(case, tlsa, chain)
        )
        for chain in chains_presented(case, tlsa.base)
    )


def why_fragile(pin: Pin, case: MxCase) -> str:
    """Return why an ordinary renewal breaks a record (RFC 7671 5.1, 5.2); empty if it does not.

    A renewal may keep the key, and never the certificate. A public authority signs with whichever
    of its intermediates it likes; its roots stay, and so does what a private authority does.
    """
    record = pin.record
    if record.usage == DANE_EE:
        return "" if record.selector == SPKI else "it is about one certificate, not about its key"
    if _is_root(pin) or not _is_public(pin.chain, case):
        return ""
    facts = parse_certificate(pin.certificate)
    name = facts.subject if isinstance(facts, CertificateFacts) else "an intermediate"
    return f"{name} is an intermediate of a public authority, which may sign with another one"


def _is_root(pin: Pin) -> bool:
    facts = parse_certificate(pin.certificate)
    if isinstance(facts, Unseen) or facts.self_issued:
        return True
    # A root may be cross-signed by an older one: then its key is the root's.
    by_key = pin.record.selector == SPKI
    own = subject_public_key_info(pin.certificate) if by_key else pin.certificate
    roots = TrustStore().roots
    return own in (map(subject_public_key_info, roots) if by_key else roots)


def _is_public(chain: tuple[bytes, ...], case: MxCase) -> bool:
    """Return whether a chain leads to a root that everybody trusts, not just this user."""
    return isinstance(TrustStore().verify(chain, case.run.observed_at), Trusted)
