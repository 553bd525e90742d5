r"""Versions of TLS below the minimum are accepted too.

## Why it matters

TLS 1.0 and 1.1 are obsolete (RFC 8996), SSL 3.0 is broken. As long as the server accepts them, old
or careless senders use them, and scanners and auditors complain. The best version that the server
speaks is checked by `tls-version-old`.

It is asked on a connection of its own, with a ClientHello that offers nothing newer; no handshake
is completed. That does not depend on what the TLS library of this machine can speak.

## Repair

- Postfix: `smtpd_tls_protocols = >=TLSv1.2` (before 3.6: `!SSLv2, !SSLv3, !TLSv1, !TLSv1.1`). The
  parameter for opportunistic TLS is this one, not `smtpd_tls_mandatory_protocols`.
- Exim: `openssl_options = +no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1`; with GnuTLS (Debian)
  `tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2`.
- Exchange: turn TLS 1.0 and 1.1 off in Schannel's registry keys (`…\Protocols\TLS 1.0\Server`,
  `Enabled` = 0), then restart the machine.
- Sendmail: `O ServerSSLOptions=+SSL_OP_NO_SSLv3 +SSL_OP_NO_TLSv1 +SSL_OP_NO_TLSv1_1`.
- Senders that speak nothing newer then deliver in clear, if at all: look at the log first.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.tls import OwnHello, ServerHello
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.tls import the_legacy_hello
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.software import Software


def check(hello: OwnHello, case: EndpointCase) -> Pass | Fail:
    """Judge the answer to a ClientHello that offers nothing but old versions."""
    wanted = case.policy.min_tls
    if not isinstance(hello.answer, ServerHello):
        hung_up = isinstance(hello.answer, Unseen)
        how = "it hangs up" if hung_up else f"alert {getattr(hello.answer, 'description', '')}"
        return Pass(message=f"{case.where} refuses {hello.offered} and older ({how})")
    chosen = hello.answer
    settings = {
        Software.POSTFIX: f"set smtpd_tls_protocols = >=TLSv{wanted} (from Postfix 3.6 on).",
        Software.EXIM: "set openssl_options or, with GnuTLS, tls_require_ciphers.",
        Software.EXCHANGE: "set the Server keys of the old versions in Schannel to Enabled = 0.",
    }
    return Fail(
        message=f"{case.where} also accepts {chosen.version} ({chosen.cipher}); TLS {wanted} is"
        " the minimum",
        remedy=repair(case, f"Turn off every version below TLS {wanted}.", settings),
    )


RULE = Rule(
    id="tls-legacy-accepted",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="TLS versions below the minimum are accepted too",
    references=("RFC 8996 4", "RFC 8996 5", "RFC 9325 3.1.1"),
    reads=(Item.VISIT, Item.OLD_TLS),
    after=("tls-version-old", "tls-handshake-failed"),
    find=the_legacy_hello,
    check=check,
)
