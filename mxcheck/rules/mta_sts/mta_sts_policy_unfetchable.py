"""The MTA-STS policy that the record announces cannot be fetched.

## Why it matters

Senders that have no policy yet go on as if there were none: mail can be read and diverted again.
Senders that fetched one before obey it until its `max_age` has passed, and cannot learn that it
has changed: they refuse an MX host that is new.

Each address of the policy host is asked. Senders take the first that accepts a connection, and no
other one if what they find there is wrong. They skip an address that accepts no connection.

## Repair

`curl -v https://mta-sts.example.com/.well-known/mta-sts.txt` shows what senders see, `curl -4` and
`curl -6` at one address family. They follow no redirect, wait a minute at most, read 64 KiB, and
accept nothing but status 200 and `text/plain`.

- The certificate must contain the name `mta-sts.example.com`, lead to a public root, and be
  renewed. Nginx: `certbot --nginx -d mta-sts.example.com`.
- Nginx: a `server` with `server_name mta-sts.example.com`, `listen 443 ssl`, `listen [::]:443 ssl`
  and `location = /.well-known/mta-sts.txt { default_type text/plain; root /srv/mta-sts; }`.
- Apache: `AddType text/plain .txt`, and no `Redirect` or `RewriteRule` to another name.
- At a provider: let `mta-sts.example.com` be a CNAME to the name that it gives, and see that it has
  a certificate for yours. When you leave, remove the CNAME: whoever claims its target can serve a
  policy for your domain.
"""

from mxcheck.evidence.items import OF_MTA_STS
from mxcheck.evidence.mta_sts import PolicyFetch
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.mta_sts import the_fetch
from mxcheck.rules.facts.policy_fetch import AddressState, SeenFetch, seen_fetch
from mxcheck.rules.facts.policy_unknown import why_fetch_unknown
from mxcheck.rules.remedies.policy_host import Repair
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.mta_sts import policy_url
from mxcheck.wire.tls_rpt import ResultType


def find(case: DomainCase) -> SeenFetch | Unknown | NotApplicable:
    """Find what senders do with each address of the policy host."""
    fetch = the_fetch(case)
    if not isinstance(fetch, PolicyFetch):
        return fetch
    seen = seen_fetch(fetch, case)
    return why_fetch_unknown(seen) or seen


def check(seen: SeenFetch, case: DomainCase) -> Pass | Fail:
    """Judge that senders get the policy at each address that accepts a connection."""
    read = ", ".join(one.address for one in seen.of(AddressState.READ))
    if not seen.fault:
        return Pass(message=f"{policy_url(case.domain.name)} comes from {read}{seen.note}")
    who, note = ("some senders", f"; {read} serves it") if read else ("senders", "")
    by_certificate = Repair.CERTIFICATE in seen.repairs
    return Fail(
        message=(
            f"{who} cannot fetch the MTA-STS policy of {display_domain(case.domain.name)}:"
            f" {seen.fault}{note}"
        ),
        remedy=" ".join(repair.text(seen.host) for repair in seen.repairs),
        result_type=(
            ResultType.STS_WEBPKI_INVALID if by_certificate else ResultType.STS_POLICY_FETCH_ERROR
        ),
    )


RULE: Rule[DomainCase, SeenFetch] = Rule(
    id="mta-sts-policy-unfetchable",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the MTA-STS policy cannot be fetched",
    references=("RFC 8461 3.3", "RFC 8461 3.2"),
    reads=OF_MTA_STS,
    after=("mta-sts-missing", "mta-sts-record-invalid"),
    find=find,
    check=check,
)
