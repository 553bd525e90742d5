"""Rules: one file for each, and this list of them, in the order of the catalogue.

A rule is about one cause. It reads the evidence and answers pass, fail or not applicable; if the
evidence could not be obtained, the answer is unknown. It does no I/O and does not look at levels,
waivers or formats. Its module's docstring is its documentation, which `mxcheck explain` prints.

The families are packages, and each `__init__` explains its part of the field: dns, smtp, tls, cert,
relay, dane, mta_sts. Shared by several rules: facts (how to find something in the evidence),
remedies (what to do about a failure), trust.py (whether a chain leads to a trusted root).
"""

from mxcheck.rules.base import AnyRule
from mxcheck.rules.cert import (
    cert_chain_incomplete,
    cert_expired,
    cert_expiring,
    cert_key_weak,
    cert_name_mismatch,
    cert_not_yet_valid,
    cert_signature_weak,
    cert_untrusted,
)
from mxcheck.rules.dane import (
    dane_insecure,
    dane_lookup_failed,
    dane_mismatch,
    dane_missing,
    dane_no_spare,
    dane_pin_fragile,
    dane_unusable,
)
from mxcheck.rules.dns import (
    caa_forbids_issuer,
    dnssec_bogus,
    dnssec_missing,
    mx_implicit,
    mx_ipv6_missing,
    mx_is_address,
    mx_is_alias,
    mx_missing,
    mx_name_invalid,
    mx_nameservers_disagree,
    mx_not_public,
    mx_null,
    mx_unresolvable,
    reverse_dns_mismatch,
)
from mxcheck.rules.mta_sts import (
    mta_sts_cert_expiring,
    mta_sts_max_age_short,
    mta_sts_missing,
    mta_sts_mx_unauthenticated,
    mta_sts_mx_unlisted,
    mta_sts_not_enforced,
    mta_sts_policy_invalid,
    mta_sts_policy_unfetchable,
    mta_sts_record_invalid,
    tls_rpt_missing,
    tls_rpt_record_invalid,
)
from mxcheck.rules.posture import (
    dkim_key_invalid,
    dkim_key_missing,
    dkim_key_weak,
    dkim_testing,
    dmarc_invalid,
    dmarc_missing,
    dmarc_not_enforced,
    dmarc_reports_unauthorized,
    dmarc_subdomains_open,
    dmarc_tag_obsolete,
)
from mxcheck.rules.relay import mx_rejects_domain, open_relay
from mxcheck.rules.smtp import (
    smtp_auth_in_clear,
    smtp_ehlo_refused,
    smtp_extension_missing,
    smtp_greeting_bad,
    smtp_greeting_name,
    smtp_slow,
    smtp_unreachable,
    smtp_version_disclosed,
)
from mxcheck.rules.tls import (
    starttls_injectable,
    starttls_missing,
    starttls_refused,
    tls13_missing,
    tls_cipher_weak,
    tls_handshake_failed,
    tls_large_hello_fails,
    tls_legacy_accepted,
    tls_post_quantum_missing,
    tls_version_old,
)

MODULES = (
    mx_missing,
    mx_implicit,
    mx_null,
    mx_unresolvable,
    mx_is_alias,
    mx_is_address,
    mx_name_invalid,
    mx_not_public,
    mx_ipv6_missing,
    mx_nameservers_disagree,
    dnssec_bogus,
    dnssec_missing,
    reverse_dns_mismatch,
    caa_forbids_issuer,
    smtp_unreachable,
    smtp_greeting_bad,
    smtp_slow,
    smtp_greeting_name,
    smtp_version_disclosed,
    smtp_ehlo_refused,
    smtp_extension_missing,
    smtp_auth_in_clear,
    starttls_missing,
    starttls_refused,
    tls_handshake_failed,
    starttls_injectable,
    tls_version_old,
    tls_legacy_accepted,
    tls13_missing,
    tls_cipher_weak,
    tls_large_hello_fails,
    tls_post_quantum_missing,
    cert_expired,
    cert_not_yet_valid,
    cert_expiring,
    cert_name_mismatch,
    cert_chain_incomplete,
    cert_untrusted,
    cert_key_weak,
    cert_signature_weak,
    open_relay,
    mx_rejects_domain,
    dane_insecure,
    dane_lookup_failed,
    dane_unusable,
    dane_mismatch,
    dane_missing,
    dane_pin_fragile,
    dane_no_spare,
    mta_sts_missing,
    mta_sts_record_invalid,
    mta_sts_policy_unfetchable,
    mta_sts_cert_expiring,
    mta_sts_policy_invalid,
    mta_sts_not_enforced,
    mta_sts_max_age_short,
    mta_sts_mx_unlisted,
    mta_sts_mx_unauthenticated,
    tls_rpt_missing,
    tls_rpt_record_invalid,
    dkim_key_missing,
    dkim_key_invalid,
    dkim_key_weak,
    dkim_testing,
    dmarc_missing,
    dmarc_invalid,
    dmarc_not_enforced,
    dmarc_tag_obsolete,
    dmarc_subdomains_open,
    dmarc_reports_unauthorized,
)

RULES: tuple[AnyRule, ...] = tuple(module.RULE for module in MODULES)

NEEDING_SMTP = frozenset(rule.id for rule in RULES if rule.needs_smtp)
"""The ids of the rules that read what a connection to an MX host shows."""

REQUIREMENTS: tuple[str, ...] = tuple(rule.absence_of for rule in RULES if rule.absence_of)
"""What `require` may name: what a rule finds absent."""
