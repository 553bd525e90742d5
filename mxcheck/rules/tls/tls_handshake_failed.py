"""The TLS handshake does not complete.

## Why it matters

The server agrees to STARTTLS, and then no TLS session is established. Senders that obey MTA-STS or
DANE do not deliver; others try again in clear, many only after the mail has waited. A server that
lacks secure renegotiation (RFC 5746, of 2010) fails too: every sender with OpenSSL 3 breaks off.

## Repair

- `openssl s_client -starttls smtp -connect mx1.example.com:25 -servername mx1.example.com` shows
  what senders see; the MTA's log shows the other side.
- Alert `handshake_failure`: there is no common cipher suite, or no curve for the certificate's key.
  Leave the cipher settings at their defaults (Postfix: `smtpd_tls_ciphers`; Exim:
  `tls_require_ciphers`), and use an RSA or a P-256 key.
- Alert `protocol_version`: turn on TLS 1.2 and 1.3 (Postfix: `smtpd_tls_protocols = >=TLSv1.2`;
  Exchange: the Schannel registry keys).
- Alert `unrecognized_name`: the server does not know the name that the client asks for (SNI): add
  the MX host to the names that it serves, with a default certificate for all others.
- Alert `certificate_required`: a mail server must not demand a certificate of every client.
- Alert `internal_error`, or none: the server cannot use its key or certificate; its log says why.
- A Diffie-Hellman group under 1024 bits: no sender accepts it; use 2048 bits.
- No secure renegotiation: upgrade the TLS library, or what is in front of the MTA; with GnuTLS
  take `%DISABLE_SAFE_RENEGOTIATION` out of `tls_require_ciphers`.
- Bytes that are not TLS: a firewall or proxy answers STARTTLS instead of the server.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import ShownTls, TlsSession
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.own_hello import describe_own_hello, old_version_chosen
from mxcheck.rules.facts.senders import REFUSED_BY_OPENSSL, lacks_secure_renegotiation
from mxcheck.rules.facts.stages import NOT_A_REPLY
from mxcheck.rules.facts.tls import the_handshake
from mxcheck.rules.remedies.handshake import GENERAL, RENEGOTIATION, remedy_of
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.tls_rpt import ResultType


def check(visit: Visit, case: EndpointCase) -> Pass | Fail | NotApplicable:
    """Judge that a TLS session came about."""
    if not isinstance(visit.tls, Unseen):
        return _check_session(visit, visit.tls, case)
    old = old_version_chosen(case)
    if old:
        return Missing(message=f"it speaks nothing but {old.version}")
    seen = "; ".join([visit.tls.detail, *filter(None, map(describe_own_hello, visit.hellos))])
    seen = f"accepts STARTTLS, but the handshake fails: {seen}"
    return _fail(seen, remedy_of(visit.tls), case)


def _check_session(visit: Visit, tls: TlsSession, case: EndpointCase) -> Pass | Fail:
    """Judge that senders get as far, and that a reply follows: an alert of TLS 1.3 may be late."""
    sessions: tuple[TlsSession | ShownTls, ...] = (tls, *visit.shown)
    for one in filter(lacks_secure_renegotiation, sessions):
        where = f" on {one.connection}" if isinstance(one, ShownTls) else ""
        return _fail(f"speaks {one.version}{where} {REFUSED_BY_OPENSSL}", RENEGOTIATION, case)
    inside = visit.ehlo_after_tls
    if isinstance(inside, Unseen) and inside.trouble not in NOT_A_REPLY:
        seen = (
            f"completes the handshake ({tls.version}), but the session ends before the first reply"
        )
        return _fail(f"{seen} inside it: {inside.detail}", GENERAL, case)
    return Pass(message=f"{case.where} speaks {tls.version} with {tls.cipher}")


def _fail(seen: str, remedy: str, case: EndpointCase) -> Fail:
    return Fail(
        message=f"{case.where} {seen}",
        remedy=repair(case, remedy, {}),
        result_type=ResultType.VALIDATION_FAILURE,
    )


RULE = Rule(
    id="tls-handshake-failed",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the TLS handshake does not complete",
    references=("RFC 8446 6", "RFC 3207 4", "RFC 5746 3.4"),
    reads=(Item.VISIT, Item.FAILED_HANDSHAKE),
    after=("starttls-refused", "tls-version-old"),
    find=the_handshake,
    check=check,
)
