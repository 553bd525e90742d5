"""TLS reporting (RFC 8460): the DNS record, and what reports call a failure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mxcheck.wire.malformed import Malformed, quoted
from mxcheck.wire.version_record import parse_fields, select_record

RECORD_VERSION = "v=TLSRPTv1"

# RFC 3986 2, without what RFC 8460 3 wants to be encoded: "," and "!" and ";".
_URI = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@$&'()*+=-]|%[0-9A-Fa-f]{2})+")
_MAILTO = re.compile(r"mailto:[^@?]+@[^@?]+(?:\?.*)?", re.IGNORECASE)
_HTTPS = re.compile(r"https://[^/?#]+(?:[/?#].*)?", re.IGNORECASE)


class ResultType(StrEnum):
    """What a sender calls a failure in its TLS reports (RFC 8460 4.3)."""

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


def parse_tls_rpt_records(texts: Sequence[str]) -> TlsRptRecord | Malformed | None:
    """The one record among the TXT records of `_smtp._tls.DOMAIN`; None where there is none."""
    record = select_record(texts, RECORD_VERSION)
    if not isinstance(record, str):
        return record
    fields = parse_fields(record, RECORD_VERSION, {"rua"})
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
    """What keeps a text from being a URI to which a sender can report."""
    if "!" in uri:
        return f"wanted a URI without a size limit (or with %21 for `!`), got {quoted(uri)}"
    if _URI.fullmatch(uri) and (_MAILTO.fullmatch(uri) or _HTTPS.fullmatch(uri)):
        return ""
    if re.fullmatch(r"[^@:/\s]+@[^@:/\s]+", uri):
        return f"wanted mailto: in front of the address, got {quoted(uri)}"
    return f"wanted rua=mailto:reports@example.com or a https: URI, got {quoted(uri)}"
