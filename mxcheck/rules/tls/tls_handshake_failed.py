"""The TLS handshake does not complete.

## Why it matters

After the server agreed to STARTTLS no TLS session comes about. Senders that hold to MTA-STS or DANE
do not deliver; others try again in clear, if they do at all.

## Repair

- `openssl s_client -starttls smtp -connect mx1.example.com:25 -servername mx1.example.com` shows
  what senders see; the MTA's log shows the other side.
- Alert `handshake_failure`: no cipher in common. Leave the cipher settings at their defaults
  (Postfix: `smtpd_tls_ciphers`, `tls_medium_cipherlist`; Exim: `tls_require_ciphers`).
- Alert `protocol_version`: see that TLS 1.2 and 1.3 are on (Postfix:
  `smtpd_tls_protocols = >=TLSv1.2`; Exchange: the Schannel registry keys).
- Alert `certificate_required`: a mail server must not ask every client for a certificate.
- Alert `internal_error`, or none: the server cannot use its own key or certificate; its log says
  why.
- Bytes that are no TLS: a firewall or proxy answers STARTTLS in the server's place.
"""

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.own_hello import describe_own_hello, old_version_chosen
from mxcheck.rules.facts.promise import reported_as
from mxcheck.rules.facts.stages import (
    NOT_A_REPLY,
    cut_off_inside_tls,
    not_waited_for,
    the_handshake_attempt,
)
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.tls_rpt import ResultType

GENERAL = (
    "Compare `openssl s_client -starttls smtp` with the MTA's log; see that TLS 1.2 and 1.3 are on"
    ", the cipher list is the default, and no client certificate is demanded."
)


def needs(case: EndpointCase) -> Visit | Unseen | Unknown | NotApplicable:
    """Return the visit if a handshake was begun and the probe saw how it went on."""
    attempt = the_handshake_attempt(case)
    if not isinstance(attempt, Visit) or not isinstance(attempt.tls, TlsSession):
        return attempt
    late = not_waited_for(attempt.ehlo_after_tls, case)
    return cut_off_inside_tls(attempt) or late or attempt


def check(visit: Visit, case: EndpointCase) -> Pass | Fail | NotApplicable:
    """Judge that a TLS session came about."""
    if not isinstance(visit.tls, Unseen):
        return _check_session(visit, visit.tls, case)
    old = old_version_chosen(case)
    if old:
        return NotApplicable(
            message=f"it speaks nothing but {old.version}", owner="tls-version-old"
        )
    seen = "; ".join([visit.tls.detail, *filter(None, map(describe_own_hello, visit.hellos))])
    return Fail(
        message=f"{case.where} accepts STARTTLS, but the handshake fails: {seen}",
        remedy=repair(case, GENERAL, {}),
        result_type=reported_as(case, ResultType.VALIDATION_FAILURE),
    )


def _check_session(visit: Visit, tls: TlsSession, case: EndpointCase) -> Pass | Fail:
    """Judge that the session carries a reply: in TLS 1.3 an alert may come after the handshake."""
    inside = visit.ehlo_after_tls
    if isinstance(inside, Unseen) and inside.trouble not in NOT_A_REPLY:
        return Fail(
            message=f"{case.where} completes the handshake ({tls.version}), but the session ends"
            f" before the first reply inside it: {inside.detail}",
            remedy=repair(case, GENERAL, {}),
            result_type=reported_as(case, ResultType.VALIDATION_FAILURE),
        )
    return Pass(message=f"{case.where} speaks {tls.version} with {tls.cipher}")


RULE = Rule(
    id="tls-handshake-failed",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the TLS handshake does not complete",
    references=("RFC 8446 6", "RFC 3207 4"),
    needs=needs,
    check=check,
)
