"""Certificate chains from PEM files, as a mail server would load and send them."""

import warnings

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.certificate import CertificateFacts, load_pem, parse_certificate


def read_chain(data: bytes) -> tuple[bytes, ...]:
    """The certificates (DER) of a file, in its order; ValueError says why no server can send them.

    Of a file that holds the private key too, nothing but the certificates is kept.
    """
    try:
        certificates = load_pem(data)
    except ValueError:
        raise ValueError(_why_unreadable(data)) from None
    _ensure_leaf_first(certificates)
    return tuple(map(_der, certificates))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _why_unreadable(data: bytes) -> str:
    if isinstance(parse_certificate(data), Unseen):
        return "holds no PEM certificate that can be read"
    return (
        "is a certificate in DER, where PEM is wanted: `openssl x509 -inform der -in FILE -out"
        " FILE.pem`, with its intermediates behind it"
    )


def _ensure_leaf_first(certificates: list[x509.Certificate]) -> None:
    """Refuse what begins with an authority: servers send the first certificate as their own.

    What cannot be read is let in: a server can send it, and the rules say what comes of it.
    """
    first, *rest = certificates
    facts = parse_certificate(_der(first))
    if isinstance(facts, Unseen) or not _is_authority(first):
        return
    own = next(filter(None, map(_facts_of_server, rest)), None)
    begins = f"begins with the authority {facts.subject}"
    if own:
        raise ValueError(
            f"{begins}, and servers send the first certificate as their own: put that of the"
            f" server ({own.subject}) first, then what issued it, one after another"
        )
    if not facts.self_issued:
        raise ValueError(
            f"{begins}, and holds no certificate of a server: give the whole chain (certbot:"
            " fullchain.pem, not chain.pem)"
        )


def _facts_of_server(certificate: x509.Certificate) -> CertificateFacts | None:
    facts = parse_certificate(_der(certificate))
    return None if isinstance(facts, Unseen) or _is_authority(certificate) else facts


def _is_authority(certificate: x509.Certificate) -> bool:
    """Of one that has facts: its extensions can be read."""
    try:
        with warnings.catch_warnings(action="ignore"):
            found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    return found.value.ca
