"""Which certificate chains a server showed, under which name, and which it may have besides."""

from mxcheck.evidence.outcome import OUR_OWN, Trouble, Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import Alert, Authentication, OwnHello, TlsSession
from mxcheck.wire.authentication import OTHER, authentication_of

Shown = tuple[tuple[bytes, ...], str]
"""A chain (DER, leaf first), and the connection beside the visit that showed it, or ""."""


def chains_shown(visit: Visit, name: str) -> tuple[Shown, ...]:
    """Return each chain that was shown when the server was asked for a name (SNI)."""
    session = visit.tls
    own = isinstance(session, TlsSession) and name == visit.host and session.chain
    shown: list[Shown] = [(session.chain, "")] if own and isinstance(session, TlsSession) else []
    shown += [(one.chain, one.connection) for one in visit.shown if one.server_name == name]
    return tuple(dict.fromkeys((chain, words) for chain, words in shown if chain))


def chain_left_unseen(visit: Visit) -> Unseen | None:
    """Return why the visit's other certificate was not asked for, if there may be one.

    A server may have an RSA and an ECDSA certificate. What it refused is not its fault, and leaves
    the question alone without an answer; what this check did not ask is unknown.
    """
    session = visit.tls
    if not isinstance(session, TlsSession) or not session.chain:
        return None
    kind = authentication_of(session.chain[0])
    if kind not in OTHER:
        return None
    if not visit.chain_hellos:
        return _unasked(f"an {OTHER[kind]} certificate beside the {kind} one")
    return _left_unseen(visit.chain_hellos)


def base_left_unseen(visit: Visit, base: str) -> Unseen | None:
    """Return why a chain was not seen under the name of a TLSA base domain, if so."""
    asked = [hello for hello in visit.base_hellos if hello.server_name == base]
    if not asked:
        return _unasked(f"the certificate that it presents for {base}")
    first = asked[0].answer
    if isinstance(first, Unseen):
        return first
    if isinstance(first, Alert):
        detail = f"asked for {base} at {asked[0].offered}, the server sends {first.description}"
        return Unseen(trouble=Trouble.HANDSHAKE, detail=detail)
    if not chains_shown(visit, base):
        detail = f"asked for {base} at {asked[0].offered}, the server presents no certificate"
        return Unseen(trouble=Trouble.MALFORMED, detail=detail)
    return _left_unseen(tuple(asked[1:]))


def _left_unseen(hellos: tuple[OwnHello, ...]) -> Unseen | None:
    for hello in hellos:
        if isinstance(hello.answer, Unseen) and hello.answer.trouble in OUR_OWN:
            return hello.answer
    return None


def _unasked(what: str) -> Unseen:
    return Unseen(trouble=Trouble.NOT_ASKED, detail=f"the server was not asked for {what}")


def seen_alone(visit: Visit) -> str:
    """Return in words why only one certificate could be seen, "" if there is only one."""
    session, hellos = visit.tls, visit.chain_hellos
    if not isinstance(session, TlsSession) or not session.chain or not hellos:
        return ""
    kind, answer = authentication_of(session.chain[0]), hellos[0].answer
    other = OTHER.get(kind, Authentication.ANY)
    if isinstance(answer, Alert) and answer.description == "protocol_version":
        return f"the {kind} certificate; without TLS 1.2 no {other} one can be asked for"
    if isinstance(answer, Unseen) and not hellos[0].sent and answer.trouble not in OUR_OWN:
        return (
            f"the {kind} certificate; whether there is an {other} one was not seen: {answer.detail}"
        )
    return ""
