"""Records of usage DANE-EE, and what senders make of the server (RFC 7672 3.1.1)."""

from tests.real.dane import certs
from tests.real.dane.case import Case, Delivery, Otherwise, tlsa_of

_GOOD = ("3 1 1 leaf",)
_BAD = ("3 1 1 other",)


def _by_sni(name: str, other: str) -> str:
    """Present the chain of another case to those who ask for a name."""
    chain = f"$config_directory/../chains/{other}.pem"
    return f"tls_server_sni_maps=inline:{{{{ {name} = {chain} }}}}"


END_ENTITY = (
    Case(name="ee-key-sha256", tlsa=_GOOD, delivery=Delivery.AUTHENTICATED),
    Case(name="ee-key-sha512", tlsa=("3 1 2 leaf",), delivery=Delivery.AUTHENTICATED),
    Case(name="ee-key-full", tlsa=("3 1 0 leaf",), delivery=Delivery.AUTHENTICATED),
    Case(name="ee-certificate-sha256", tlsa=("3 0 1 leaf",), delivery=Delivery.AUTHENTICATED),
    Case(name="ee-certificate-sha512", tlsa=("3 0 2 leaf",), delivery=Delivery.AUTHENTICATED),
    Case(name="ee-certificate-full", tlsa=("3 0 0 leaf",), delivery=Delivery.AUTHENTICATED),
    Case(name="ee-wrong-key-sha256", tlsa=_BAD, delivery=Delivery.REFUSED),
    Case(name="ee-wrong-key-sha512", tlsa=("3 1 2 other",), delivery=Delivery.REFUSED),
    Case(name="ee-wrong-key-full", tlsa=("3 1 0 other",), delivery=Delivery.REFUSED),
    Case(name="ee-wrong-certificate-sha256", tlsa=("3 0 1 other",), delivery=Delivery.REFUSED),
    Case(name="ee-wrong-certificate-full", tlsa=("3 0 0 other",), delivery=Delivery.REFUSED),
    Case(name="ee-of-issuer", tlsa=("3 1 1 issuing",), delivery=Delivery.REFUSED),
    Case(
        name="ee-expired",
        tlsa=_GOOD,
        certificate=certs.EXPIRED,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ee-not-yet-valid",
        tlsa=_GOOD,
        certificate=certs.NOT_YET_VALID,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ee-wrong-name",
        tlsa=_GOOD,
        certificate=certs.WRONG_NAME,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ee-self-signed-expired-wrong-name",
        tlsa=_GOOD,
        certificate=certs.expired_own_issuer,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ee-for-clients-only",
        tlsa=_GOOD,
        certificate=certs.FOR_CLIENTS_ONLY,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ee-without-intermediate",
        tlsa=_GOOD,
        certificate=certs.without_intermediate,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ee-rsa", tlsa=_GOOD, certificate=certs.with_rsa_key, delivery=Delivery.AUTHENTICATED
    ),
    Case(name="ee-rollover", tlsa=(*_BAD, *_GOOD), delivery=Delivery.AUTHENTICATED),
    Case(name="ee-rollover-missed", tlsa=(*_BAD, "3 1 1 issuing"), delivery=Delivery.REFUSED),
    Case(name="ee-or-ta", tlsa=("2 1 1 other", *_GOOD), delivery=Delivery.AUTHENTICATED),
    # Clients of today take the elliptic one where they may choose.
    Case(
        name="ee-dual",
        tlsa=("3 1 1 leaf", "3 1 1 rsa"),
        certificate=certs.dual,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ee-dual-elliptic-alone",
        tlsa=_GOOD,
        certificate=certs.dual,
        delivery=Delivery.REFUSED,
        postfix=Otherwise(
            delivery=Delivery.AUTHENTICATED,
            why="mxcheck judges both certificates, and a sender that asks for RSA alone is refused",
        ),
    ),
    Case(
        name="ee-dual-rsa-alone",
        tlsa=("3 1 1 rsa",),
        certificate=certs.dual,
        delivery=Delivery.REFUSED,
    ),
    # RFC 7672 8.1: the server may have the right certificate for those who ask for it by name.
    Case(
        name="ee-sni",
        tlsa=(),
        layout=tlsa_of("ee-key-sha256"),
        options=(_by_sni("mx.ee-sni.test", "ee-key-sha256"),),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ee-sni-alias",
        tlsa=(),
        layout=tlsa_of("ee-key-sha256", alias=True),
        options=(_by_sni("mx.ee-sni-alias-host.test", "ee-key-sha256"),),
        delivery=Delivery.AUTHENTICATED,
    ),
)
