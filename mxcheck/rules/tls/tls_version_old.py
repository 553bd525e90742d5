"""The best TLS version that the server speaks is below the minimum.

## Why it matters

TLS 1.0 and 1.1 are obsolete (RFC 8996). Senders turn them off, and MTA-STS asks for 1.2 at least:
from such senders mail does not arrive any more, or it arrives in clear.

## Repair

- Postfix: `smtpd_tls_protocols = >=TLSv1.2` (before 3.6: `!SSLv2, !SSLv3, !TLSv1, !TLSv1.1`), and
  an OpenSSL of at least 1.0.1 for TLS 1.2, 1.1.1 for TLS 1.3.
- Exim: take `+no_tlsv1_2` and the like out of `openssl_options`; with GnuTLS out of
  `tls_require_ciphers`.
- Exchange: turn TLS 1.2 on in Schannel's registry keys and for .NET (`SystemDefaultTlsVersions`).
"""

from mxcheck.evidence.tls import TlsSession
from mxcheck.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.subjects import the_tls_session
from mxcheck.wire.tls_version import parse_tls_version


def check(session: TlsSession, case: EndpointCase) -> Pass | Fail:
    """Judge the version that was negotiated: the best that both sides speak."""
    version, wanted = parse_tls_version(session.version), case.policy.min_tls
    if version is not None and version >= wanted:
        return Pass(message=f"{case.where} speaks {session.version}")
    return Fail(
        message=(
            f"{case.where} speaks no better than {session.version}; TLS {wanted} is the minimum"
        ),
        remedy=f"Turn on TLS {wanted} or later (Postfix: smtpd_tls_protocols = >=TLSv1.2).",
    )


RULE = Rule(
    id="tls-version-old",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the best TLS version is below the minimum",
    references=("RFC 8996 2", "RFC 8996 5", "RFC 9325 3.1.1"),
    needs=the_tls_session,
    check=check,
)
