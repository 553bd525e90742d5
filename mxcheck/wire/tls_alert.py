"""TLS alerts (RFC 8446 6, RFC 5246 7.2, RFC 6066 9) by name, from bytes and OpenSSL's words."""

import re

from mxcheck.evidence.tls import Alert
from mxcheck.wire.tls_record import ALERT

_RECORD = 7  # type, version, length 2, level, description
_LEVELS = {1: "warning", 2: "fatal"}

ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
    116: "certificate_required",
    117: "general_error",
    120: "no_application_protocol",
    121: "ech_required",
}
"""All alerts of the IANA registry for TLS over TCP, the reserved ones of SSL 3 included."""

# OpenSSL: "sslv3 alert handshake failure", "tlsv1 unrecognized name", "tlsv13 alert …".
_OPENSSL = re.compile(r"\b(?:sslv3|tlsv1|tlsv13) (?:alert )?([a-z ]+)", re.IGNORECASE)


def make_alert(level: int, description: int) -> Alert:
    """Return the alert of these numbers; an unknown one is named by its number."""
    return Alert(
        level=_LEVELS.get(level, f"level {level}"),
        description=ALERTS.get(description, f"alert {description}"),
    )


def parse_last_alert(received: bytes) -> Alert | None:
    """Return the alert in clear at the end of the received bytes, None if there is none."""
    record = received[-_RECORD:]
    if len(record) < _RECORD or record[0] != ALERT or record[1] != 3:  # noqa: PLR2004
        return None
    return make_alert(record[5], record[6]) if record[3:5] == b"\x00\x02" else None


def parse_openssl_alert(words: str) -> str:
    """Return the name of the alert that OpenSSL's words are about, or ""."""
    match = _OPENSSL.search(words.replace("_", " "))
    name = match[1].strip().replace(" ", "_").lower() if match else ""
    name = name.replace("user_cancelled", "user_canceled")
    return name if name in ALERTS.values() else ""
