"""The best TLS version that the server speaks is below the minimum.

## Why it matters

TLS 1.0 and 1.1 are obsolete (RFC 8996). Senders turn them off, and MTA-STS asks for 1.2 at least:
from such senders mail does not arrive any more, or it arrives in clear.

## Repair

Turn on TLS 1.2 and later. With OpenSSL, TLS 1.2 takes 1.0.1 at least, and TLS 1.3 takes 1.1.1.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.tls import Best, the_best_version
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.software import Software
from mxcheck.wire.tls_version import is_at_least


def check(best: Best, case: EndpointCase) -> Pass | Fail:
    """Judge the version that was negotiated: the best that both sides speak."""
    wanted, version = case.policy.min_tls, best.version
    if is_at_least(version, wanted):
        return Pass(message=f"{case.where} speaks {version}")
    where = f" on {best.connection}" if best.connection else ""
    return Fail(
        message=f"{case.where} speaks no better than {version}{where}; TLS {wanted} is the minimum",
        remedy=repair(case, f"Turn on TLS {wanted} or later.", RULE.settings),
    )


RULE = Rule(
    id="tls-version-old",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the best TLS version is below the minimum",
    references=("RFC 8996 4", "RFC 8996 5", "RFC 9325 3.1.1"),
    reads=(Item.VISIT, Item.FAILED_HANDSHAKE),
    after=("starttls-refused", "tls-handshake-failed"),
    find=the_best_version,
    check=check,
    settings={
        Software.POSTFIX: "set `smtpd_tls_protocols = >=TLSv1.2` (before 3.6: `!SSLv2, !SSLv3,"
        " !TLSv1, !TLSv1.1`).",
        Software.EXIM: "take `+no_tlsv1_2` and the like out of `openssl_options`, or with GnuTLS"
        " `-VERS-TLS1.2` and the like out of `tls_require_ciphers`.",
        Software.EXCHANGE: "set `Enabled = 1` in the Server key of TLS 1.2 in Schannel's registry,"
        " and `SystemDefaultTlsVersions = 1` for .NET.",
    },
)
