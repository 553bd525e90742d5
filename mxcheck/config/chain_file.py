"""Certificate chains from PEM files, as a mail server would load and send them."""

from cryptography.hazmat.primitives.serialization import Encoding

from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.certificate import CertificateFacts, load_pem, parse_certificate


def read_chain(data: bytes) -> tuple[bytes, ...]:
    """Return the certificates (DER) of a file, in its order.

    ValueError says why no server can send them.

    Of a file that holds the private key too, nothing but the certificates is kept.
    """
    try:
        certificates = load_pem(data)
    except ValueError:
        raise ValueError(_why_unreadable(data)) from None
    chain = tuple(certificate.public_bytes(Encoding.DER) for certificate in certificates)
    _ensure_leaf_first(chain)
    return chain


def _why_unreadable(data: bytes) -> str:
    if isinstance(parse_certificate(data), Unseen):
        return "contains no PEM certificate that can be read"
    return (
        "is a certificate in DER, where PEM is wanted: `openssl x509 -inform der -in FILE -out"
        " FILE.pem`, with its intermediates behind it"
    )


def _ensure_leaf_first(chain: tuple[bytes, ...]) -> None:
    """Refuse what begins with an authority: servers send the first certificate as their own.

    What cannot be read is accepted: a server can send it, and the rules say what comes of it.
    """
    first, *rest = map(parse_certificate, chain)
    if isinstance(first, Unseen) or first.is_authority is not True:
        return
    begins = f"begins with the authority {first.subject}"
    for facts in rest:
        if isinstance(facts, CertificateFacts) and facts.is_authority is not True:
            raise ValueError(
                f"{begins}, and servers send the first certificate as their own: put that of the"
                f" server ({facts.subject}) first, then what issued it, one after another"
            )
    if not first.self_issued:
        raise ValueError(
            f"{begins}, and holds no certificate of a server: give the whole chain (certbot:"
            " fullchain.pem, not chain.pem)"
        )
