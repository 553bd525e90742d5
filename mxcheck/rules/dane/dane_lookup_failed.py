"""The lookup of the TLSA records fails, and senders that use DANE keep the mail back.

## Why it matters

Where the addresses of an MX host are DNSSEC-secure, senders that use DANE must know whether it has
TLSA records. An answer that fails (SERVFAIL, no answer in time, a signature that does not hold) may
be an attack, so they do not deliver to that host: mail waits in their queues and comes back after
days, while other senders deliver as ever. This is so even where no TLSA record was ever published.

Below a zone that is not signed nobody asks, and trouble there is ignored: the name servers of large
providers fail at TLSA.

## Repair

See for yourself, for example with `delv _25._tcp.mx1.example.com TLSA` or https://dnsviz.net:

- A name server that answers SERVFAIL, NOTIMP or nothing to a type that it does not know: update it,
  or the load balancer or firewall before it.
- A denial (NSEC, NSEC3) that does not hold, the usual fault where no TLSA record exists: sign the
  zone again (BIND: `rndc sign`, Knot DNS: `knotc zone-sign`, PowerDNS: `pdnsutil rectify-zone`).
- Signatures that expired, or a DS record of a key that is gone: see `dnssec-bogus`.
- A CNAME at the TLSA name that leads nowhere: correct or remove it.
"""

from mxcheck.evidence.items import OF_DANE
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, MxCase, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.dane import (
    FailedTlsa,
    InsecureTlsa,
    NoTlsa,
    SecureTlsa,
    no_tlsa,
    not_secure,
    the_tlsa,
)
from mxcheck.wire.tls_rpt import ResultType


def find(case: MxCase) -> SecureTlsa | FailedTlsa | Unseen | Unknown | NotApplicable:
    """Return what came of the lookup, where senders make it."""
    state = the_tlsa(case)
    if isinstance(state, NoTlsa):
        return no_tlsa(case)
    return not_secure() if isinstance(state, InsecureTlsa) else state


def check(state: SecureTlsa | FailedTlsa, case: MxCase) -> Pass | Fail:
    """Judge that the lookup was answered."""
    if isinstance(state, SecureTlsa):
        return Pass(message=f"the TLSA lookup for {state.tlsa.name} was answered")
    return Fail(
        message=f"the lookup of the TLSA records of {case.host.name} at {state.name} failed:"
        f" {state.detail}; the host is DNSSEC-secure, so senders that use DANE do not deliver",
        remedy="See that the name servers of the zone answer TLSA questions, with signatures that"
        " hold, also where there is no record.",
        result_type=ResultType.DNSSEC_INVALID,
    )


RULE: Rule[MxCase, SecureTlsa | FailedTlsa] = Rule(
    id="dane-lookup-failed",
    family=Family.DANE,
    scope=Scope.MX,
    level=Level.ERROR,
    title="the lookup of the TLSA records fails",
    references=("RFC 7672 2.1.2", "RFC 7672 2.2.2"),
    reads=OF_DANE,
    after=("mx-unresolvable", "dane-insecure", "dane-missing"),
    find=find,
    check=check,
)
