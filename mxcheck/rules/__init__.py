"""The rules: one file each, and this list, in the order of the catalogue."""

from mxcheck.rules.base import AnyRule
from mxcheck.rules.cert import (
    cert_chain_incomplete,
    cert_expired,
    cert_expiring,
    cert_name_mismatch,
    cert_not_yet_valid,
    cert_untrusted,
)
from mxcheck.rules.dns import (
    mx_implicit,
    mx_is_address,
    mx_missing,
    mx_not_public,
    mx_null,
    mx_unresolvable,
)
from mxcheck.rules.relay import mx_rejects_domain, open_relay
from mxcheck.rules.smtp import smtp_ehlo_refused, smtp_greeting_bad, smtp_slow, smtp_unreachable
from mxcheck.rules.tls import (
    starttls_missing,
    starttls_refused,
    tls_handshake_failed,
    tls_version_old,
)

MODULES = (
    mx_missing,
    mx_implicit,
    mx_null,
    mx_unresolvable,
    mx_is_address,
    mx_not_public,
    smtp_unreachable,
    smtp_greeting_bad,
    smtp_slow,
    smtp_ehlo_refused,
    starttls_missing,
    starttls_refused,
    tls_handshake_failed,
    tls_version_old,
    cert_expired,
    cert_not_yet_valid,
    cert_expiring,
    cert_name_mismatch,
    cert_chain_incomplete,
    cert_untrusted,
    open_relay,
    mx_rejects_domain,
)

RULES: tuple[AnyRule, ...] = tuple(module.RULE for module in MODULES)
