"""A resolver as users write it: an address, `tls://…` or `https://…`."""

from urllib.parse import urlsplit

from mxcheck.config.values import split_endpoint
from mxcheck.model.quoting import quote
from mxcheck.probe.settings import (
    DNS_OVER_TLS_PORT,
    DNS_PORT,
    HttpsResolver,
    PlainResolver,
    ResolverAddress,
    TlsResolver,
)
from mxcheck.wire.address import parse_address
from mxcheck.wire.domain_name import parse_domain

HTTPS, TLS = "https://", "tls://"
_LIKE_HTTPS = "https://dns.example.com/dns-query"
_LIKE_TLS = "tls://192.0.2.53 or tls://192.0.2.53:853#dns.example.com"
_TEMPLATE = "{?dns}"  # how a URI template of RFC 8484 4.1 ends; only GET needs it


def parse_resolver(value: object) -> ResolverAddress:
    """`ADDR[:PORT]`, `tls://ADDR[:PORT][#HOSTNAME]` or `https://HOST[:PORT]/PATH`.

    An IPv6 address is in brackets before a port. ValueError says what is wrong.
    """
    text = str(value).strip()
    if text.startswith(HTTPS):
        return _parse_https(text)
    if text.startswith(TLS):
        return _parse_tls(text)
    host, port = split_endpoint(text, DNS_PORT)
    if parse_address(host) is None:
        raise ValueError(f"{quote(text)} is not an IP address with or without a port")
    return PlainResolver(address=host, port=port)


def _parse_tls(text: str) -> TlsResolver:
    endpoint, _, hostname = text.removeprefix(TLS).partition("#")
    try:
        host, port = split_endpoint(endpoint, DNS_OVER_TLS_PORT)
        name = parse_domain(hostname) if hostname else ""
    except ValueError:
        host, port, name = "", 0, ""
    if parse_address(host) is None:
        raise ValueError(f"{quote(text)} is not a resolver such as {_LIKE_TLS}")
    return TlsResolver(address=host, port=port, hostname=name)


def _parse_https(text: str) -> HttpsResolver:
    url = text.removesuffix(_TEMPLATE)
    if not _is_plain_url(url):
        raise ValueError(f"{quote(text)} is not a resolver such as {_LIKE_HTTPS}")
    return HttpsResolver(url=url)


def _is_plain_url(url: str) -> bool:
    """Return whether a URL has a host and a path, and nothing in it but printable ASCII."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if parse_address(host) is None and host != "localhost":
            parse_domain(host)
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url
    bare = parts.username is None and not parts.fragment and port != 0
    return plain and bare and bool(parts.path.strip("/"))
