"""There are TLSA records, but DNSSEC does not protect them, and senders ignore them.

## Why it matters

A TLSA record counts only where the addresses of the MX host, and the record itself, are
DNSSEC-secure: else whoever forges DNS answers forges it too. Records in a zone that is not signed
protect nobody, though they look as if they did. Under `require = ["dane"]` this is as bad as having
none, and an error.

An MX record that is not secure does not matter here: senders still hold the host that it names to
its TLSA records (RFC 7672 2.2.1), though the name itself could be forged (`dnssec-missing`).

Whether an answer is secure is told by a resolver that validates. Without one that can be trusted
(over HTTPS or TLS, `options trust-ad` in resolv.conf, `--trust-ad`) this is unknown.

## Repair

Whatever the mail server is, the repair is in DNS:

- Have the zone of the MX host signed, and its DS record published in the zone above it.
- Where the TLSA record is an alias (CNAME), let it lead into a signed zone.
- Where the MX host is an alias, name in the MX record the host to which it leads.
- Or remove the TLSA records, if the zone is not to be signed.
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
    is_mx_secure,
    lookup_failed,
    no_tlsa,
    the_tlsa,
)
from mxcheck.rules.facts.stages import is_implicit


def find(case: MxCase) -> SecureTlsa | InsecureTlsa | Unseen | Unknown | NotApplicable:
    """Return the TLSA records, where there are any."""
    state = the_tlsa(case)
    if isinstance(state, NoTlsa):
        return no_tlsa(case)
    return lookup_failed() if isinstance(state, FailedTlsa) else state


def check(state: SecureTlsa | InsecureTlsa, case: MxCase) -> Pass | Fail:
    """Judge that senders use the records."""
    tlsa = state.tlsa
    if isinstance(state, SecureTlsa):
        note = "" if is_mx_secure(case) or is_implicit(case) else MX_INSECURE
        return Pass(message=f"the TLSA records at {tlsa.name} are DNSSEC-secure{note}")
    if state.address_secure:
        alias = f" (an alias of {tlsa.owner})" if tlsa.owner != tlsa.name else ""
        return Fail(
            message=f"the TLSA records at {tlsa.name}{alias} are not DNSSEC-secure, though the"
            f" addresses of {case.host.name} are: senders ignore them",
            remedy=f"Publish the records at {tlsa.name} itself, or have their zone signed.",
        )
    host = case.host.name
    zones = " and ".join(dict.fromkeys((f"the zone of {host}", f"the zone of {tlsa.base}")))
    return Fail(
        message=f"there are TLSA records at {tlsa.name}, but the addresses of {host} are not"
        " DNSSEC-secure: senders ignore the records",
        remedy=f"Have {zones} signed, with DS records in the zones above, or remove the TLSA"
        " records.",
    )


MX_INSECURE = "; the MX answer is not, which does not stop senders from using them"

RULE: Rule[MxCase, SecureTlsa | InsecureTlsa] = Rule(
    id="dane-insecure",
    family=Family.DANE,
    scope=Scope.MX,
    level=Level.WARNING,
    title="the TLSA records are not protected by DNSSEC",
    references=("RFC 7672 2.1.1", "RFC 7672 2.2.1", "RFC 7672 2.2.2"),
    reads=OF_DANE,
    after=("dane-lookup-failed", "dane-missing"),
    no_effect_of="dane",
    find=find,
    check=check,
)
