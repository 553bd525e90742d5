"""The resolvers of a run: which they are, how they are reached, what vouches for the way there."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import certifi
import dns.asyncresolver
import dns.resolver

from mxcheck.evidence.dns import TrustedBy
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.nameservers import (
    MAX_CONNECTIONS,
    HttpsNameserver,
    OneNameserver,
    PlainNameserver,
    TlsNameserver,
)
from mxcheck.probe.settings import (
    DNS_PORT,
    HttpsResolver,
    PlainResolver,
    ProbeSettings,
    ResolverAddress,
    TlsResolver,
)
from mxcheck.wire.address import parse_address
from mxcheck.wire.resolv_conf import vouches_for

RESOLV_CONF = Path("/etc/resolv.conf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """A resolver, ready to be asked."""

    nameserver: OneNameserver
    trusted_by: TrustedBy


def reach_resolvers(settings: ProbeSettings) -> tuple[Reachable, ...] | Unseen:
    """Return the resolvers that were named, else the system's; Unseen if the system names none."""
    named = settings.resolvers or _system_resolvers()
    if isinstance(named, Unseen):
        return named
    return tuple(
        Reachable(
            nameserver=_reach(address, settings.ca_pem), trusted_by=_trusted_by(address, settings)
        )
        for address in named
    )


def verifying_context(ca_pem: bytes) -> ssl.SSLContext:
    """TLS that trusts the Mozilla roots and those (PEM) that the user added."""
    # Not the default context: that one writes session keys to the file that SSLKEYLOGFILE names.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=certifi.where())
    if ca_pem:
        context.load_verify_locations(cadata=ca_pem.decode("ascii"))
    return context


def _system_resolvers() -> tuple[ResolverAddress, ...] | Unseen:
    try:
        system = dns.asyncresolver.Resolver(filename=str(RESOLV_CONF))
    except (dns.resolver.NoResolverConfiguration, ValueError) as error:
        detail = f"the system's resolver configuration cannot be used: {error}"
        return Unseen(trouble=Trouble.RESOLVER, detail=detail)
    return tuple(PlainResolver(address=str(address)) for address in system.nameservers)


def _resolv_conf() -> str:
    try:
        return RESOLV_CONF.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _trusted_by(address: ResolverAddress, settings: ProbeSettings) -> TrustedBy:
    """Return what lets the AD bit be believed (RFC 4035 4.9.3: only over a secure channel)."""
    if settings.trust_ad is not None:
        return TrustedBy.FLAG if settings.trust_ad else TrustedBy.NOTHING
    match address:
        case HttpsResolver():
            return TrustedBy.HTTPS
        case TlsResolver():
            return TrustedBy.TLS
        case PlainResolver():
            if vouches_for(_resolv_conf(), address.address) and address.port == DNS_PORT:
                return TrustedBy.RESOLV_CONF
            parsed = parse_address(address.address)
            on_loopback = parsed is not None and parsed.is_loopback
            return TrustedBy.LOOPBACK if on_loopback else TrustedBy.NOTHING
        case _:
            assert_never(address)


def _reach(address: ResolverAddress, ca_pem: bytes) -> OneNameserver:
    match address:
        case PlainResolver():
            return PlainNameserver(str(address), address.address, address.port)
        case TlsResolver():
            hostname = address.hostname or address.address
            context = verifying_context(ca_pem)
            return TlsNameserver(str(address), address.address, address.port, hostname, context)
        case HttpsResolver():
            return _reach_https(address, ca_pem)
        case _:
            assert_never(address)


def _reach_https(address: HttpsResolver, ca_pem: bytes) -> HttpsNameserver:
    import httpx2  # noqa: PLC0415 - only who asks over HTTPS needs it

    client = httpx2.AsyncClient(
        verify=verifying_context(ca_pem),
        http2=True,
        # Neither a proxy nor other roots than ours, whatever the environment says.
        trust_env=False,
        timeout=None,  # the question's own time bounds it
        limits=httpx2.Limits(max_connections=MAX_CONNECTIONS),
    )
    return HttpsNameserver(str(address), address.url, client)
