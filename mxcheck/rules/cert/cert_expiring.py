"""The certificate, or one that senders need above it, expires soon.

## Why it matters

A certificate that nobody renews in time stops the mail of senders that authenticate the server. If
renewal works, far more days are left than this.

A number of days (`min_cert_days`) or a share of the lifetime (`min_cert_lifetime = "25%"`) that you
set is used as it is; of both, the stricter one. The default is 14 days, but never more than a
quarter of the certificate's whole lifetime: clients renew when a third is left.

The authorities above the certificate must be valid as long: the rule fails too if an intermediate
expires sooner and senders find no other path, in their store, past it.

Under a TLSA record of usage 3 this is a warning at most: senders that use DANE ignore dates.

## Repair

- Find out why the renewal did not run: `certbot renew --dry-run`, `systemctl list-timers`.
- Check that the MTA loaded the renewed file: compare `openssl x509 -enddate -noout -in FILE` with
  what `openssl s_client -starttls smtp -connect mx1.example.com:25` shows, then reload the MTA.
- An intermediate that expires: serve the chain of the renewed certificate (certbot: fullchain.pem).
"""

from datetime import timedelta

from mxcheck.evidence.items import OF_CHAINS, OF_DANE, OF_MTA_STS, Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    Answer,
    EndpointCase,
    Fail,
    Family,
    Missing,
    Pass,
    Rule,
    Scope,
    Unknown,
)
from mxcheck.rules.facts.lifetime import days_left, wanted_days
from mxcheck.rules.facts.path_end import first_to_end
from mxcheck.rules.facts.sent_chain import Chains, PresentedChain, chains_of, each_chain
from mxcheck.rules.facts.under_dane import milder_under_dane
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair

REMEDY = (
    "Renew the certificate (for example with certbot), serve the chain that comes with it, reload"
    " the MTA, and find out why the renewal did not run by itself."
)


def check(chain: PresentedChain, case: EndpointCase) -> Answer | Unknown:
    """Judge the whole days that are left, of the certificate and of the path above it."""
    now, ends = case.run.observed_at, chain.not_after
    if isinstance(ends, Unseen):
        return Unknown(message=ends.detail)
    if ends < now:
        return Missing(message="the certificate has expired")
    wanted = wanted_days(case.policy, chain.not_before, ends)
    ending = first_to_end(chain, case, ends, now + timedelta(days=wanted.days))
    if ending is None:
        return Pass(message=f"the certificate is valid for {days_left(now, ends)}")
    return Fail(message=ending.message(now, wanted), remedy=repair(case, REMEDY, RULE.settings))


RULE: Rule[EndpointCase, Chains] = Rule(
    id="cert-expiring",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the certificate expires soon",
    references=("policy min_cert_days",),
    reads=(*OF_CHAINS, *OF_DANE, Item.BASE_CHAINS),
    also_on_failure=OF_MTA_STS,
    after=("tls-version-old", "tls-handshake-failed", "cert-expired"),
    find=chains_of,
    check=each_chain(milder_under_dane(check)),
    settings=CERTIFICATE,
)
