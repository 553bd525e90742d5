"""Versions of TLS below the minimum are accepted too.

## Why it matters

TLS 1.0 and 1.1 are obsolete (RFC 8996), SSL 3.0 is broken. As long as the server accepts them, old
or careless senders use them, and scanners and auditors complain. The best version that the server
speaks is checked by `tls-version-old`.

It is asked on a connection of its own, with a ClientHello that offers nothing newer; no handshake
is completed. That does not depend on what the TLS library of this machine can speak.

## Repair

Turn the old versions off. Senders that speak nothing newer then deliver in clear, if at all: look
at the log first.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.tls import OwnHello, ServerHello
from mxcheck.model.policy import Level, Policy
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.tls import the_legacy_hello
from mxcheck.rules.remedies.old_versions import without_old_versions
from mxcheck.rules.remedies.repair import repair


def check(hello: OwnHello, case: EndpointCase) -> Pass | Fail:
    """Judge the answer to a ClientHello that offers nothing but old versions."""
    wanted = case.policy.min_tls
    if not isinstance(hello.answer, ServerHello):
        hung_up = isinstance(hello.answer, Unseen)
        how = "it hangs up" if hung_up else f"alert {getattr(hello.answer, 'description', '')}"
        return Pass(message=f"{case.where} refuses {hello.offered} and older ({how})")
    chosen = hello.answer
    return Fail(
        message=f"{case.where} also accepts {chosen.version} ({chosen.cipher}); TLS {wanted} is"
        " the minimum",
        remedy=repair(
            case, f"Turn off every version below TLS {wanted}.", without_old_versions(wanted)
        ),
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
    settings=without_old_versions(Policy().min_tls),
)
