"""The server does not speak TLS 1.3.

## Why it matters

TLS 1.3 has no suites without forward secrecy, hides the certificate from onlookers and saves a
round trip. TLS 1.2 is still good enough to receive mail; a server without 1.3 mostly runs software
that is years old.

## Repair

TLS 1.3 comes with the TLS library: OpenSSL 1.1.1 (Debian 10, Ubuntu 18.04.3, RHEL 8), GnuTLS 3.6.5,
LibreSSL 3.2.2, Windows Server 2022. With an older one, upgrade the system; no setting of the MTA
brings it. With a newer one, look for the setting that turns it off.

- A proxy or load balancer that ends TLS in front of the MTA has settings of its own.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.tls import Best, the_best_modern_version
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.software import Software

NEWEST = "TLSv1.3"
GENERAL = (
    "Upgrade to a system whose TLS library speaks TLS 1.3 (OpenSSL 1.1.1, GnuTLS 3.6.5, LibreSSL"
    " 3.2.2); if it does already, find the setting that turns TLS 1.3 off."
)


def check(best: Best, case: EndpointCase) -> Pass | Fail:
    """Judge the version that was negotiated: the best that both sides speak."""
    if best.version == NEWEST:
        return Pass(message=f"{case.where} speaks {NEWEST}")
    where = f" on {best.connection}" if best.connection else ""
    return Fail(
        message=f"{case.where} does not speak TLS 1.3{where}; the best that it speaks is"
        f" {best.version}",
        remedy=repair(case, GENERAL, RULE.settings),
    )


RULE = Rule(
    id="tls13-missing",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="the server does not speak TLS 1.3",
    references=("RFC 9325 3.1.1",),
    reads=(Item.VISIT,),
    after=("tls-version-old", "tls-handshake-failed"),
    find=the_best_modern_version,
    check=check,
    settings={
        Software.POSTFIX: "set `smtpd_tls_protocols = >=TLSv1.2`; `TLSv1.2` alone leaves TLS 1.3"
        " out.",
        Software.EXIM: "take `+no_tlsv1_3` out of `openssl_options`, or with GnuTLS `-VERS-TLS1.3`"
        " out of `tls_require_ciphers`.",
        Software.OPENSMTPD: "leave `protocols` out of `listen on`.",
        Software.EXCHANGE: "SMTP does not speak TLS 1.3 as of Exchange Server 2019 CU15, whatever"
        " Windows can do: waive it, or set the rule to off.",
    },
)
