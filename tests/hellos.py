"""What a healthy server answers to the ClientHellos of further connections."""

from mxcheck.evidence.tls import Alert, Authentication, OwnHello, ServerHello

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
