"""The certificate of the MTA-STS policy host, or one above it, expires soon.

## Why it matters

Once it expires, senders no longer fetch the policy: new ones deliver as if there were none, those
that have it cannot learn that it changes. It is often another machine than the mail server, and its
certificate the one that nobody watches.

The bound is that of `cert-expiring`: `min_cert_days`, `min_cert_lifetime`, or by default 14 days,
but never more than a quarter of the certificate's whole lifetime. Each address of the policy host
counts. A certificate that has expired fails `mta-sts-policy-unfetchable`.

## Repair

- Find out why the renewal did not run: `certbot renew --dry-run`, `systemctl list-timers`.
- Check that the web server loaded the renewed file: `openssl s_client -connect ADDRESS:443
  -servername mta-sts.example.com`, then reload it (`systemctl reload nginx`).
- At a provider: look in its console whether your CNAME still leads to it; without that it cannot
  renew the certificate.
"""

from dataclasses import replace
from datetime import timedelta

from mxcheck.evidence.items import OF_MTA_STS
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.lifetime import days_left, wanted_days
from mxcheck.rules.facts.path_end import first_to_end_in_store
from mxcheck.rules.facts.policy_chains import PolicyChain, the_policy_chains
from mxcheck.wire.mta_sts import policy_host

REMEDY = (
    "Renew the certificate of {} (for example with certbot), serve the chain that comes with it,"
    " reload the web server, and find out why the renewal did not run by itself."
)


def check(chains: tuple[PolicyChain, ...], case: DomainCase) -> Pass | Fail | Unknown:
    """Judge the whole days that are left, of each certificate and of the path above it."""
    answers = [_judge(one, case) for one in chains]
    failures = [answer for answer in answers if isinstance(answer, Fail)]
    if failures:
        return replace(failures[0], message="; ".join(one.message for one in failures))
    return next((answer for answer in answers if isinstance(answer, Unknown)), answers[0])


def _judge(one: PolicyChain, case: DomainCase) -> Pass | Fail | Unknown:
    now, ends = case.run.observed_at, one.chain.not_after
    if isinstance(ends, Unseen):
        return Unknown(message=f"{one.where}: {ends.detail}")
    what = f"the certificate of {one.where}"
    wanted = wanted_days(case.policy, one.chain.not_before, ends)
    by = now + timedelta(days=wanted.days)
    ending = first_to_end_in_store(one.chain, case, ends, by, what)
    if ending:
        remedy = REMEDY.format(policy_host(case.domain.name))
        return Fail(message=ending.message(now, wanted), remedy=remedy)
    return Pass(message=f"{what} is valid for {days_left(now, ends)}")


RULE: Rule[DomainCase, tuple[PolicyChain, ...]] = Rule(
    id="mta-sts-cert-expiring",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the certificate of the MTA-STS policy host expires soon",
    references=("RFC 8461 3.3", "policy min_cert_days"),
    reads=OF_MTA_STS,
    after=("mta-sts-policy-unfetchable",),
    find=the_policy_chains,
    check=check,
)
