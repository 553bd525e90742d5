"""A ClientHello that is longer than one TCP segment is not answered.

## Why it matters

Senders with a post-quantum key share, such as those with OpenSSL 3.5, send a ClientHello of about
1,700 bytes, which takes two TCP segments. A firewall, proxy or TLS library that reads only the
first one drops the connection or waits forever, and mail from such senders does not arrive over
TLS, though every shorter ClientHello is answered.

It is asked on a connection of its own, and once more if nothing comes or the connection ends; a
short ClientHello before and after shows that the server itself answers. Any TLS record counts as an
answer, an alert too. If no server of the run answers, the network of this check may be the cause.

## Repair

- Look at what is in front of the MTA first: update firewalls and load balancers that inspect
  TLS (their vendors call it post-quantum or Kyber support), or turn that inspection off on port 25.
- Postfix, Exim, Exchange: update the TLS library or the operating system; none of their settings
  limits the size of a ClientHello.
- `openssl s_client -starttls smtp -connect mx1.example.com:25 -groups X25519MLKEM768` with OpenSSL
  3.5 shows the failure, `-groups X25519` the success.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.large_hello import (
    Answered,
    Lost,
    is_answered_anywhere,
    the_large_hello,
)
from mxcheck.rules.remedies.repair import repair

GENERAL = (
    "Update the firewall, proxy or load balancer in front of the MTA, or turn its inspection of TLS"
    " off on port 25; then the TLS library of the MTA."
)
ELSEWHERE = (
    "Run the check from another network, or together with a domain whose MX hosts are known to"
    " answer; if these do not either, update the firewall here."
)


def check(seen: Answered | Lost, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge the answer to a long ClientHello, or that there was none."""
    if isinstance(seen, Answered):
        return Pass(message=f"{case.where} answers a ClientHello longer than one TCP segment")
    lost = " and ".join(seen.details)
    fault = f"{case.where} does not answer a ClientHello longer than one TCP segment ({lost})"
    if not is_answered_anywhere(case.run.visits):
        message = f"{fault}; no server of this run does, so it may be this network"
        return Unknown(message=message, remedy=ELSEWHERE)
    return Fail(
        message=f"{fault}, but a short one before and after: senders with a post-quantum key share"
        " cannot deliver over TLS",
        remedy=repair(case, GENERAL, {}),
    )


RULE: Rule[EndpointCase, Answered | Lost] = Rule(
    id="tls-large-hello-fails",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="a long ClientHello is not answered",
    references=("RFC 8446 4.1.2",),
    reads=(Item.VISIT, Item.LARGE_HELLO),
    after=("tls-version-old", "tls-handshake-failed"),
    find=the_large_hello,
    check=check,
)
