"""The MTA-STS policy that the record announces cannot be fetched.

## Why it matters

Senders that have no policy yet go on as if there were none: mail can be read and diverted again.
Senders that fetched one before hold to it until its `max_age` has passed, and cannot learn that it
has changed: they refuse an MX host that is new.

## Repair

`curl -v https://mta-sts.example.com/.well-known/mta-sts.txt` shows what senders see. They follow no
redirect, wait a minute, read 64 KiB, and accept nothing but status 200 and `text/plain`.

- The certificate must hold the name `mta-sts.example.com`, lead to a public root, and be renewed:
  it is the one that is forgotten. Nginx: `certbot --nginx -d mta-sts.example.com`.
- Nginx: a `server` with `server_name mta-sts.example.com`, `listen 443 ssl` and
  `location = /.well-known/mta-sts.txt { default_type text/plain; root /srv/mta-sts; }`.
- Apache: `AddType text/plain .txt`, and no `Redirect` or `RewriteRule` to another name.
- At a provider: let `mta-sts.example.com` be a CNAME to the name that it gives, and see in its
  console that it has a certificate for yours.
"""

from mxcheck.evidence.mta_sts import MtaSts, PolicyResponse
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.mta_sts import the_fetch
from mxcheck.rules.facts.policy_fetch import fetch_fault, fetch_remedy, fetch_result_type
from mxcheck.wire.domain_name import display_domain


def check(fetch: MtaSts, case: DomainCase) -> Pass | Fail:
    """Judge that the policy comes, with status 200 and as text/plain."""
    name, seen = case.domain.name, fetch.policy
    fault = fetch_fault(seen)
    if isinstance(seen, PolicyResponse) and not fault:
        return Pass(message=f"{seen.url} comes from {seen.address}, as text/plain")
    return Fail(
        message=f"senders cannot fetch the MTA-STS policy of {display_domain(name)}: {fault}",
        remedy=fetch_remedy(seen, name),
        result_type=fetch_result_type(seen),
    )


RULE: Rule[DomainCase, MtaSts] = Rule(
    id="mta-sts-policy-unfetchable",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the MTA-STS policy cannot be fetched",
    references=("RFC 8461 3.3", "RFC 8461 3.2"),
    needs=the_fetch,
    check=check,
)
