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
- Bytes that are no TLS: a firewall or proxy answers STARTTLS in the server's place.
"""

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.subjects import the_handshake_attempt


def check(visit: Visit, case: EndpointCase) -> Pass | Fail:
    """Judge that a TLS session came about."""
    if not isinstance(visit.tls, Unseen):
        return Pass(message=f"{case.where} speaks {visit.tls.version} with {visit.tls.cipher}")
    return Fail(
        message=f"{case.where} accepts STARTTLS, but the handshake fails: {visit.tls.detail}",
        remedy=(
            "Compare `openssl s_client -starttls smtp` with the MTA's log; see that TLS 1.2 and 1.3"
            " are on and the cipher list is the default."
        ),
    )


RULE = Rule(
    id="tls-handshake-failed",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the TLS handshake does not complete",
    references=("RFC 8446 6", "RFC 3207 4.1"),
    needs=the_handshake_attempt,
    check=check,
)
