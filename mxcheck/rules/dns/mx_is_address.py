"""The MX record names an IP address instead of a host.

## Why it matters

An MX record holds a host name. Most senders look up `192.0.2.1` as a name, find nothing, and return
the mail; the few that connect all the same hide the fault from whoever tests with them.

## Repair

Give the address a host name (`mx1.example.com. A 192.0.2.1`) and name that host in the MX record.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, Missing, MxCase, NotApplicable, Pass, Rule, Scope
from mxcheck.wire.address import parse_address
from mxcheck.wire.host_name import why_no_host_name


def find(case: MxCase) -> str | NotApplicable:
    """Return the value of the MX record, unless it is neither address nor host name."""
    name = case.host.name
    if parse_address(name) is None and why_no_host_name(name):
        return Missing(message="the MX value is not a host name")
    return name


def check(name: str, case: MxCase) -> Pass | Fail:
    """Judge that the MX value is a name."""
    if parse_address(name) is None:
        return Pass(message=f"{name} is a host name")
    return Fail(
        message=f"the MX of {case.domain.name} is the IP address {name}; it must be a host name",
        remedy=f"Give {name} a host name with an address record, and name that host in the MX.",
    )


RULE = Rule(
    id="mx-is-address",
    family=Family.DNS,
    scope=Scope.MX,
    level=Level.ERROR,
    title="the MX value is an IP address",
    references=("RFC 1035 3.3.9", "RFC 5321 5.1"),
    reads=(Item.MX,),
    after=("mx-name-invalid",),
    find=find,
    check=check,
)
