"""TLS 1.3 is not spoken.

## Why it matters

TLS 1.3 has no suites without forward secrecy, hides the certificate from onlookers and takes a
round trip less. TLS 1.2 is still good enough to receive mail; a server without 1.3 mostly runs
software that is years old.

## Repair

- Postfix: an OpenSSL of 1.1.1 or later, and nothing in `smtpd_tls_protocols` that leaves TLS 1.3
  out (`>=TLSv1.2` is right, `TLSv1.2` alone is not).
- Exim: OpenSSL 1.1.1 or GnuTLS 3.6.5 at least; no `+no_tlsv1_3` in `openssl_options`, and no
  `-VERS-TLS1.3` in `tls_require_ciphers`.
- OpenSMTPD: LibreSSL 3.2 or OpenSSL 1.1.1 at least.
- Exchange: as of Exchange Server 2019 CU15 SMTP has no TLS 1.3, whatever Windows can do; set the
  rule to off for such a host.
"""

from mxcheck.evidence.tls import TlsSession
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.tls import the_modern_session
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.software import Software

NEWEST = "TLSv1.3"
GENERAL = "Use a TLS library that speaks TLS 1.3 (OpenSSL 1.1.1, GnuTLS 3.6.5), and leave it on."
SETTINGS = {
    Software.POSTFIX: "set smtpd_tls_protocols = >=TLSv1.2.",
    Software.EXCHANGE: "SMTP has no TLS 1.3 as of Exchange Server 2019 CU15: waive it.",
}


def check(session: TlsSession, case: EndpointCase) -> Pass | Fail:
    """Judge the version that was negotiated: the best that both sides speak."""
    if session.version == NEWEST:
        return Pass(message=f"{case.where} speaks {NEWEST}")
    return Fail(
        message=f"{case.where} does not speak TLS 1.3; the best that it speaks is"
        f" {session.version}",
        remedy=repair(case, GENERAL, SETTINGS),
    )


RULE = Rule(
    id="tls13-missing",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="TLS 1.3 is not spoken",
    references=("RFC 9325 3.1.1",),
    needs=the_modern_session,
    check=check,
)
