"""TLS reporting (RFC 8460): the DNS record, and the names of failures in reports."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mxcheck.wire.address import parse_address, reserved_kind
from mxcheck.wire.domain_name import MAX_NAME
from mxcheck.wire.malformed import Malformed, quoted
from mxcheck.wire.version_record import Discarded, RecordKind, parse_fields, select_record

_RECORD = RecordKind(version="v=TLSRPTv1", name="tls[-_ ]?rpt", field="rua")

# RFC 3986 2, without what RFC 8460 3 wants to be encoded: "," and "!" and ";".
_URI = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@$&'()*+=-]|%[0-9A-Fa-f]{2})+")
# RFC 6068 2; a local part that begins with a slash was meant as the `//` of a URL.
_MAILTO = re.compile(r"mailto:(?!/)[^@?]+@(?P<host>[^@?]+)(?:\?.*)?", re.IGNORECASE)
# RFC 3986 3.2; no userinfo: RFC 9110 4.2.4.
_HTTPS = re.compile(
    r"https://(?P<host>\[[^\]]*\]|[^/?#@:\[\]]+)(?::(?P<port>\d{1,5}))?(?:[/?#].*)?", re.IGNORECASE
)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}")
_MAX_PORT = 65535


class ResultType(StrEnum):
    """The names of failures in the TLS reports of senders (RFC 8460 4.3)."""

    STARTTLS_NOT_SUPPORTED = "starttls-not-supported"
    CERTIFICATE_HOST_MISMATCH = "certificate-host-mismatch"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_NOT_TRUSTED = "certificate-not-trusted"
    VALIDATION_FAILURE = "validation-failure"
    TLSA_INVALID = "tlsa-invalid"
    DNSSEC_INVALID = "dnssec-invalid"
    DANE_REQUIRED = "dane-required"
    STS_POLICY_FETCH_ERROR = "sts-policy-fetch-error"
    STS_POLICY_INVALID = "sts-policy-invalid"
    STS_WEBPKI_INVALID = "sts-webpki-invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsRptRecord:
    """A valid record: the URIs (mailto or https) to which reports are sent."""

    rua: tuple[str, ...]


def parse_tls_rpt_records(
    texts: Sequence[str],
) -> TlsRptRecord | Malformed | Discarded | None:
    """Return the one record among the TXT records of `_smtp._tls.DOMAIN`; None if there is none."""
    record = select_record(texts, _RECORD)
    if not isinstance(record, str):
        return record
    fields = parse_fields(record, _RECORD.version, {"rua"})
    if isinstance(fields, Malformed):
        return fields
    lists = [value for name, value in fields if name == "rua"]
    rua = tuple(uri.strip(" \t") for value in lists for uri in value.split(","))
    if not rua:
        return Malformed(reason=f"it has no rua: {quoted(record)}")
    for uri in rua:
        fault = _fault(uri)
        if fault:
            return Malformed(reason=fault)
    return TlsRptRecord(rua=rua)


def _fault(uri: str) -> str:
    """Return why a text is not a URI to which senders can report, "" if it is one."""
    if "!" in uri:
        return f"wanted a URI without a size limit (or with %21 for `!`), got {quoted(uri)}"
    parsed = _MAILTO.fullmatch(uri) or _HTTPS.fullmatch(uri)
    if parsed and _URI.fullmatch(uri):
        return _authority_fault(uri, parsed["host"], parsed.groupdict().get("port"))
    if re.match(r"mailto:/", uri, re.IGNORECASE):
        return f"wanted mailto: without slashes (mailto:reports@example.com), got {quoted(uri)}"
    if re.fullmatch(r"[^@:/\s]+@[^@:/\s]+", uri):
        return f"wanted mailto: in front of the address, got {quoted(uri)}"
    return f"wanted rua=mailto:reports@example.com or a https: URI, got {quoted(uri)}"


def _authority_fault(uri: str, host: str, port: str | None) -> str:
    """Return why nobody can send reports to a host and port, "" if senders can."""
    if port and not 0 < int(port) <= _MAX_PORT:
        return f"wanted a port from 1 to {_MAX_PORT}, got {quoted(uri)}"
    address = parse_address(re.sub(r"\A\[(?:IPv6:)?|\]\Z", "", host, flags=re.IGNORECASE))
    kind = reserved_kind(address) if address else None
    if kind:
        return f"wanted an address that senders can reach, got a {kind} one in {quoted(uri)}"
    if address or (len(host) <= MAX_NAME and _HOST.fullmatch(host)):
        return ""
    return f"wanted a full host name such as reports.example.com, got {quoted(uri)}"
