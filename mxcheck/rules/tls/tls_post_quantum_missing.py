"""The post-quantum key exchange X25519MLKEM768 is not chosen when it is offered.

## Why it matters

Whoever records mail today can decrypt it once a large quantum computer exists, unless the keys were
agreed on in a way that withstands one. X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem) does, and is as
strong as X25519 otherwise. In January 2026 about 0.3 % of MX hosts chose it, so the rule is off
until it is selected.

It is asked with the same ClientHello as `tls-large-hello-fails`, which offers that group first and
brings a key for it, as OpenSSL 3.5 does.

## Repair

It takes TLS 1.3 and a TLS library that has the group: OpenSSL 3.5 or later (Debian 13), or a GnuTLS
that was built with ML-KEM.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.tls import ServerHello
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.large_hello import Answered, Lost, the_large_hello
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.software import Software
from mxcheck.wire.tls_parameters import POST_QUANTUM_NAME

NEWEST = "TLSv1.3"
GENERAL = f"Use a TLS library that has {POST_QUANTUM_NAME} (OpenSSL 3.5 or later), with TLS 1.3 on."


def find(case: EndpointCase) -> ServerHello | Unseen | NotApplicable:
    """Return what the server chose when the group was offered."""
    seen = the_large_hello(case)
    if isinstance(seen, Lost):
        return Missing(message="the ClientHello that offers the group is not answered")
    if not isinstance(seen, Answered):
        return seen
    if isinstance(seen.answer, ServerHello):
        return seen.answer
    detail = f"{case.where} answers the offer with the alert {seen.answer.description}"
    return Unseen(trouble=Trouble.HANDSHAKE, detail=detail)


def check(hello: ServerHello, case: EndpointCase) -> Pass | Fail:
    """Judge the group that was chosen."""
    if hello.group == POST_QUANTUM_NAME:
        return Pass(message=f"{case.where} chooses {POST_QUANTUM_NAME}")
    newest = hello.version == NEWEST
    instead = hello.group or "another key exchange" if newest else f"{hello.version} without it"
    return Fail(
        message=f"{case.where} is offered {POST_QUANTUM_NAME} and chooses {instead}",
        remedy=repair(case, GENERAL, RULE.settings),
    )


RULE = Rule(
    id="tls-post-quantum-missing",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.OFF,
    title=f"{POST_QUANTUM_NAME} is not chosen when it is offered",
    references=("RFC 8446 4.2.7",),
    reads=(Item.VISIT, Item.LARGE_HELLO),
    after=("tls-large-hello-fails", "tls-version-old", "tls-handshake-failed"),
    find=find,
    check=check,
    settings={
        Software.POSTFIX: f"from 3.10 on, leave `tls_eecdh_auto_curves` empty, or name"
        f" {POST_QUANTUM_NAME} in it.",
        Software.EXIM: f"name {POST_QUANTUM_NAME} in `tls_eccurve` (OpenSSL) or"
        " `tls_require_ciphers` (GnuTLS).",
        Software.EXCHANGE: f"{POST_QUANTUM_NAME} is not available as of Exchange Server 2019.",
    },
)
