"""What a healthy server answers to the ClientHellos of further connections."""

from dataclasses import replace

from mxcheck.evidence.tls import Alert, Authentication, OwnHello, ServerHello, ShownTls

REFUSED_HELLO = OwnHello(
    offered="TLSv1.1",
    sent=True,
    answer=Alert(level="fatal", description="protocol_version"),
)
NO_RSA = OwnHello(
    offered="TLSv1.2",
    authentication=Authentication.RSA,
    sent=True,
    answer=Alert(level="fatal", description="handshake_failure"),
)
ANSWERED_LARGE = OwnHello(
    offered="TLSv1.3",
    large=True,
    sent=True,
    answer=ServerHello(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", group="x25519"),
)


def base_hellos(base: str) -> tuple[OwnHello, ...]:
    """What a server with one certificate answers when it is asked for a TLSA base domain."""
    answer = ServerHello(version="TLSv1.2", cipher="TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
    first = OwnHello(offered="TLSv1.2", server_name=base, sent=True, answer=answer)
    return (first, replace(NO_RSA, server_name=base))


def shown_for(base: str, chain: tuple[bytes, ...]) -> ShownTls:
    """What it shows then."""
    return ShownTls(
        connection=f"a connection that asked for {base}",
        server_name=base,
        offered="TLSv1.2",
        version="TLSv1.2",
        chain=chain,
    )
