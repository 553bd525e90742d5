"""An MX host has an address that senders on the Internet cannot reach.

## Why it matters

Private, loopback, link-local, multicast and otherwise reserved addresses lead nowhere, or to the
sender's own network. Senders that try them wait, or deliver to themselves. The usual cause is an
internal view of the zone that was published outside.

mxcheck never connects to such an address, since a zone under an attacker's control could otherwise
point it at your own network. On an internal network allow it with `--allow-private`; an address
that you name yourself with `--connect-to` needs no such leave.

## Repair

Publish the public address of the host. Where internal and external clients need different answers,
keep the internal ones in a separate view (split horizon) that is not served outside.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.overrides import is_led_elsewhere
from mxcheck.wire.address import parse_address, reserved_kind


def the_address(case: EndpointCase) -> str | NotApplicable:
    """Return the address that the MX host resolves to."""
    address = case.visit.address
    if is_led_elsewhere(case):
        message = f"{address} is where --connect-to leads; no zone need ever hold it"
        return NotApplicable(message=message)
    return address


def check(address: str, case: EndpointCase) -> Pass | Fail:
    """Judge that senders on the Internet can reach the address at all."""
    parsed = parse_address(address)
    kind = reserved_kind(parsed) if parsed else "malformed"
    if kind is None:
        return Pass(message=f"{address} is a public address")
    if case.policy.allow_private:
        return Pass(message=f"{address} is a {kind} address, which allow_private takes for public")
    return Fail(
        message=f"{case.host.name} has the {kind} address {address}: senders cannot reach it",
        remedy="Publish the host's public address; on an internal network use --allow-private.",
    )


RULE: Rule[EndpointCase, str] = Rule(
    id="mx-not-public",
    family=Family.DNS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the MX host has an address that is not public",
    references=("RFC 6890 2.2",),
    reads=(Item.ADDRESSES,),
    find=the_address,
    check=check,
)
