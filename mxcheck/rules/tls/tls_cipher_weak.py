"""The cipher suite that was negotiated has no forward secrecy, or no authenticated encryption.

## Why it matters

Without forward secrecy whoever gets hold of the server's key later reads all mail that was recorded
until then. Without authenticated encryption (AEAD) the suite rests on CBC or RC4, against which
there have been one attack after the other. The server chose it although better ones were offered.

Judged by the name of the suite: ECDHE or DHE for forward secrecy; GCM, CCM or ChaCha20-Poly1305
for AEAD. TLS 1.3 has no others.

## Repair

- Postfix: leave `smtpd_tls_ciphers`, `smtpd_tls_exclude_ciphers` and `tls_medium_cipherlist` at
  their defaults, and set `tls_preempt_cipherlist = yes`.
- Exim: take old cipher lists out of `tls_require_ciphers` (with GnuTLS the default `NORMAL`).
- OpenSMTPD: take `smtp ciphers` out of smtpd.conf.
- Exchange: put the ECDHE suites with GCM first (`Enable-TlsCipherSuite`, or the group policy "SSL
  Cipher Suite Order").
"""

import re

from mxcheck.evidence.tls import TlsSession
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.tls import the_modern_session
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.software import Software

# Names as OpenSSL writes them; "TLS_…" are the suites of TLS 1.3, which have both.
FORWARD_SECRET = re.compile(r"TLS_|(?:ECDHE|DHE|EDH)-")
AUTHENTICATED = re.compile(r"^TLS_|-GCM-|-CCM8?\b|-CHACHA20-POLY1305\b")
GENERAL = (
    "Leave the cipher list at the MTA's default, so that ECDHE suites with GCM or"
    " ChaCha20-Poly1305 come first."
)
SETTINGS = {
    Software.POSTFIX: "leave smtpd_tls_ciphers and tls_medium_cipherlist unset.",
    Software.EXIM: "leave tls_require_ciphers unset.",
    Software.EXCHANGE: "set Windows' cipher suite order by Enable-TlsCipherSuite.",
}


def check(session: TlsSession, case: EndpointCase) -> Pass | Fail:
    """Judge the suite by its name (RFC 9325 4.1, 4.2)."""
    lacks = []
    if not FORWARD_SECRET.match(session.cipher):
        lacks.append("forward secrecy")
    if not AUTHENTICATED.search(session.cipher):
        lacks.append("authenticated encryption (AEAD)")
    if not lacks:
        return Pass(message=f"{case.where} chooses {session.cipher}")
    return Fail(
        message=f"{case.where} chooses {session.cipher}, which has no {' and no '.join(lacks)}",
        remedy=repair(case, GENERAL, SETTINGS),
    )


RULE = Rule(
    id="tls-cipher-weak",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="the cipher suite lacks forward secrecy or authenticated encryption",
    references=("RFC 9325 4.1", "RFC 9325 4.2"),
    needs=the_modern_session,
    check=check,
)
