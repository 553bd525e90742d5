"""The cipher suite, the key exchange or its signature is weak.

## Why it matters

Without forward secrecy, whoever gets hold of the server's key later reads all mail recorded until
then. Without authenticated encryption (AEAD) the suite rests on CBC or RC4, which were attacked
again and again. The server chose it although better ones were offered.

A Diffie-Hellman group under 2048 bits can be computed by those who can afford it, and collisions of
SHA-1 let an attacker forge the signature of a key exchange. OpenSSL at its default security level 2
refuses both; Postfix lowers that level, and accepts groups from 1024 bits on.

Senders with GnuTLS do not offer Camellia, ARIA, CCM8 or CBC with SHA-384; Postfix before 3.8 offers
no finite-field group in TLS 1.3. A server with nothing else loses their mail.

The suite is judged by its name: ECDHE or DHE for forward secrecy; GCM, CCM or ChaCha20-Poly1305 for
AEAD. The signature is what the server sent in clear, which it does up to TLS 1.2.

## Repair

- Leave the cipher list and the Diffie-Hellman group at the MTA's defaults.
- SHA-1 signatures: upgrade a TLS library older than 2012, or take `SignatureAlgorithms` out of
  openssl.cnf.
"""

import re
from collections.abc import Iterator

from mxcheck.evidence.items import Item
from mxcheck.evidence.tls import TlsSession
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.senders import lacking_suite, weak_key_exchange
from mxcheck.rules.facts.tls import the_modern_session
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.software import Software

# Names as OpenSSL writes them; "TLS_…" are the suites of TLS 1.3, which have both.
FORWARD_SECRET = re.compile(r"TLS_|(?:ECDHE|DHE|EDH)-")
AUTHENTICATED = re.compile(r"^TLS_|-GCM-|-CCM8?\b|-CHACHA20-POLY1305\b")
GENERAL = (
    "Leave the cipher list and the Diffie-Hellman group at the MTA's defaults, so that ECDHE suites"
    " with GCM or ChaCha20-Poly1305 come first."
)


def check(session: TlsSession, case: EndpointCase) -> Pass | Fail:
    """Judge the suite by its name, and the key exchange (RFC 9325 4.1, 4.2, 4.5; RFC 9155 4)."""
    faults = [*_of_suite(session.cipher), *weak_key_exchange(session.hello)]
    if not faults:
        return Pass(message=f"{case.where} chooses {session.cipher}")
    return Fail(
        message=f"{case.where} chooses {session.cipher}, {' and '.join(faults)}",
        remedy=repair(case, GENERAL, RULE.settings),
    )


def _of_suite(cipher: str) -> Iterator[str]:
    lacks = []
    if not FORWARD_SECRET.match(cipher):
        lacks.append("no forward secrecy")
    if not AUTHENTICATED.search(cipher):
        lacks.append("no authenticated encryption (AEAD)")
    if lacks:
        yield f"which has {' and '.join(lacks)}"
    yield from lacking_suite(cipher)


RULE = Rule(
    id="tls-cipher-weak",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="the cipher suite, the key exchange or its signature is weak",
    references=("RFC 9325 4.1", "RFC 9325 4.2", "RFC 9325 4.5", "RFC 9155 4"),
    reads=(Item.VISIT,),
    after=("tls-version-old", "tls-handshake-failed"),
    find=the_modern_session,
    check=check,
    settings={
        Software.POSTFIX: "leave `smtpd_tls_ciphers`, `smtpd_tls_exclude_ciphers`,"
        " `tls_medium_cipherlist` and (from 3.1 on) `smtpd_tls_dh1024_param_file` unset, and set"
        " `tls_preempt_cipherlist = yes`.",
        Software.EXIM: "leave `tls_require_ciphers` and `tls_dhparam` unset.",
        Software.OPENSMTPD: "take `smtp ciphers` out of smtpd.conf.",
        Software.EXCHANGE: "put the ECDHE suites with GCM first (`Enable-TlsCipherSuite`, or the"
        ' group policy "SSL Cipher Suite Order").',
    },
)
