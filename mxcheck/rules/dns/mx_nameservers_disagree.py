"""The name servers of the zone give different answers about mail, or one does not serve the zone.

## Why it matters

A sender's resolver asks any of them. If one has old data, a part of the mail goes to old MX hosts,
or senders see an old MTA-STS record or TLSA records that no longer match, and it comes and goes.
Each name server is asked itself for MX, `_mta-sts`, and the TLSA records of MX hosts in the zone;
if they differ, once more some seconds later: a change on its way is not a fault. A name server that
is silent makes the result unknown, as the way to it may be shut here. The rule is off unless it is
asked for, since it contacts servers that others do not.

## Repair

Compare `dig +norecurse @SERVER example.com SOA` at each name server that the message names: the
serial tells which is behind.

- Raise the serial after every change, and let the primary notify the others (RFC 1996) and allow
  them the transfer. BIND: `also-notify`, `allow-transfer`. NSD: `notify`, `provide-xfr`.
- A name server that no longer serves the zone: take it out of the NS records and the delegation.
- Two DNS providers: both have to get every change.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.name_servers import NameServers
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.name_servers import faults_of, why_unknown
from mxcheck.wire.domain_name import display_domain


def find(case: DomainCase) -> NameServers | Unknown | NotApplicable | Unseen:
    """Return the answers of the name servers, if they show whether these agree."""
    seen, name = case.domain.name_servers, display_domain(case.domain.name)
    if isinstance(seen, Unseen):
        return seen
    if not seen.zone:
        message = f"{name} is in no zone of its own, nor in one below a top-level domain"
        return NotApplicable(message=message)
    return why_unknown(seen, name) or seen


def check(seen: NameServers, case: DomainCase) -> Pass | Fail:
    """Judge that every name server serves the zone, with the same records."""
    name = display_domain(case.domain.name)
    if faults := faults_of(seen):
        return Fail(
            message=f"the name servers of {name} disagree, twice within seconds: "
            + "; ".join(faults),
            remedy="Let each of them load the current zone (compare the serials of its SOA"
            " records), or take it out of the NS records and the delegation.",
        )
    servers = dict.fromkeys(one.server for one in seen.first)
    return Pass(message=f"these name servers of {name} say the same: {', '.join(servers)}")


RULE: Rule[DomainCase, NameServers] = Rule(
    id="mx-nameservers-disagree",
    family=Family.DNS,
    scope=Scope.DOMAIN,
    level=Level.OFF,
    title="the name servers of the zone disagree about mail",
    references=("RFC 1034 4.2.2", "RFC 1996 1"),
    reads=(Item.NAME_SERVERS,),
    find=find,
    check=check,
)
