"""What makes a sender refuse a server that it authenticates by the web PKI (RFC 8461 4.2)."""

from dataclasses import dataclass, replace

from mxcheck.model.policy import TlsVersion
from mxcheck.rules.base import AnyRule, EndpointCase, Fail, NotApplicable, Unknown
from mxcheck.rules.cert import (
    cert_chain_incomplete,
    cert_expired,
    cert_name_mismatch,
    cert_not_yet_valid,
    cert_untrusted,
)
from mxcheck.rules.facts.sent_chain import each_chain
from mxcheck.rules.tls import (
    starttls_missing,
    starttls_refused,
    tls_handshake_failed,
    tls_version_old,
)

_OF_TLS = (starttls_missing, starttls_refused, tls_handshake_failed, tls_version_old)
_OF_CERTIFICATES = (
    cert_expired,
    cert_not_yet_valid,
    cert_name_mismatch,
    cert_chain_incomplete,
    cert_untrusted,
)
# A module's `check` judges by the web PKI alone; its RULE may be milder if DANE authenticates.
_RULES: tuple[AnyRule, ...] = (
    *(replace(module.RULE, check=module.check) for module in _OF_TLS),
    *(replace(module.RULE, check=each_chain(module.check)) for module in _OF_CERTIFICATES),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A rule whose failure makes the sender refuse the server."""

    rule: AnyRule
    fail: Fail


def web_pki_refusals(case: EndpointCase) -> tuple[Refusal, ...] | Unknown | NotApplicable:
    """Return every reason to refuse the server, or why it could not be judged."""
    # RFC 8461 7.2: at least TLS 1.2, whatever the user's own minimum.
    strict = replace(case, policy=replace(case.policy, min_tls=TlsVersion.TLS12))
    answers = [(rule, rule.judge(strict)) for rule in _RULES]
    refusals = tuple(
        Refusal(rule=rule, fail=answer) for rule, answer in answers if isinstance(answer, Fail)
    )
    if refusals:
        return refusals
    for _, answer in answers:
        if isinstance(answer, Unknown | NotApplicable):
            return answer
    return ()
