"""The domain does not publish MTA-STS.

## Why it matters

Without MTA-STS or DANE a sender uses TLS only if the server offers it, and does not check which
server it is: an attacker in the network between them can read the mail or divert it. With MTA-STS
large senders, Google and Microsoft among them, insist on TLS and on the right certificate.

## Repair

Publish three things, with `mode: testing` first:

- A policy at `https://mta-sts.example.com/.well-known/mta-sts.txt`, on a web server with a
  certificate for that name:

      version: STSv1
      mode: testing
      mx: mx1.example.com
      max_age: 604800

- A TXT record `_mta-sts.example.com` with `v=STSv1; id=20260131120000Z;`.
- A TXT record `_smtp._tls.example.com` with `v=TLSRPTv1; rua=mailto:tls-reports@example.com`.

Change the mode to `enforce` once the reports show no failures, and change the `id` whenever you
change the policy.
"""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.mta_sts import parse_sts_lookup, the_sts_lookup
from mxcheck.rules.remedies.text_record import record_remedy
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.mta_sts import StsRecord
from mxcheck.wire.version_record import Discarded

FIRST = "Publish a policy at https://mta-sts.{}/.well-known/mta-sts.txt, in mode testing first."


def check(lookup: Answer | Absent, case: DomainCase) -> Pass | Fail | NotApplicable:
    """Judge that there is a record that senders see."""
    record, name = parse_sts_lookup(lookup, case), display_domain(case.domain.name)
    if isinstance(record, Malformed):
        message = "there is a record, but it is invalid"
        return Missing(message=message)
    if isinstance(record, StsRecord):
        return Pass(message=f"{name} publishes MTA-STS, with the id {record.id}")
    alias = f" (an alias of {lookup.aliases[-1]})" if lookup.aliases else ""
    found = f"there is no record at _mta-sts.{name}{alias}"
    if isinstance(record, Discarded):
        found = f"senders see no record at _mta-sts.{name}, for {record.reason}"
    publish = record_remedy(f"_mta-sts.{case.domain.name}", "v=STSv1; id=1;", lookup)
    return Fail(
        message=f"{name} does not publish MTA-STS: {found}",
        remedy=f"{FIRST.format(case.domain.name)} {publish}",
    )


RULE: Rule[DomainCase, Answer | Absent] = Rule(
    id="mta-sts-missing",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.OFF,
    title="the domain does not publish MTA-STS",
    references=("RFC 8461 3.1",),
    reads=(Item.NO_HOSTS, Item.STS_RECORD),
    after=("dnssec-bogus", "mx-missing", "mx-null", "mta-sts-record-invalid"),
    absence_of="mta-sts",
    find=the_sts_lookup,
    check=check,
)
