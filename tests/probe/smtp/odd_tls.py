"""Servers with more than one certificate, and servers that cannot bear a long ClientHello."""

import ssl
import tempfile
from dataclasses import dataclass, field
from typing import Any

from mxcheck.demo.certificates import Issued
from mxcheck.demo.smtp_script import Tls


def tls_of(issued: Issued, *others: Issued, **by_name: Issued) -> "Several":
    """Return the TLS of a server that has these certificates, of different kinds."""
    return Several(
        chain_pem=issued.chain_pem,
        key_pem=issued.key_pem,
        others=others,
        by_name={name.replace("_", "."): tls_of(one) for name, one in by_name.items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Several(Tls):
    """Presents an RSA or an ECDSA certificate, as the client can take it; others by name (SNI)."""

    others: tuple[Issued, ...] = ()
    by_name: dict[str, Tls] = field(default_factory=dict)

    def context(self) -> ssl.SSLContext:
        """Make the server's TLS context."""
        context = _ByName(ssl.PROTOCOL_TLS_SERVER)
        context.named = {name: tls.context() for name, tls in self.by_name.items()}
        _set_up(context, self)
        for one in self.others:
            _load(context, one)
        return context


class _ByName(ssl.SSLContext):
    named: dict[str, ssl.SSLContext]

    def __setattr__(self, name: str, value: Any) -> None:  # noqa: ANN401 - any attribute
        """Choose a certificate by name, whatever else is to happen with the name."""
        if name != "sni_callback":
            return super().__setattr__(name, value)

        def choose(tls: ssl.SSLObject, server_name: str | None, context: ssl.SSLContext) -> None:
            value(tls, server_name, context)
            tls.context = self.named.get(server_name or "", self)

        return super().__setattr__(name, choose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choking(Tls):
    """Does not answer a ClientHello that comes in more than `limit` bytes; or it hangs up."""

    limit: int = 1460
    hangs_up: bool = False

    def context(self) -> ssl.SSLContext:
        """Make the server's TLS context."""
        context = _Choking(ssl.PROTOCOL_TLS_SERVER)
        context.tls = self
        _set_up(context, self)
        return context


class _Choking(ssl.SSLContext):
    tls: Choking

    def wrap_bio(self, incoming: ssl.MemoryBIO, *others: Any, **more: Any) -> ssl.SSLObject:  # noqa: ANN401
        session = super().wrap_bio(incoming, *others, **more)
        shake_hands = session.do_handshake

        def choke() -> None:
            if incoming.pending > self.tls.limit:
                raise ConnectionAbortedError if self.tls.hangs_up else ssl.SSLWantReadError
            shake_hands()

        session.do_handshake = choke  # type: ignore[method-assign]
        return session


def _set_up(context: ssl.SSLContext, tls: Tls) -> None:
    context.set_ciphers(tls.ciphers)
    context.minimum_version = tls.minimum_version
    context.maximum_version = tls.maximum_version
    _load(context, tls)


def _load(context: ssl.SSLContext, one: Tls | Issued) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(one.key_pem + one.chain_pem)
        file.flush()
        context.load_cert_chain(file.name)
