"""Why an MTA-STS policy does not come (RFC 8461 3.3), and what to do about it."""

from collections.abc import Mapping
from http import HTTPStatus

from mxcheck.evidence.mta_sts import PolicyResponse
from mxcheck.evidence.outcome import OUR_OWN, Trouble, Unseen
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.tls_rpt import ResultType

_OTHER_FAMILY = "Run the check on a machine that has both IPv4 and IPv6, without -4 and -6."
ABOUT_US: Mapping[Trouble, str] = {
    **dict.fromkeys(OUR_OWN, ""),
    **dict.fromkeys((Trouble.NO_ROUTE, Trouble.EXCLUDED), _OTHER_FAMILY),
    **{
        trouble: lookup_remedy(Unseen(trouble=trouble, detail=""))
        for trouble in (Trouble.RESOLVER, Trouble.DNS_REFUSED)
    },
}
"""Troubles that say nothing about the policy host, and what to do to see it."""

_ADDRESS = (
    "Publish an A or AAAA record with a public address for {host}, or a CNAME to the provider."
)
_ZONE = "See that the name servers of the zone answer to A and AAAA of {host}."
_TLS = "Let the web server of {host} speak TLS 1.2 or later for that name (SNI)."
_CERTIFICATE = (
    "Serve a certificate of a public authority with {host} in its SAN and with its intermediates,"
    " and renew it in time, for example `certbot --nginx -d {host}`."
)
_REMEDIES: Mapping[Trouble, str] = {
    Trouble.CERTIFICATE: _CERTIFICATE,
    Trouble.HANDSHAKE: _TLS,
    Trouble.NO_ADDRESS: _ADDRESS,
    Trouble.NOT_PUBLIC: _ADDRESS,
    Trouble.SERVFAIL: _ZONE,
    Trouble.DNS_ERROR: _ZONE,
    Trouble.ALIAS_CHAIN: "Let the CNAME records of {host} lead to an end, by few steps.",
    Trouble.FLOOD: "Serve the policy alone: a text of a few lines, well under 64 KiB.",
}
_SERVE = (
    "Let a web server answer port 443 of {host} at once with the policy, as a static file at"
    " /.well-known/mta-sts.txt: status 200, `Content-Type: text/plain`, no redirect."
)


def fetch_fault(seen: PolicyResponse | Unseen) -> str:
    """Why senders do not take what came for a policy; empty where they look into it."""
    if isinstance(seen, Unseen):
        return seen.detail
    if seen.status != HTTPStatus.OK:
        return f"{seen.url} answers with the status {seen.status}{_redirect(seen)}"
    # RFC 8461 3.2: when fetching, senders validate the media type; its parameters do not count.
    media_type = seen.content_type.partition(";")[0].strip().lower()
    if media_type != "text/plain":
        came = f"as {seen.content_type}" if media_type else "without a Content-Type"
        return f"{seen.url} comes {came}, where text/plain is wanted"
    return ""


def _redirect(seen: PolicyResponse) -> str:
    if seen.status // 100 != 3:  # noqa: PLR2004 - 3xx is a redirect
        return ""
    target = f" to {seen.location}" if seen.location else ""
    return f", a redirect{target}, which senders must not follow"


def fetch_remedy(seen: PolicyResponse | Unseen, domain: str) -> str:
    """What to do to have the policy come."""
    remedy = _REMEDIES.get(seen.trouble, _SERVE) if isinstance(seen, Unseen) else _SERVE
    return remedy.format(host=f"mta-sts.{domain}")


def fetch_result_type(seen: PolicyResponse | Unseen) -> ResultType:
    """What senders call it in their reports (RFC 8460 4.3.2.2)."""
    if isinstance(seen, Unseen) and seen.trouble is Trouble.CERTIFICATE:
        return ResultType.STS_WEBPKI_INVALID
    return ResultType.STS_POLICY_FETCH_ERROR
