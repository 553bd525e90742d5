"""What the answer to our own ClientHello says of a handshake that failed."""

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.tls import Alert, OwnHello, ServerHello, TlsSession
from mxcheck.rules.base import EndpointCase
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from mxcheck.wire.tls_version import is_at_least


def old_version_chosen(case: EndpointCase) -> ServerHello | None:
    """Return what the server chose below the minimum if all versions are offered, after a failure.

    The local TLS library may not speak that version any more; the server's fault is its age.
    """
    if isinstance(case.visit.tls, TlsSession):
        return None
    for hello in case.visit.hellos:
        answer = hello.answer
        if isinstance(answer, ServerHello) and not is_at_least(answer.version, case.policy.min_tls):
            return answer
    return None


def describe_own_hello(hello: OwnHello) -> str:
    """Return what the server answers if more is offered than the local TLS library can speak."""
    offer = f"offered everything old too, up to {hello.offered},"
    match hello.answer:
        case ServerHello(version=version, cipher=cipher, chain=chain):
            return f"{offer} it chooses {version} with {cipher}{_key(chain)}"
        case Alert(description=description):
            return f"{offer} it sends the alert {description}"
        case Unseen():
            return ""


def _key(chain: tuple[bytes, ...]) -> str:
    facts = parse_certificate(chain[0]) if chain else None
    return f" and the key {facts.key}" if isinstance(facts, CertificateFacts) else ""
