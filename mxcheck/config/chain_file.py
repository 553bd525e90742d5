"""Certificate chains from PEM files, as a mail server would load and send them."""

import warnings

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning


def read_chain(data: bytes) -> tuple[bytes, ...]:
    """The certificates (DER) of a file, in its order; ValueError says why no server can send them.

    Of a file that holds the private key too, nothing but the certificates is kept.
    """
    with warnings.catch_warnings():
        # A certificate may be odd and still be the one that is deployed.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        try:
            certificates = x509.load_pem_x509_certificates(data)
        except ValueError:
            raise ValueError(_why_unreadable(data)) from None
        _ensure_leaf_first(certificates)
        return tuple(certificate.public_bytes(Encoding.DER) for certificate in certificates)


def _why_unreadable(data: bytes) -> str:
    try:
        x509.load_der_x509_certificate(data)
    except ValueError:
        return "holds no PEM certificate that can be read"
    return (
        "is a certificate in DER, where PEM is wanted: `openssl x509 -inform der -in FILE -out"
        " FILE.pem`, with its intermediates behind it"
    )


def _ensure_leaf_first(certificates: list[x509.Certificate]) -> None:
    """Refuse what begins with an authority: servers send the first certificate as their own."""
    first, *rest = certificates
    if not _is_authority(first):
        return
    own = next((one for one in rest if not _is_authority(one)), None)
    begins = f"begins with the authority {_subject(first)}"
    if own:
        raise ValueError(
            f"{begins}, and servers send the first certificate as their own: put that of the"
            f" server ({_subject(own)}) first, then what issued it, one after another"
        )
    if first.subject != first.issuer:
        raise ValueError(
            f"{begins}, and holds no certificate of a server: give the whole chain (certbot:"
            " fullchain.pem, not chain.pem)"
        )


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return found.value.ca


def _subject(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string()
