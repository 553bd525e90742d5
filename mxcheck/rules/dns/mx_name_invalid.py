"""The MX record names something that is not a host name.

## Why it matters

A host name consists of letters, digits and hyphens between dots. DNS can carry more, such as a
space, a colon or the bytes of an umlaut, but senders (Postfix, Exim and others) discard an MX
record with such a value: they never deliver to that host, even if the name has an address.

An underscore alone is at most a warning: many senders deliver to such a host, but no public
authority issues a certificate for it, and an MTA-STS policy cannot list it.

## Repair

Correct the value of the MX record at the DNS provider:

- The host name alone, without port, brackets, quotes or spaces, in a record for each host
  (`example.com. MX 10 mx1.example.com.`); the port is always 25.
- Of a name with letters outside ASCII the A-label, which begins with `xn--`.
- A host with an underscore: give it another name, and let the MX record name that one.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, Missing, MxCase, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.stages import is_implicit
from mxcheck.wire.address import parse_address
from mxcheck.wire.host_name import corrected, has_underscore, why_no_host_name


def find(case: MxCase) -> str | NotApplicable:
    """Return the name in the MX record."""
    if is_implicit(case):
        return NotApplicable(message="there is no MX record")
    if parse_address(case.host.name):
        return Missing(message="the MX value is an address")
    return case.host.name


def check(name: str, case: MxCase) -> Pass | Fail:
    """Judge that senders take the name for that of a host."""
    domain, preference = case.domain.name, case.host.preference
    reason = why_no_host_name(name)
    if reason:
        meant = corrected(name) or f"mx1.{domain}"
        return Fail(
            message=f"the MX {preference} {name} of {domain} is not a host name: {reason}; senders"
            " discard the record",
            remedy=f"Publish the name of a host, such as `{domain}. MX {preference} {meant}.`",
        )
    if has_underscore(name):
        return Fail(
            message=f"the MX host {name} has an underscore in its name: some senders discard such a"
            " record, and public authorities do not issue certificates for such a name",
            remedy="Give the host a name without underscore, and name that one in the MX record.",
            at_most=Level.WARNING,
        )
    return Pass(message=f"{name} is a host name")


RULE = Rule(
    id="mx-name-invalid",
    family=Family.DNS,
    scope=Scope.MX,
    level=Level.ERROR,
    title="the MX value is not a host name",
    references=("RFC 5321 2.3.5", "RFC 1123 2.1"),
    reads=(Item.MX,),
    after=("mx-is-address",),
    find=find,
    check=check,
)
