"""What connections beside the visit showed of TLS: a worse chain or version than the visit's."""

from collections.abc import Iterable, Iterator

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Injection, Visit
from mxcheck.evidence.tls import Authentication, OwnHello, ServerHello, ShownTls, TlsSession

_NEWEST = "TLSv1.3"


def shown_beside(
    visit: Visit,
    sessions: Iterable[TlsSession],
    hellos: Iterable[OwnHello],
    injection: Injection | Unseen,
) -> tuple[ShownTls, ...]:
    """Return each chain that the visit did not show for a name, and each version that it did not.

    `sessions` are those of other tries and of the repeated relay test. A version counts if the
    server chose an older one than was offered; with and without secure renegotiation (RFC 5746) it
    counts as two.
    """
    session = visit.tls
    known = {(visit.host, session.chain)} if isinstance(session, TlsSession) else set()
    versions = {_way(session)} if isinstance(session, TlsSession) else set()
    kept = []
    for one in (*_of_sessions(visit.host, sessions, injection), *_of_hellos(visit.host, hellos)):
        chain, older = (one.server_name, one.chain), one.version != one.offered
        if (one.chain and chain not in known) or (older and _way(one) not in versions):
            kept.append(one)
        known.add(chain)
        if older:  # the best that this server speaks; else no more than was asked for
            versions.add(_way(one))
    return tuple(kept)


def _way(seen: TlsSession | ShownTls) -> tuple[str, bool]:
    """Return the version, and whether the server left secure renegotiation out."""
    hello = seen.hello
    return seen.version, isinstance(hello, ServerHello) and not hello.renegotiation_info


def _of_sessions(
    host: str, sessions: Iterable[TlsSession], injection: Injection | Unseen
) -> Iterator[ShownTls]:
    named = [("another connection", one) for one in sessions]
    if isinstance(injection, Injection) and isinstance(injection.tls, TlsSession):
        named.append(("the connection of the injection test", injection.tls))
    for connection, session in named:
        yield ShownTls(
            connection=connection,
            server_name=host,
            offered=_NEWEST,
            version=session.version,
            chain=session.chain,
            hello=session.hello,
        )


def _of_hellos(host: str, hellos: Iterable[OwnHello]) -> Iterator[ShownTls]:
    for hello in hellos:
        if isinstance(hello.answer, ServerHello):
            yield ShownTls(
                connection=describe_offer(hello),
                server_name=hello.server_name or host,
                offered=hello.offered,
                version=hello.answer.version,
                chain=hello.answer.chain,
            )


def describe_offer(hello: OwnHello) -> str:
    """Return in words what a further connection offered to the server."""
    words = [f"a connection that offered {hello.offered} and older"]
    if hello.authentication is not Authentication.ANY:
        words.append(f"with {hello.authentication} certificates alone")
    if hello.server_name:
        words.append(f"for the name {hello.server_name}")
    if hello.large:
        words.append("in a long ClientHello")
    return " ".join(words)
