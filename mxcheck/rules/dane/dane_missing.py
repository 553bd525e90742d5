"""The MX host has no TLSA record.

## Why it matters

Without a TLSA record (or MTA-STS) senders encrypt mail to whoever answers, and send it in clear
where TLS seems not to be there: an attacker on the way can read and change it. A TLSA record in a
signed zone makes TLS a promise, which senders that use DANE hold the server to, without any
certificate authority.

Off unless asked for: `require = ["dane"]` makes it an error.

## Repair

- Have the zone of the MX host signed (`dnssec-missing`).
- Publish the digest of the server's key, for example from `openssl x509 -in cert.pem -noout -pubkey
  | openssl pkey -pubin -outform DER | sha256sum`:
  `_25._tcp.mx1.example.com. IN TLSA 3 1 1 <digest>`, once for each MX host.
- Keep the key when the certificate is renewed (certbot: `--reuse-key`), or publish the record of
  the next key beside it two TTLs before it is used. This is the same for Postfix, Exim, OpenSMTPD
  and Exchange.
- Exchange Online: `Enable-SmtpDaneInbound -DomainName example.com`, after its move to an MX host
  below mx.microsoft.
"""

from mxcheck.evidence.items import OF_DANE, Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, MxCase, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.dane import (
    FailedTlsa,
    InsecureTlsa,
    NoTlsa,
    SecureTlsa,
    lookup_failed,
    no_records,
    not_secure,
    the_tlsa,
)
from mxcheck.rules.remedies.dane import to_publish


def find(case: MxCase) -> SecureTlsa | NoTlsa | Unseen | Unknown | NotApplicable:
    """Return the TLSA records, or that there are none."""
    state = the_tlsa(case)
    if isinstance(state, InsecureTlsa):
        return not_secure()
    return lookup_failed() if isinstance(state, FailedTlsa) else state


def check(state: SecureTlsa | NoTlsa, case: MxCase) -> Pass | Fail:
    """Judge that there is a record."""
    if isinstance(state, SecureTlsa):
        return Pass(message=f"{case.host.name} has TLSA records at {state.tlsa.name}")
    return Fail(
        message=f"{case.host.name} has no TLSA record",
        remedy=f"Have its zone signed, and publish {to_publish(case, no_records(case))}.",
    )


RULE: Rule[MxCase, SecureTlsa | NoTlsa] = Rule(
    id="dane-missing",
    family=Family.DANE,
    scope=Scope.MX,
    level=Level.OFF,
    title="the MX host has no TLSA record",
    references=("RFC 7672 2.2.3", "RFC 7672 3.1.1"),
    reads=OF_DANE,
    also_on_failure=(Item.GIVEN_CHAIN,),
    if_gathered=(Item.VISIT,),
    after=("dane-lookup-failed", "dane-insecure"),
    absence_of="dane",
    find=find,
    check=check,
)
